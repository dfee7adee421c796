"""How two versions of one file differ, in a sentence: for tables, in which columns, how many cells, and by how much."""

import io

import polars as pl

from shareshift.export import read_parquet

SHOWN = 4


def difference(path: str, stored: bytes, again: bytes) -> str | None:
    """Return how a stored file differs from the one recomputed; None where every byte agrees."""
    if stored == again:
        return None
    kind = path.rpartition(".")[2]
    if not path.startswith("tables/") or kind not in {"csv", "parquet"}:
        return f"differs ({len(stored):,} bytes here, {len(again):,} recomputed)"
    try:
        one, other = (_read(data, kind) for data in (stored, again))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError):
        return "cannot be read as a table"
    return _table_difference(one, other)


def _read(data: bytes, kind: str) -> pl.DataFrame:
    """Return a table, its CSV as text: a cell that was edited into nonsense is a difference, not a fault."""
    return read_parquet(data) if kind == "parquet" else pl.read_csv(io.BytesIO(data), infer_schema=False)


def _table_difference(stored: pl.DataFrame, again: pl.DataFrame) -> str:
    if stored.columns != again.columns:
        lost = [name for name in again.columns if name not in stored.columns]
        added = [name for name in stored.columns if name not in again.columns]
        parts = [f"lacks {', '.join(lost)}" if lost else "", f"has {', '.join(added)} besides" if added else ""]
        return f"has other columns: {'; '.join(part for part in parts if part) or 'their order differs'}"
    if stored.height != again.height:
        return f"has {stored.height:,} row{'s' if stored.height != 1 else ''}; {again.height:,} come out again"
    found = {name: words for name in again.columns if (words := _column(stored[name], again[name]))}
    if not found:
        return "holds the same cells in other bytes; another version of a library may have written it"
    shown = "; ".join(f"{name}: {words}" for name, words in list(found.items())[:SHOWN])
    more = f"; and {len(found) - SHOWN} more columns" if len(found) > SHOWN else ""
    return f"differs in {shown}{more}"


def _column(stored: pl.Series, again: pl.Series) -> str:
    """Return how many cells of a column differ, and by how much where they are numbers."""
    unequal = stored.cast(pl.String).ne_missing(again.cast(pl.String))
    count = int(unequal.sum())
    if not count:
        return ""
    cells = f"{count:,} of {len(again):,} cells"
    numbers = [side.filter(unequal).cast(pl.Float64, strict=False) for side in (stored, again)]
    both = pl.DataFrame({"here": numbers[0], "again": numbers[1]}).drop_nulls()
    if both.is_empty():
        first = unequal.arg_max() or 0
        return f"{cells}, first in row {first + 1}: {_short(stored[first])} instead of {_short(again[first])}"
    gaps = both.select(
        (pl.col("here") - pl.col("again")).abs().alias("gap"), pl.col("again").abs().alias("size")
    ).with_columns((pl.col("gap") / pl.col("size")).alias("part"))
    most = gaps.sort("gap", descending=True, nulls_last=True).row(0, named=True)
    part = f" ({100 * most['part']:.2g}% of it)" if most["size"] else ""
    return f"{cells}, by up to {most['gap']:.6g}{part}"


def _short(value: object) -> str:
    return "nothing" if value is None else repr(str(value)[:40])
