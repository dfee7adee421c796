"""Warm-up while the first reader's browser is still loading: imports, the market, the charts, one projection."""

import asyncio
import contextlib
import importlib
import threading
import time
from collections.abc import AsyncIterator

import streamlit as st

from shareshift.ui.saved.keeping import KEEPER
from shareshift.ui.saved.opening import close_store, forget_refusals

AFTER_FIRST_PICTURE = 2.0
# Seconds for what waits to be kept when the server ends.
LAST_WRITES = 5.0
_loading = threading.Lock()


def load_compiler() -> None:
    """Import numba, whose parts two threads that import it at once may each find half there."""
    with _loading:
        importlib.import_module("numba")


def await_compiler() -> None:
    """Wait while another thread imports numba; where none does, nothing is imported."""
    with _loading:
        pass


@contextlib.asynccontextmanager
async def warmed(_app: st.App) -> AsyncIterator[None]:
    """Start the warm-up beside the server, which answers at once and does not wait for it."""
    task = asyncio.create_task(asyncio.to_thread(warm_up))
    yield
    forget_refusals()
    await asyncio.gather(task, asyncio.to_thread(KEEPER.close, LAST_WRITES), return_exceptions=True)
    await asyncio.to_thread(close_store)


def warm_up() -> None:
    """Fill the caches that every reader shares; a fault of the tables is told to the first reader instead."""
    from shareshift.basics.errors import ShareshiftError
    from shareshift.scenario.scenario import Scenario
    from shareshift.ui.money.trust_section import first_tested
    from shareshift.ui.saved.opening import the_store
    from shareshift.ui.shell import cache

    load_compiler()
    importlib.import_module("shareshift.charts.pictures")
    with contextlib.suppress(ShareshiftError):
        market = cache.open_market()
        presets = cache.presets_of(market, market.digest)
        for mode in ("light", "dark"):
            look = cache.look_of(market, market.digest, mode)
            cache.specs_of(market, look, (market.digest, mode))
        baseline = presets.get("baseline", Scenario())
        cache.first_results(market, baseline)
    # The engine comes after the first picture, which may not have needed it, and before the first slider.
    time.sleep(AFTER_FIRST_PICTURE)
    importlib.import_module("shareshift.results.projection")
    with contextlib.suppress(ShareshiftError):
        market = cache.open_market()
        presets = cache.presets_of(market, market.digest)
        held = cache.common_draws(market, market.digest, market.as_of)
        first_tested(market, presets.get("baseline", Scenario()), held.branch())
    with contextlib.suppress(ShareshiftError):
        the_store()
    cache.settle_memory.clear()
    cache.settle_memory()
