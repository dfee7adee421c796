"""What every vendor bills without the event, relative to the event: the market's growth and its own."""

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.basics.months import MONTHS_PER_YEAR, mid_month
from shareshift.model.equations.growth import OwnGrowth, drift, grow, laplace
from shareshift.model.keys import INCUMBENT_REVENUE, InputKey
from shareshift.model.view import View


def run_rates(view: View) -> Floats:
    """Return rivals' run rates at the event; (rivals, n), USD per year."""
    return np.array([view.value(InputKey("revenue", vendor=rival)) for rival in view.facts.rivals])


def vendor_drifts(view: View) -> Floats:
    """Return by how much each vendor outgrows the market at the event; (vendors, n), log per year."""
    return drift(_own_growth(view, np.zeros((len(view.facts.rivals) + 1, view.count))))


def vendor_paths(view: View) -> tuple[Floats, Floats]:
    """Return drifts, (vendors, n), and revenue over that at the event, (months, vendors + 1, n), the market's last."""
    vendors = ("", *view.facts.rivals)
    shock = np.zeros((len(vendors), view.count))
    for row, vendor in enumerate(vendors):
        # The central path has no luck.
        shock[row, :-1] = laplace(view.uniform("own_growth", vendor=vendor))
    of = _own_growth(view, shock)
    drifts = drift(of)
    years = mid_month(view.horizon_months, view.facts.event_date) / MONTHS_PER_YEAR
    market = (1 + view.value("growth")) ** years[:, None]
    path = np.empty((len(years), len(vendors) + 1, view.count))
    grow(of, drifts, years, np.ascontiguousarray(market), path)
    return drifts, path


def _own_growth(view: View, shock: Floats) -> OwnGrowth:
    facts = view.facts
    rates = np.vstack([view.value(INCUMBENT_REVENUE)[None], run_rates(view)])
    total = rates.sum(axis=0)
    share = rates / np.where(total > 0, total, 1.0)
    return OwnGrowth(
        share=share,
        slope=facts.slope,
        noise=facts.slope_variance,
        market=np.log1p(view.value("growth")),
        shock=shock,
        width=1 / np.sqrt(facts.vendor_firms),
        spread=np.array(view.value("growth_spread")),
        size=np.array(view.value("growth_size")),
        small=np.array(view.value("small_growth")),
        half_life=view.value("growth_half_life") / MONTHS_PER_YEAR,
        error=np.array(view.value("level_error")),
    )
