"""The page What matters without a browser: which figure, what decides it, the runs that can be stopped, the target."""

import pytest
from streamlit.testing.v1 import AppTest

from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.drivers import sentences
from shareshift.results.drivers.answer import drivers_of
from shareshift.results.drivers.figures import result_label
from shareshift.results.drivers.study import open_study
from shareshift.scenario.scenario import Scenario
from shareshift.ui.drivers import cache, together
from support.pages import captions, labels, open_page, told

pytestmark = pytest.mark.usefixtures("tiny_app")
DRAWS = 128
# A figure that is nothing in every simulation of the tiny market.
NEVER = "sources_contradict"


def opened(**query: str) -> AppTest:
    """The page by itself, on few draws."""
    return open_page("what-matters", alone=True, draws=DRAWS, **query)


@pytest.mark.parametrize(
    ("query", "figure"), [({}, "displaced"), ({"figure": "gain:bolt"}, "gain:bolt"), ({"figure": NEVER}, NEVER)]
)
def test_the_page_says_what_decides_the_figure_that_the_address_names(tiny: Market, query, figure) -> None:
    app = opened(**query)
    found = drivers_of(open_study(tiny, Scenario(), Draws(DRAWS, 0))).of(figure)
    assert sentences.lead(result_label(tiny, figure), found.check_next) in told(app, "lead")
    assert sentences.tornado_finding(result_label(tiny, figure), found.tornado) in told(app)
    for one in sentences.check_next(found.check_next):
        assert f"<b>{one.label}</b>: {one.words}, <a " in told(app, "check-next")
        assert f'evidence?evidence-table={one.table}&amp;evidence-words={one.row}"' in told(app, "check-next")
    assert {"CSV of all inputs", "CSV of the register"} <= labels(app)
    assert app.query_params.get("figure", "displaced") == figure


def test_another_figure_goes_into_the_address_and_an_unknown_one_is_told() -> None:
    app = opened(figure="profit")
    assert "The address names a figure that this market does not have" in captions(app)
    app.selectbox(key="drivers-figure").set_value("gain:bolt").run()
    assert not app.exception
    assert app.query_params["figure"] == "gain:bolt"
    assert "Displaced money won by Bolt" in told(app, "lead")
    assert "does not have" not in captions(app)


def test_a_slider_moves_the_answer_and_what_was_found_is_kept(monkeypatch) -> None:
    runs = []
    find = cache.drivers_in
    monkeypatch.setattr(cache, "drivers_in", lambda *of: runs.append(of) or find(*of))
    app = opened()
    runs.clear()
    before = told(app)
    app.slider(key="slider-moved_share").set_value(0.2).run()
    assert told(app) != before
    assert len(runs) == 1
    app.slider(key="slider-moved_share").set_value(0.8).run()
    assert len(runs) == 1


@pytest.mark.slow
def test_the_runs_for_what_acts_together_are_watched_stopped_and_kept(monkeypatch) -> None:
    app = opened()
    app.button(key="drivers-together").click().run()
    assert told(app).count("What acts only together?") == 1
    assert app.button(key="drivers-together-stop").label == "Stop"
    app.button(key="drivers-together-stop").click().run()
    assert app.button(key="drivers-together").label == "Run the inputs together"
    app.button(key="drivers-together").click().run()
    for _ in range(together.SINGLES + 4):
        if "arises only" in told(app):
            break
        app.run()
    assert "arises only where they act together" in told(app)
    # Whoever asks again finds it kept.
    assert "arises only where they act together" in told(opened())


@pytest.mark.slow
def test_a_target_is_answered_in_the_unit_of_the_figure() -> None:
    app = opened()
    app.number_input(key="drivers-target-displaced").set_value(0.1)
    app.button(key="drivers-target-find").click().run()
    assert not app.exception
    assert "0.10m" in told(app, "target")
    assert "CSV of these sliders" in labels(app)
