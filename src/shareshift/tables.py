"""Tidy frames: one row per key, one column per statistic and quantity, units in the column names."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from shareshift.statistics import STATISTICS, summarise

Floats = npt.NDArray[np.float64]


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
    """Return the tidy frame of statistics that are already reckoned; arrays have one axis per key."""
    sizes = [len(values) for values in keys.values()]
    columns: dict[str, pl.Series] = {}
    for position, (name, values) in enumerate(keys.items()):
        inner, outer = int(np.prod(sizes[position + 1 :])), int(np.prod(sizes[:position]))
        index = np.tile(np.repeat(np.arange(len(values)), inner), outer)
        columns[name] = pl.Series(name, values)[index]
    for quantity, numbers in statistics.items():
        for statistic in STATISTICS:
            name = f"{statistic}_{quantity}"
            columns[name] = pl.Series(name, numbers[statistic].reshape(-1), nan_to_null=True)
    return pl.DataFrame(columns).select(pl.lit(scenario).alias("scenario"), pl.all())
