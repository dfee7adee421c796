"""Comparisons kept between reruns: small frames by content, never the draws themselves."""

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl
import streamlit as st

from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.answer import Comparison, compare
from shareshift.results.compare.explaining import explain
from shareshift.scenario.scenario import Scenario
from shareshift.ui.shell.cache import session_draws

Key = tuple[str, date, tuple[str, ...], int, int]
Scenarios = Sequence[Scenario]
EXPLANATIONS = 32


def compared(market: Market, scenarios: Scenarios) -> Comparison:
    """Return the comparison of scenarios with the first; raises `ScenarioError` where they cannot be compared."""
    held = session_draws()
    return _compared(market, scenarios, held, _key(market, scenarios, held))


@st.cache_resource(show_spinner=False, max_entries=16)
def _compared(_market: Market, _scenarios: Scenarios, _held: Draws, key: Key) -> Comparison:  # noqa: ARG001
    return compare(_market, _scenarios, _held)


def explained(market: Market, scenarios: Scenarios, which: int, progress: Callable[[float], None]) -> pl.DataFrame:
    """Return how much of one difference each input explains; `progress` hears how far it is, if it must be run."""
    held = session_draws()
    kept, key = _explanations(), (_key(market, scenarios, held), which)
    if key not in kept:
        frame = explain(market, scenarios, held, [which], progress)
        for oldest in list(kept)[: max(0, len(kept) - EXPLANATIONS + 1)]:
            kept.pop(oldest, None)
        kept[key] = frame
        return frame
    return kept[key]


@st.cache_resource(show_spinner=False)
def _explanations() -> dict[tuple[Key, int], pl.DataFrame]:
    # A cached function may not draw on the page while it runs, and this one says how far it is.
    return {}


def explained_file(market: Market, scenarios: Scenarios) -> bytes:
    """Return what inputs explain for every scenario, as `shareshift compare` writes it."""
    parts = [explained(market, scenarios, which, lambda _: None) for which in range(1, len(scenarios))]
    return write_csv(pl.concat(parts))


def _key(market: Market, scenarios: Scenarios, held: Draws) -> Key:
    return market.digest, market.as_of, tuple(scenario.key for scenario in scenarios), held.count, held.seed
