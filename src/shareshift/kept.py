"""Markets that were found sound before: read again without being checked again.

Checking needs Pandera, whose import takes longer than everything else the first page waits for. The verdict on the
same bytes by the same rules is the same, so the checked tables are kept as Arrow files in the user's cache folder,
under a hash of both. Whatever cannot be read there is checked as if it had never been kept.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import platformdirs
import polars as pl

from shareshift import __version__
from shareshift.market import TABLES, Market, freeze_market, read_config, read_market

# What decides over the verdict besides the tables themselves.
RULES = ("checking", "market", "parameters", "reading", "rules", "schemas", "vocabulary")


def read_kept_market(path: Path | str, cache: Path | None = None) -> Market:
    """Read a market as `read_market` does, from the kept tables where the same files were found sound before.

    `cache` is the folder to keep them in, by default what SHARESHIFT_CACHE names, or the user's; raises `DataError`
    as `read_market` does.
    """
    folder = Path(path)
    files = [folder / "market.toml", *(folder / f"{name}.csv" for name in TABLES)]
    if not all(file.is_file() for file in files):
        return read_market(folder)
    named = os.environ.get("SHARESHIFT_CACHE")
    root = cache or (Path(named) if named else platformdirs.user_cache_path("shareshift"))
    place = root / "tables" / _key(files)
    try:
        tables = {name: pl.read_ipc((place / f"{name}.arrow").read_bytes()) for name in TABLES}
        return freeze_market(folder, read_config(folder / "market.toml")[0], tables)
    except (OSError, pl.exceptions.PolarsError):
        market = read_market(folder)
        _keep(market, place)
        return market


def _key(files: list[Path]) -> str:
    here = Path(__file__).parent
    sha = hashlib.sha256(__version__.encode())
    code = sorted(file for name in RULES for file in (*here.glob(f"{name}.py"), *here.glob(f"{name}/*.py")))
    for file in (*code, *files):
        data = file.read_bytes()
        sha.update(f"{file.name} {len(data)}\n".encode())
        sha.update(data)
    return sha.hexdigest()


def _keep(market: Market, place: Path) -> None:
    """Keep a market's tables; a folder that cannot be written only means checking again next time."""
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, ignore_cleanup_errors=True) as fresh:
            for name, frame in market.tables.items():
                frame.write_ipc(Path(fresh, f"{name}.arrow"))
            # A folder appears whole or not at all, whoever else starts at the same time.
            shutil.copytree(fresh, f"{fresh}.whole")
            Path(f"{fresh}.whole").replace(place)
