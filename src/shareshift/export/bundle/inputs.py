"""What a run rests on, as files: read once, carried in the bundle, and read again from there."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from shareshift.basics.errors import DataError, Fault
from shareshift.market.market import OPTIONAL_TABLES, TABLES, Market, read_market, table_names
from shareshift.market.reading import MAX_BYTES
from shareshift.scenario.scenario import Scenario

Inputs = Mapping[str, bytes]
CONFIG = "market.toml"
TABLE_FILES = frozenset(f"{name}.csv" for name in (*TABLES, *OPTIONAL_TABLES))


@dataclass(frozen=True, kw_only=True)
class Order:
    """All that decides over every byte of a bundle, besides the version of Shareshift."""

    inputs: Inputs = field(repr=False)
    market: Market = field(repr=False)
    scenario: Scenario
    draws: int
    seed: int


def read_inputs(folder: Path) -> Inputs:
    """Return the files of a market's folder by name, scenarios included, byte by byte as they stand.

    Raises `DataError` when a file is larger than a table may be.
    """
    tables = [folder / CONFIG, *(folder / f"{name}.csv" for name in table_names(folder))]
    files = [*tables, *sorted((folder / "scenarios").glob("*.toml"))]
    found = {path.relative_to(folder).as_posix(): path for path in files if path.is_file()}
    rule, remedy = f"the file is larger than {MAX_BYTES // 1_000_000} MB", "Split it or leave rows out"
    if large := [name for name, path in found.items() if path.stat().st_size > MAX_BYTES]:
        raise DataError([Fault(file=name, rule=rule, remedy=remedy) for name in large])
    return {name: path.read_bytes() for name, path in sorted(found.items())}


def is_input(name: str) -> bool:
    """Say whether a name is one that `read_inputs` gives; nothing else is ever unpacked."""
    folder, slash, file = name.rpartition("/")
    scenario = folder == "scenarios" and file.endswith(".toml") and file == Path(file).name and "\\" not in file
    return scenario if slash else name == CONFIG or name in TABLE_FILES


def market_of(inputs: Inputs, as_of: date | None = None) -> Market:
    """Return the market of a bundle's own files; raises `DataError` as reading a folder does.

    Kept tables are never taken: what a bundle says is to be found out from nothing but itself.
    """
    with unpacked(inputs) as folder:
        market = read_market(folder)
    return market if as_of is None else market.known_by(as_of)


@contextmanager
def unpacked(inputs: Inputs) -> Iterator[Path]:
    """Lay the files of a market into a folder for as long as they are read."""
    with tempfile.TemporaryDirectory(prefix="shareshift-") as place:
        folder = Path(place) / "inputs"
        folder.mkdir()
        for name, data in inputs.items():
            if is_input(name):
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_bytes(data)
        yield folder
