"""The frames that one picture of a run needs: for the first page, for the report, and for files alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from shareshift.market.market import Market
from shareshift.results.headline import simulations_of
from shareshift.scenario.scenario import Scenario

# A start that finds its first results kept does not wait for the engine: it is imported where it is used.
if TYPE_CHECKING:
    from shareshift.results.projection import Projection

RANKING_DRAWS = 256


@dataclass(frozen=True, kw_only=True)
class Results:
    """The frames that the first page shows of one scenario, flows and arrivals up to one month."""

    summary: pl.DataFrame
    gains: pl.DataFrame
    shares: pl.DataFrame
    concentration: pl.DataFrame
    incumbent: pl.DataFrame
    flows: pl.DataFrame
    arrivals: pl.DataFrame
    simulations: pl.DataFrame


def results_frames(run: Projection, month: date) -> Mapping[str, pl.DataFrame]:
    """Return the frames of `Results` by name; flows and arrivals are summed from the event up to and with `month`."""
    flows, arrivals = run.to_date(month)
    return {
        "summary": run.summary,
        "gains": run.gains,
        "shares": run.shares,
        "concentration": run.concentration,
        "incumbent": incumbent_months(run),
        "flows": flows,
        "arrivals": arrivals,
        "simulations": simulations_of(run),
    }


def incumbent_months(run: Projection) -> pl.DataFrame:
    """Return the incumbent's rows of the projection, two quantities; the same numbers bit for bit."""
    from shareshift.results.tables.frames import tidy

    keys: dict[str, Sequence[str | date]] = {"vendor_id": run.vendors[:1], "month": run.months}
    quantities = {"revenue_usd": run.incumbent_revenue[None], "no_event_revenue_usd": run.incumbent_no_event[None]}
    return tidy(run.scenario.title, keys, quantities, run.scramblings)


def leaders_of(run: Projection) -> pl.DataFrame:
    """Return in which share of the draws each rival alone wins the most displaced money; pools of many are none.

    Where nobody wins anything, and where several win as much, nobody is first.
    """
    one = [at for at, rival in enumerate(run.inputs.rivals) if rival not in run.market.pools]
    won = run.migration.to_options[:, one, :-1].sum(axis=0)
    leads = (won == won.max(axis=0)) & (won > 0)
    first = (leads & (leads.sum(axis=0) == 1)).mean(axis=1)
    return pl.DataFrame({"vendor_id": [run.inputs.rivals[at] for at in one], "share_of_draws": first})


def rivals_ranked(market: Market, seed: int = 0) -> pl.DataFrame:
    """Return the rivals' rows of `gains` under the baseline; few draws are enough to tell who gains most."""
    from shareshift.results.projection import project

    return project(market, Scenario(), RANKING_DRAWS, seed).gains[1:]
