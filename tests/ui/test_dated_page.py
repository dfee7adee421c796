"""The date up to which evidence counts: on the page, in its address, in the names of files."""

from datetime import date

import pytest
import streamlit as st

from shareshift.market.known import as_known_on, counted_rows, known_dates
from shareshift.market.market import read_market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.changed import changed_sentence, what_changed
from shareshift.scenario.scenario import Scenario
from shareshift.ui.record.dated import read_date
from shareshift.ui.record.known import came_since, known_words
from support.pages import FEW, captions, go_to, open_page, open_part, told
from support.places import BUNDLED

LATER = date(2025, 9, 30)


@pytest.fixture(scope="module")
def bundled():
    return read_market(BUNDLED)


@pytest.fixture
def bundled_app(empty_caches, monkeypatch, tmp_path):
    monkeypatch.setenv("SHARESHIFT_MARKET", str(BUNDLED))
    monkeypatch.setenv("SHARESHIFT_DATA", str(tmp_path))
    monkeypatch.setattr("gc.freeze", lambda: None)


def test_a_date_of_an_address_is_one_that_can_be_shown_or_is_told(bundled):
    days = known_dates(bundled)
    assert read_date("2025-09-30", days) == (LATER, "")
    found, said = read_date("2025-10-05", days)
    assert (found, "Nothing became known from 30 September 2025 to 5 October 2025" in said) == (LATER, True)
    early, refused = read_date("2020-01-01", days)
    assert early is None
    assert "The first date is 12 June 2025" in refused
    wrong, fault = read_date("soon", days)
    assert wrong is None
    assert "as_of=soon is no date" in fault


def test_what_came_since_is_what_was_not_known(bundled):
    came = came_since(as_known_on(bundled, LATER), date(2026, 4, 14))
    assert (came["known_from"] > LATER).all()
    assert (came["known_from"] <= date(2026, 4, 14)).all()
    assert came["central"].null_count() == 0
    words = known_words(bundled, counted_rows(bundled), counted_rows(bundled).head(0), came)
    assert f"and {came.height} outcomes" in words


@pytest.mark.slow
def test_the_date_moves_the_page_its_address_its_files_and_the_next_page(bundled_app, monkeypatch):
    names: list[str] = []
    monkeypatch.setattr(st, "download_button", lambda *_, file_name, **__: names.append(file_name))
    app = open_page()
    assert app.select_slider(key="as-of").value == date(2025, 6, 30)
    assert "as_of" not in app.query_params
    assert "known on 30 June 2025" in told(app, "source")
    names.clear()
    app.select_slider(key="as-of").set_value(LATER).run()
    assert not app.exception
    assert app.query_params["as_of"] == str(LATER)
    assert "known on 30 September 2025" in told(app, "source")
    assert names
    assert all("-as-of-2025-09-30-" in name for name in names)
    assert "This page is as known on" not in captions(app)
    go_to(app, "scenarios")
    assert "This page is as known on 30 June 2025" in captions(app)
    go_to(app, "track-record")
    assert not app.exception
    assert app.select_slider(key="as-of").value == LATER


@pytest.mark.slow
def test_an_address_opens_the_page_at_its_date_beside_its_scenario(bundled_app):
    app = open_page(as_of=str(LATER), growth="0.5")
    assert not app.exception
    assert app.select_slider(key="as-of").value == LATER
    assert app.query_params["as_of"] == str(LATER)
    assert app.query_params["growth"] == "0.5"
    assert app.slider(key="slider-growth").value == 0.5


@pytest.mark.slow
def test_an_address_of_too_early_a_date_is_refused_in_words(bundled_app):
    app = open_page(as_of="2020-01-01")
    assert not app.exception
    assert app.select_slider(key="as-of").value == date(2025, 6, 30)
    assert "The first date is 12 June 2025" in told(app)


def asking(market):
    from shareshift.ui.record.changed import show_changed
    from shareshift.ui.record.known import show_known

    show_known(market)
    show_changed(market)


@pytest.mark.slow
def test_what_was_known_and_what_changed_are_shown_when_they_are_opened(bundled):
    app = open_part(asking, bundled, draws=FEW, known=True, changed=True)
    assert not app.exception
    assert "30 June 2025" in told(app)
    app.selectbox(key="changed-to-2025-06-30").select(LATER).run()
    assert not app.exception
    found = what_changed(bundled, Scenario(), (date(2025, 6, 30), LATER), Draws(FEW, 0))
    assert changed_sentence(found) in told(app)
    assert found.rows.height in [len(table.value) for table in app.dataframe]


def test_a_market_with_one_date_asks_for_none(tiny):
    app = open_part(asking, tiny, draws=8, changed=True)
    assert not app.exception
    assert not app.selectbox
