"""What readers hold in the server's memory: shared where it is the same, and let go after many later visits."""

import gc
import weakref

import numpy as np
import pytest
import streamlit as st

from shareshift.market.parameters import Range
from shareshift.ui.shell import cache
from support.places import TINY


@pytest.fixture(autouse=True)
def tiny_app(monkeypatch: pytest.MonkeyPatch) -> None:
    st.cache_resource.clear()
    monkeypatch.setenv("SHARESHIFT_MARKET", str(TINY))
    monkeypatch.setattr(cache, "DEFAULT_DRAWS", 64)


def visit(monkeypatch: pytest.MonkeyPatch, state: dict[str, object] | None = None) -> dict[str, object]:
    """Let another reader come; returns its session, which goes on existing while the test holds it."""
    state = {} if state is None else state
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_readers_share_what_the_baseline_draws_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    visit(monkeypatch)
    one = cache.session_draws()
    assert cache.session_draws() is one
    visit(monkeypatch)
    other = cache.session_draws()
    assert other is not one
    baseline, moved = cache.open_market().parameters["growth"].range, Range.fixed(0.5)
    assert one.value("growth", baseline) is other.value("growth", baseline)
    assert one.value("growth", moved) is not other.value("growth", moved)
    np.testing.assert_array_equal(one.value("growth", moved), other.value("growth", moved))


def test_draws_of_old_visits_are_let_go_and_come_back_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    first = visit(monkeypatch)
    held = cache.session_draws()
    moved = Range.fixed(0.5)
    before, gone = held.value("growth", moved).copy(), weakref.ref(held)
    del held
    sessions = []
    for _ in range(200):
        sessions.append(visit(monkeypatch))
        cache.session_draws()
    gc.collect()
    assert gone() is None
    visit(monkeypatch, first)
    np.testing.assert_array_equal(cache.session_draws().value("growth", moved), before)
    assert len(sessions) == 200
