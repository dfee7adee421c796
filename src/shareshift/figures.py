"""The headline figures of a projection, each one number per draw."""

from typing import TYPE_CHECKING

import numpy as np

from shareshift.statistics import Figure

if TYPE_CHECKING:
    from shareshift.projection import Projection


def headline_figures(run: "Projection") -> list[Figure]:
    """Return the figures of the first page; sums are over all months, from the event to the horizon."""
    from shareshift.model.concentration import herfindahl

    placed = run.migration
    no_event = run.incumbent_no_event.sum(axis=0)
    displaced = placed.displaced_total.sum(axis=0)
    unplaced = placed.unplaced.sum(axis=(0, 1))
    index = herfindahl(run.vendor_shares)
    usd = {
        "incumbent_no_event": no_event,
        "displaced": displaced,
        "left_incumbent": displaced - unplaced,
        "to_rivals": placed.to_options[:, :-1].sum(axis=(0, 1)),
        "in_house": placed.to_options[:, -1].sum(axis=0),
        "not_spent": placed.not_spent.sum(axis=(0, 1)),
        "unplaced": unplaced,
        "incumbent_revenue": run.revenue[0].sum(axis=0),
        "incumbent_change": run.revenue[0].sum(axis=0) - no_event,
        "incumbent_run_rate_at_horizon": run.revenue[0, -1] * 12,
    }
    ratios = {
        "displaced_share": displaced / np.where(no_event > 0, no_event, 1.0),
        "incumbent_share_at_horizon": run.vendor_shares[0, -1],
    }
    units = {"incumbent_run_rate_at_horizon": "usd_per_year"}
    return [
        *(Figure(figure=name, unit=units.get(name, "usd"), values=values) for name, values in usd.items()),
        *(Figure(figure=name, unit="share", values=values) for name, values in ratios.items()),
        Figure(figure="hhi_at_horizon", unit="hhi", values=index[-1]),
        Figure(figure="customers_leaving", unit="customers", values=run.sample.exits.sum(axis=0)),
        Figure(figure="sources_contradict", unit="share", values=run.sample.overdrawn.astype(np.float64)),
    ]
