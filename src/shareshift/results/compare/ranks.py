"""Who stands before whom: the ranks of vendors in two scenarios, and how often two of them change places."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.results.compare.pairing import signs

# Ranked by what they win and by what they hold in the last month; the incumbent wins nothing of its own.
RANKED = {"displaced_gain": False, "share_at_horizon": True}


def ranks_frame(measure: str, vendors: Sequence[str], reference: Floats, scenario: Floats) -> pl.DataFrame:
    """Return one row per vendor: its rank by the mean in both scenarios, 1 the largest; equal means share a rank.

    `reference` and `scenario` are (vendors, draws + 1), the central path last. `rank_change` is positive for a
    vendor that moves up. `probability_first_` is the share of draws in which it has more than everybody else.
    """
    means = [values[:, :-1].mean(axis=1) for values in (reference, scenario)]
    before, after = (pl.Series(mean).rank("min", descending=True).cast(pl.Int64) for mean in means)
    first = [_first_alone(values[:, :-1]) for values in (reference, scenario)]
    columns = {
        "measure": [measure] * len(vendors),
        "vendor_id": list(vendors),
        "rank_reference": before,
        "rank_scenario": after,
        "rank_change": before - after,
        "mean_reference": means[0],
        "mean_scenario": means[1],
        "probability_first_reference": first[0],
        "probability_first_scenario": first[1],
    }
    return pl.DataFrame(columns)


def order_frame(measure: str, vendors: Sequence[str], reference: Floats, scenario: Floats) -> pl.DataFrame:
    """Return one row per pair of vendors: how often the first is ahead in both scenarios, and how often it flips.

    The first of a pair is the one with the larger mean in the reference. `probability_flip` is the share of draws in
    which one is ahead in the reference and the other in the scenario; a tie in either flips nothing.
    """
    order = np.argsort(-reference[:, :-1].mean(axis=1), kind="stable")
    rows = [
        (measure, vendors[one], vendors[other], *_order(one, other, reference, scenario))
        for one, other in combinations(order, 2)
    ]
    return pl.DataFrame(rows, schema=_ORDER, orient="row")


def _first_alone(values: Floats) -> Floats:
    leads = values == values.max(axis=0)
    return np.asarray((leads & (leads.sum(axis=0) == 1)).mean(axis=1))


def _order(one: int, other: int, reference: Floats, scenario: Floats) -> tuple[float, float, float]:
    ahead, behind = signs(reference[other, :-1], reference[one, :-1])
    then_ahead, then_behind = signs(scenario[other, :-1], scenario[one, :-1])
    flips = (ahead & then_behind) | (behind & then_ahead)
    return float(ahead.mean()), float(then_ahead.mean()), float(flips.mean())


_ORDER = {
    **dict.fromkeys(("measure", "vendor_id", "other_vendor_id"), pl.String()),
    **dict.fromkeys(("probability_ahead_reference", "probability_ahead_scenario", "probability_flip"), pl.Float64()),
}
