"""Tidy frames: one row per key, one column per statistic and quantity, units in the column names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import prod

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats, Indices
from shareshift.results.counting.statistics import STATISTICS, Counted, summarise

# Takes the number of a quantity, the cells, and their draws (cells, draws + 1).
Take = Callable[[int, Indices, Floats], None]
Keys = Mapping[str, Sequence[str | date]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table before its statistics: which cells it has, and how to come by their draws piece by piece.

    `keys` maps a column to its values; a cell is one combination, the last key running fastest. `feed` hands all draws
    of all quantities to a function, in pieces that are small beside the whole, from several threads. `finish` makes the
    table that readers get of the tidy frame.
    """

    keys: Keys
    quantities: tuple[str, ...]
    feed: Callable[[Take], None] = field(repr=False)
    finish: Callable[[pl.DataFrame], pl.DataFrame] = field(default=lambda frame: frame, repr=False)

    @property
    def cells(self) -> int:
        """How many cells each quantity has."""
        return prod(len(values) for values in self.keys.values())


def summarised(scenario: str, table: Table, draws: int, scramblings: int) -> pl.DataFrame:
    """Return the frame of a table, its percentiles exact."""
    counted = [Counted.empty(table.cells, draws, scramblings) for _ in table.quantities]
    table.feed(lambda quantity, where, rows: counted[quantity].take(where, rows))
    return framed(scenario, table, [numbers.statistics() for numbers in counted])


def framed(scenario: str, table: Table, statistics: Sequence[Mapping[str, Floats]]) -> pl.DataFrame:
    """Return the frame of a table, given the statistics of each quantity, (cells,) each."""
    return table.finish(frame_of(scenario, table.keys, dict(zip(table.quantities, statistics, strict=True))))


def tidy(
    scenario: str, keys: Mapping[str, Sequence[str | date]], quantities: Mapping[str, Floats], scramblings: int
) -> pl.DataFrame:
    """Return a frame with one row per combination of `keys`, the last key running fastest.

    `keys` maps a column to its values; every quantity is an array with one axis per key, in that order, and the
    draws last. A quantity named `flow_usd` becomes `central_flow_usd`, `mean_flow_usd`, `p5_flow_usd` and so on.
    """
    statistics = {name: summarise(values, scramblings) for name, values in quantities.items()}
    return frame_of(scenario, keys, statistics)


def frame_of(
    scenario: str, keys: Mapping[str, Sequence[str | date]], statistics: Mapping[str, Mapping[str, Floats]]
) -> pl.DataFrame:
    """Return the tidy frame of statistics that are already computed; arrays have one axis per key."""
    rows = prod(len(values) for values in keys.values())
    columns = [pl.Series("scenario", [scenario], pl.String).new_from_index(0, rows)]
    inner = rows
    for name, values in keys.items():
        inner //= max(len(values), 1)
        index = np.arange(rows, dtype=np.uint32) // max(inner, 1) % max(len(values), 1)
        columns.append(pl.Series(name, values)[pl.Series(index)])
    for quantity, numbers in statistics.items():
        columns += [
            pl.Series(f"{statistic}_{quantity}", numbers[statistic].reshape(-1), nan_to_null=True)
            for statistic in STATISTICS
        ]
    return pl.DataFrame(columns)
