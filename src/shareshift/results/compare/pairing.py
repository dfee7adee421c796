"""Two runs on common draws: both side by side, their difference in every draw, and how often it has which sign."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats, Mask
from shareshift.results.counting.statistics import summarise
from shareshift.results.rows import columns

# Two results are the same where they agree to this part of the larger one, the tolerance of the ledger.
SAME = 1e-9
SIDES = ("reference", "scenario", "difference")


def paired_frame(
    keys: Mapping[str, Sequence[object] | pl.Series], reference: Floats, scenario: Floats, scramblings: int
) -> pl.DataFrame:
    """Return one row per row of `reference` and `scenario`, both (rows, draws + 1) on the same draws.

    Every statistic stands three times, `mean_reference`, `mean_scenario`, `mean_difference` and so on; the
    percentiles of the difference are those of scenario less reference within a draw, not differences of
    percentiles, and its standard error comes from independent scramblings of the pair. `probability_more`,
    `probability_less` and `probability_same` are shares of the draws and add up to 1: results that agree to a part
    in a thousand million are the same.
    """
    difference = scenario - reference
    found = {name: pl.Series(values) for name, values in keys.items()}
    for side, values in zip(SIDES, (reference, scenario, difference), strict=True):
        found |= columns(summarise(values, scramblings), f"{{}}_{side}")
    more, less = signs(reference[:, :-1], scenario[:, :-1])
    for sign, where in (("more", more), ("less", less), ("same", ~(more | less))):
        found[f"probability_{sign}"] = pl.Series(where.mean(axis=1))
    return pl.DataFrame(found)


def signs(reference: Floats, scenario: Floats) -> tuple[Mask, Mask]:
    """Return where the scenario has more than the reference, and where it has less; elsewhere they are the same."""
    difference = scenario - reference
    apart = np.abs(difference) > SAME * np.maximum(np.abs(reference), np.abs(scenario))
    return apart & (difference > 0), apart & (difference < 0)
