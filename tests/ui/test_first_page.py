"""The first page without a browser: the story, three figures with thresholds, and what a move did."""

import re

import pytest

from shareshift.basics.months import first_month, months_from
from shareshift.market.market import Market
from support.pages import open_page, told

pytestmark = pytest.mark.usefixtures("tiny_app")


def test_the_page_opens_with_product_market_event_and_question(tiny: Market) -> None:
    app = open_page()
    opening = told(app, "story")
    assert f"Shareshift · {tiny.title}".replace("'", "&#x27;") in opening
    assert tiny.event.split(",")[0].replace("'", "&#x27;") in opening
    assert "Who gets it?" in opening


def test_a_threshold_moves_its_own_chance_and_nothing_else() -> None:
    app = open_page()
    before, lead = told(app, "chance").splitlines(), told(app, "lead")
    slider = app.slider(key="threshold-displaced")
    slider.set_value(slider.min).run()
    after = told(app, "chance").splitlines()
    assert after[0] == '<p class="chance">Above zero: almost certain (100%)</p>' != before[0]
    assert after[1:] == before[1:]
    app.slider(key="threshold-displaced").set_value(slider.max).run()
    assert "almost no chance (0%)" in told(app, "chance").splitlines()[0]
    assert told(app, "lead") == lead


def test_a_move_tells_what_was_before_and_its_largest_consequence() -> None:
    app = open_page()
    assert "was " not in told(app, "figure")
    app.slider(key="slider-moved_share").set_value(0.2).run()
    assert len(re.findall("was ", told(app, "figure"))) == 3
    assert "Your change does most to" in told(app, "consequence")


def test_a_move_that_was_taken_back_says_nothing() -> None:
    app = open_page()
    app.slider(key="slider-moved_share").set_value(0.2).run()
    app.button(key="reset-moved_share").click().run()
    assert "Your change" not in told(app, "consequence")
    assert "was " not in told(app, "figure")


def test_a_preset_is_a_start_of_its_own_and_no_change() -> None:
    app = open_page(scenario="exodus")
    assert "was " not in told(app, "figure")
    assert "Your change" not in told(app, "consequence")


def test_playing_goes_through_every_month_and_ends(tiny: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shareshift.ui.money.playing.PACE", 0.0)
    app = open_page()
    app.button(key="play").click().run()
    assert not app.exception
    assert "playing" not in app.session_state
    months = months_from(first_month(tiny.event_date), tiny.horizon_months)
    assert app.select_slider(key=f"month-{len(months)}").value == months[-1]
    assert app.button(key="play").label == "Play"
