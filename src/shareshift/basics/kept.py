"""What an earlier start found out, kept for the next: checked tables, first results, drawn charts.

The verdict of the same rules on the same bytes is the same, and so is every result of the same code from the same
tables. Pandera, the compiled engine and Altair take far longer to import than the first page takes for all else, so
what they came to is kept as Arrow files in the user's cache folder, under a hash of all it rests on. Whatever cannot
be read there, or is not bit for bit what was kept, is found out as if it had never been kept.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import platformdirs
import polars as pl

from shareshift.basics.version import __version__

Frames = Mapping[str, pl.DataFrame]


def kept_frames(parts: tuple[str, ...], make: Callable[[], Frames], root: Path | None = None) -> Frames:
    """Return the frames that `make` came to when it was last called for the same `parts` with the same code.

    `parts` names all that the frames rest on besides the code of this package.
    """
    place = (root or _root()) / parts[0] / hashlib.sha256("\n".join((_code(), *parts)).encode()).hexdigest()
    try:
        names = [line.split(" ") for line in (place / "names").read_text().split("\n")]
        return {name: pl.read_ipc(_sound(place / f"{name}.arrow", digest)) for name, digest in names}
    except (OSError, ValueError, pl.exceptions.PolarsError):
        frames = make()
        _keep(frames, place)
        return frames


def _sound(file: Path, digest: str) -> bytes:
    """Return what a file holds; raises ValueError where that is not what was kept, whoever or whatever changed it."""
    data = file.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(file)
    return data


def _root() -> Path:
    named = os.environ.get("SHARESHIFT_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("shareshift")


@cache
def _code() -> str:
    """Return a hash of the version and of every file of this package; a change of either finds out anew."""
    here = Path(__file__).parents[1]
    sha = hashlib.sha256(__version__.encode())
    for file in sorted(file for end in ("py", "csv", "toml") for file in here.rglob(f"*.{end}")):
        sha.update(file.relative_to(here).as_posix().encode() + hashlib.sha256(file.read_bytes()).digest())
    return sha.hexdigest()


def _keep(frames: Frames, place: Path) -> None:
    """Keep frames; a folder that cannot be written only means finding out again next time."""
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=place.parent))
        lines = []
        for name, frame in frames.items():
            frame.write_ipc(fresh / f"{name}.arrow")
            lines.append(f"{name} {hashlib.sha256((fresh / f'{name}.arrow').read_bytes()).hexdigest()}")
        (fresh / "names").write_text("\n".join(lines))
        # A damaged folder goes; a sound one appears whole or not at all, whoever else starts at the same time.
        shutil.rmtree(place, ignore_errors=True)
        fresh.replace(place)
