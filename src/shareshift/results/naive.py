"""Forecasters that know nothing of the event's mechanics, on the same draws of what is known."""

from collections.abc import Callable, Mapping

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.basics.months import MONTHS_PER_YEAR, mid_month
from shareshift.model.run import Run

# What every vendor bills in a month, (vendors, draws) in USD, by the number of the month.
Revenues = Callable[[int], Floats]

NAIVE = {
    "no_change": "No change",
    "market_growth": "All grow with the market",
    "last_growth": "Last growth carried on",
    "fair_share": "Displaced money in proportion to size",
    "equal_split": "Displaced money in equal parts",
}


def naive_forecasters(run: Run) -> Mapping[str, Revenues]:
    """Return what each naive forecaster says every vendor bills in a month, by the forecaster's id.

    Last growth goes on from the log growth that a vendor's own dated rows show, and is the market's where they show
    none. The two splits send the run's own displaced money to rivals by their run rates or alike, and let all grow with
    the market.
    """
    at_event = run.run_rate[:, :-1] / MONTHS_PER_YEAR
    rivals = at_event[1:]
    years = mid_month(len(run.months), run.market.event_date) / MONTHS_PER_YEAR
    unknown = np.isinf(run.inputs.slope_variance)

    def grown(month: int) -> Floats:
        return np.asarray(at_event * run.sample.path[month, -1, :-1])

    def carried_on(month: int) -> Floats:
        own = at_event * np.exp(run.inputs.slope * years[month])[:, None]
        return np.where(unknown[:, None], grown(month), own)

    def split(month: int, share: Floats) -> Floats:
        moved = run.migration.to_options[month, :-1, :-1].sum(axis=0)
        revenue = grown(month)
        revenue[0] -= np.minimum(run.left[month, :-1], revenue[0])
        revenue[1:] += moved * share
        return revenue

    total = rivals.sum(axis=0)
    by_size = rivals / np.where(total > 0, total, 1.0)
    alike = np.full_like(rivals, 1 / len(rivals))
    return {
        "no_change": lambda _: at_event,
        "market_growth": grown,
        "last_growth": carried_on,
        "fair_share": lambda month: split(month, by_size),
        "equal_split": lambda month: split(month, alike),
    }
