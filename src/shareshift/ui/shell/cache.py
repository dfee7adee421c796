"""Results kept between reruns: small frames by content digest, never the draws themselves."""

from __future__ import annotations

import gc
import json
import logging
import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import polars as pl
import streamlit as st

from shareshift.basics.errors import DataError, Fault
from shareshift.basics.kept import kept_frames
from shareshift.basics.months import first_month, months_from
from shareshift.basics.places import home
from shareshift.charts.look import Look, Spec
from shareshift.charts.pictures import draw_pictures, market_look
from shareshift.charts.theme import style_for
from shareshift.market.kept import read_kept_market
from shareshift.market.market import Market
from shareshift.market.parameters import DEFAULT_DRAWS
from shareshift.results.overview import Results, results_frames, rivals_ranked
from shareshift.scenario.scenario import Scenario, read_scenarios

# A start that finds its first results kept does not wait for the engine: it is imported where it is used.
if TYPE_CHECKING:
    from shareshift.model.draws.streams import Draws
    from shareshift.results.projection import Projection

Key = tuple[str, date, str, int, int]
SEED = 0
DEFAULT_MARKET = home() / "data" / "scale-meta-2025"


def market_folder() -> Path:
    """Return the folder that SHARESHIFT_MARKET names, else the bundled market."""
    return Path(os.environ.get("SHARESHIFT_MARKET") or DEFAULT_MARKET)


def open_market() -> Market:
    """Return the market to show, read again only when its files have changed; raises `DataError`."""
    folder = market_folder()
    if not folder.is_dir():
        # Readers of a server learn no path of it.
        logging.getLogger(__name__).warning("%s is no folder.", folder)
        raise DataError(
            [Fault(file="The market’s folder", rule="is not there", remedy="Name one in SHARESHIFT_MARKET")]
        )
    stamps = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.*")))
    return _read_market(str(folder), stamps)


@st.cache_resource(show_spinner=False, max_entries=2)
def _read_market(folder: str, stamps: tuple[tuple[str, int], ...]) -> Market:  # noqa: ARG001
    return read_kept_market(folder)


@st.cache_resource(show_spinner=False, max_entries=2)
def presets_of(_market: Market, digest: str) -> Mapping[str, Scenario]:  # noqa: ARG001
    """Return the market's named scenarios; raises `ScenarioError`."""
    found = read_scenarios(market_folder(), _market)
    return found if "baseline" in found else {"baseline": Scenario(), **found}


def session_draws() -> Draws:
    """Return the reader's own draws, so that inputs that stand still are not drawn again.

    What the baseline draws is common to all readers; each holds only what its own sliders changed. Other draws may
    be put into the session as `draws`.
    """
    if (given := st.session_state.get("draws")) is not None:
        return cast("Draws", given)
    market = open_market()
    visit = st.session_state.setdefault("visit", uuid4().hex)
    return _branch(market, visit, market.digest, market.as_of)


# Streamlit keeps the state of readers who have left; of their draws, some megabytes each, only the latest stay, as many
# as readers at the same time. Whoever comes back after so many others waits once for what the sliders changed.
@st.cache_resource(show_spinner=False, max_entries=24)
def _branch(_market: Market, visit: str, digest: str, as_of: date) -> Draws:  # noqa: ARG001
    return common_draws(_market, digest, as_of).branch()


@st.cache_resource(show_spinner=False, max_entries=2)
def common_draws(_market: Market, digest: str, as_of: date) -> Draws:  # noqa: ARG001
    """Return draws that hold all the baseline needs; only to be branched from."""
    from shareshift.results.projection import project

    held = fresh_draws()
    project(_market, Scenario(), held.count, held.seed, held=held, flows=False)
    return held


def fresh_draws() -> Draws:
    """Return draws from which nothing has been drawn yet."""
    from shareshift.model.draws.streams import Draws

    return Draws(DEFAULT_DRAWS, SEED)


def run_projection(market: Market, scenario: Scenario) -> Projection:
    """Return a whole projection, for files; its arrays are large, so it is never kept."""
    from shareshift.results.projection import project

    return project(market, scenario, DEFAULT_DRAWS, SEED)


def results_of(market: Market, scenario: Scenario, month: date) -> Results:
    """Return the frames of the page for a scenario and the month of its ribbons."""
    held = st.session_state.get("draws")
    count, seed = (held.count, held.seed) if held is not None else (DEFAULT_DRAWS, SEED)
    return _results(market, scenario, session_draws, month, (market.digest, market.as_of, scenario.key, count, seed))


def first_results(market: Market, scenario: Scenario) -> Results:
    """Return what a reader sees first; for the warm-up, which has no reader."""
    key = (market.digest, market.as_of, scenario.key, DEFAULT_DRAWS, SEED)
    return _results(market, scenario, fresh_draws, last_month(market), key)


def last_month(market: Market) -> date:
    """Return the last month of the market's own horizon."""
    return months_from(first_month(market.event_date), market.horizon_months)[-1]


@st.cache_resource(show_spinner=False, max_entries=64)
def _results(_market: Market, _scenario: Scenario, _draws: Callable[[], Draws], month: date, key: Key) -> Results:
    def compute() -> dict[str, pl.DataFrame]:
        from shareshift.results.projection import project

        held = _draws()
        run = project(_market, _scenario, held.count, held.seed, held=held)
        return dict(results_frames(run, month))

    # What a reader sees first is kept from start to start; what sliders make of it would fill the disk.
    first = month == last_month(_market) and _scenario in presets_of(_market, _market.digest).values()
    parts = ("results", *map(str, key), str(month))
    return Results(**(kept_frames(parts, compute) if first else compute()))


@st.cache_resource(show_spinner=False, max_entries=4)
def look_of(_market: Market, digest: str, mode: str | None) -> Look:
    """Return names and colours; the biggest gainers of the baseline have a colour in every scenario."""

    def rank() -> dict[str, pl.DataFrame]:
        return {"gains": rivals_ranked(_market, SEED)}

    gains = kept_frames(("rank", digest), rank)["gains"]
    return market_look(_market, gains, style_for(mode))


@st.cache_resource(show_spinner=False, max_entries=4)
def specs_of(_market: Market, _look: Look, key: tuple[str, str]) -> Mapping[str, Spec]:
    """Return the charts' specifications without data; building them on every rerun would cost more than the run."""
    rivals = _market.tables["vendors"].height - 1

    def draw() -> dict[str, pl.DataFrame]:
        charts = draw_pictures(_look, rivals)
        specs = [json.dumps(chart) for chart in charts.values()]
        return {"specs": pl.DataFrame({"chart": list(charts), "spec": specs})}

    drawn = kept_frames(("specs", *key, str(rivals), str(_look.names), str(_look.colours)), draw)["specs"]
    return {chart: json.loads(spec) for chart, spec in drawn.iter_rows()}


@st.cache_resource(show_spinner=False)
def settle_memory() -> bool:
    """Move what start-up left in memory out of the garbage collector's sight, once per server.

    Streamlit collects after every run, and walking the objects of every import would cost 50 ms each time.
    """
    gc.collect()
    gc.freeze()
    return True
