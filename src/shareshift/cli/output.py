"""Where results go: looked at before a run, written whole, and one folder for one run."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import tomli_w
import typer

from shareshift.basics.errors import ShareshiftError
from shareshift.basics.files import write_whole
from shareshift.export import write_csv
from shareshift.scenario.scenario import Scenario

# Says in a folder which run its files are of, and which files those are.
RECORD = "run.toml"
STANDARD_OUTPUT = Path("-")
ASIDE = {"finished", "files"}


def say(what: str) -> None:
    """Tell on standard error what is being done."""
    typer.echo(f"… {what}", err=True)


def write_file(path: Path, data: bytes) -> None:
    """Write one result file, whole or not at all, and name it on standard output."""
    write_whole(path, data)
    typer.echo(str(path))


def check_folder(folder: Path) -> None:
    """Raise `ShareshiftError` where no results can be written into a folder."""
    if folder == STANDARD_OUTPUT:
        raise ShareshiftError("--out - takes one table: use `shareshift project` with one --table, or name a folder.")
    if folder.exists() and not folder.is_dir():
        raise ShareshiftError(f"{folder}: is a file. Name a folder for the results with --out.")
    _check_rights(folder, folder)


def check_file(file: Path, force: bool) -> None:
    """Raise `ShareshiftError` where a result file cannot be written, or stands already and is not to be replaced."""
    if file.is_dir():
        raise ShareshiftError(f"{file}: is a folder. Name a file for the results with --out.")
    if file.is_file() and not force:
        raise ShareshiftError(f"{file}: it is there already. Name another file, or give --force to replace it.")
    _check_rights(file, file.parent)


@dataclass(frozen=True, kw_only=True)
class ResultsFolder:
    """A folder for the results of one run, which `run` describes; files of another run go when `force` says so."""

    folder: Path
    run: Mapping[str, Any]
    force: bool

    def __post_init__(self) -> None:
        """Raise `ShareshiftError` where the folder holds the results of another run."""
        there = self._record()
        if self.force or self._is_same(there) or not (there or any(self.folder.glob("*.csv"))):
            return
        of = f" ({there['command']} of {', '.join(there.get('scenarios', []))})" if there.get("scenarios") else ""
        raise ShareshiftError(
            f"{self.folder}: it holds the results of another run{of}. Name another folder, or give --force to replace "
            "them. Nothing was written."
        )

    def write(self, tables: Mapping[str, pl.DataFrame], **scenarios: Scenario) -> None:
        """Write each table as CSV and each scenario as TOML under its name, and what run they are of."""
        files = {f"{name}.csv": write_csv(frame) for name, frame in tables.items()}
        files |= {f"{name}.toml": scenario.to_toml().encode() for name, scenario in scenarios.items()}
        self.folder.mkdir(parents=True, exist_ok=True)
        there = self._record()
        old = {name for name in there.get("files", ()) if name == Path(name).name} - {RECORD}
        if there and not self._is_same(there):
            # Until all is written the folder is nobody's: neither of the old run nor of the new one.
            write_whole(self.folder / RECORD, self._text({*old, *files}, finished=False))
        for name, data in files.items():
            write_file(self.folder / name, data)
        if not self._is_same(there):
            for name in old - set(files):
                (self.folder / name).unlink(missing_ok=True)
            old = set()
        write_file(self.folder / RECORD, self._text({*old, *files}, finished=True))

    def _record(self) -> dict[str, Any]:
        try:
            return tomllib.loads((self.folder / RECORD).read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (UnicodeDecodeError, tomllib.TOMLDecodeError):
            return {"finished": False}

    def _is_same(self, there: Mapping[str, Any]) -> bool:
        run = {name: value for name, value in there.items() if name not in ASIDE}
        return bool(there.get("finished")) and run == dict(self.run)

    def _text(self, files: set[str], *, finished: bool) -> bytes:
        return tomli_w.dumps({**self.run, "finished": finished, "files": sorted(files)}).encode()


def _check_rights(shown: Path, folder: Path) -> None:
    """Raise `ShareshiftError` where a folder cannot be written into, or cannot be made."""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    if not place.is_dir():
        raise ShareshiftError(f"{shown}: {place} is a file, so no folder can be made there. Choose another place.")
    if not os.access(place, os.W_OK | os.X_OK):
        raise ShareshiftError(f"{shown}: {place} may not be written. Choose another place or change its permissions.")
