"""Warm-up while the first reader's browser is still loading: imports, the market, the charts, one projection."""

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator

import streamlit as st


@contextlib.asynccontextmanager
async def warmed(_app: st.App) -> AsyncIterator[None]:
    """Start the warm-up beside the server, which answers at once and does not wait for it."""
    task = asyncio.create_task(asyncio.to_thread(warm_up))
    yield
    await asyncio.gather(task, return_exceptions=True)


def warm_up() -> None:
    """Fill the caches that every reader shares; a fault of the tables is told to the first reader instead."""
    from shareshift.draws import Draws
    from shareshift.errors import ShareshiftError
    from shareshift.projection import DEFAULT_DRAWS
    from shareshift.scenario import Scenario
    from shareshift.ui import cache

    importlib.import_module("shareshift.ui.money_blocks")
    with contextlib.suppress(ShareshiftError):
        market = cache.open_market()
        presets = cache.presets_of(market, market.digest)
        for mode in ("light", "dark"):
            look = cache.look_of(market, market.digest, mode)
            cache.specs_of(market, look, (market.digest, mode))
        baseline = presets.get("baseline", Scenario())
        cache.results_for(market, baseline, cache.last_month(market), Draws(DEFAULT_DRAWS, cache.SEED))
