"""Markets changed on the spot."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import polars as pl

from shareshift.market.market import Market

# (table, line of the file, column, new text); a line of None appends the row given as a mapping in place of the
# column, and a column of None deletes the line.
Edit = tuple[str, int | None, str | Mapping[str, str] | None, str]


def with_table(market: Market, name: str, frame: pl.DataFrame) -> Market:
    """Return a market with one table replaced, unchecked."""
    return replace(market, tables=MappingProxyType({**market.tables, name: frame}))


def edit_table(path: Path, edits: Iterable[Edit]) -> None:
    """Change cells, append rows and delete lines of a CSV file; lines count from 1, the header."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    header, gone = rows[0], set()
    for _, line, column, text in edits:
        if line is None:
            rows.append([column.get(name, "") for name in header])
        elif column is None:
            gone.add(line)
        else:
            if column not in header:  # one that a file may leave out
                for at, row in enumerate(rows):
                    row.append("" if at else column)
            rows[line - 1][header.index(column)] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(row for line, row in enumerate(rows, 1) if line not in gone)
