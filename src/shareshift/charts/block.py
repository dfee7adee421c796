"""A chart with everything that belongs to it: finding, note, text, table, file and source line."""

from dataclasses import dataclass

import polars as pl

from shareshift.charts.look import Datasets, Spec

INSIDE = "Bars and bands are the 90% range."


@dataclass(frozen=True, kw_only=True)
class ChartBlock:
    """A chart with everything that belongs to it; `frame` is what the chart, its table and its file say.

    The table is a query on the frame, which runs when a reader opens the table.
    """

    name: str
    finding: str
    note: str
    spec: Spec
    data: Datasets
    frame: pl.DataFrame
    table: pl.LazyFrame
    source: str
