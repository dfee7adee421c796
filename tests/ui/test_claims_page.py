"""The page of the claims without a browser: the lead moves, believing works or refuses, every file is there."""

import ast
import inspect
from datetime import date

import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.claims.answer import claims_answer
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from shareshift.ui.claims import cache as claims_cache
from shareshift.ui.claims import sentences, words
from shareshift.ui.claims.blocks import FILES
from support.markets import with_table
from support.places import ROOT, TINY

pytestmark = pytest.mark.slow

PAGE = ROOT / "src" / "shareshift" / "ui" / "claims" / "page.py"
DRAWS = 256


@pytest.fixture(scope="module", autouse=True)
def fresh() -> None:
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def tiny_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARESHIFT_MARKET", str(TINY))
    # Freezing for good would keep everything that earlier tests left behind.
    monkeypatch.setattr("gc.freeze", lambda: None)


def opened(**state: object) -> AppTest:
    """The page by itself, on few draws."""
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["draws"] = Draws(DRAWS, 0)
    for key, value in state.items():
        app.session_state[key.replace("_", "-")] = value
    return app.run()


def told(app: AppTest, mark: str) -> str:
    return "\n".join(block.proto.body for block in app.get("html") if mark in block.proto.body)


def labels(app: AppTest) -> set[str]:
    return {button.proto.label for button in app.get("download_button")}


def test_the_page_opens_with_a_sentence_and_every_claim() -> None:
    app = opened(claims_group="All claims")
    assert not app.exception
    assert "claims that can be tested" in told(app, 'class="lead"')
    assert "Bolt will take at least 50 USD" in told(app, 'class="claim"')
    assert "North is leaving Acme" in told(app, 'class="claim"')
    assert told(app, 'data-testid="together"')


def test_a_slider_moves_what_the_claims_are_measured_against() -> None:
    app = opened()
    before = told(app, 'data-testid="together"')
    app.slider(key="slider-moved_share").set_value(0.2).run()
    assert not app.exception
    assert told(app, 'data-testid="together"') != before
    assert app.query_params["moved_share"] == "0.2"


def test_a_scenario_chosen_on_another_page_holds_here() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.slider(key="slider-moved_share").set_value(0.2).run()
    app.switch_page("src/shareshift/ui/claims/page.py").run()
    assert not app.exception
    assert app.slider(key="slider-moved_share").value == 0.2
    assert app.slider(key="slider-exodus").value == 0.0
    app.switch_page("src/shareshift/ui/money/page.py").run()
    assert app.slider(key="slider-moved_share").value == 0.2
    assert app.slider(key="slider-exodus").value == 0.0


def test_believing_is_off_until_asked_for_and_then_shows_prior_and_posterior() -> None:
    app = opened()
    assert not told(app, 'data-testid="effective"')
    app.toggle(key="claims-believe").set_value(True).run()
    assert not app.exception
    assert "weighted draws are worth" in told(app, 'data-testid="effective"')
    assert "CSV of this picture" not in labels(app)
    app.session_state["twin-claims-posterior"] = True
    app.run()
    assert "CSV of this picture" in labels(app)
    assert {"Before, mean", "After, mean"} <= set(app.dataframe[0].value.columns)


def test_a_credibility_moves_the_posterior_and_goes_back_to_the_grade() -> None:
    app = opened()
    app.session_state["claims-chosen"] = [("north-leaves", "event")]
    app.toggle(key="claims-believe").set_value(True).run()
    app.slider(key="belief-north-leaves-event").set_value(0.01).run()
    assert not app.exception
    low = told(app, 'data-testid="effective"')
    app.slider(key="belief-north-leaves-event").set_value(0.99).run()
    assert told(app, 'data-testid="effective"') != low
    app.button(key="claims-belief-reset").click().run()
    assert not app.exception
    assert "claims-chosen" not in app.session_state


def test_no_claim_believed_changes_nothing_and_says_so() -> None:
    app = opened()
    app.toggle(key="claims-believe").set_value(True).run()
    app.multiselect(key="claims-believed").set_value([]).run()
    assert not app.exception
    assert "No claim is believed" in told(app, 'data-testid="effective"')


def test_a_belief_that_cannot_be_had_is_refused_in_the_words_of_the_engine() -> None:
    app = opened()
    app.slider(key="slider-moved_share").set_value(0.0).run()
    app.session_state["claims-chosen"] = [("bolt-wins", "recognised")]
    app.toggle(key="claims-believe").set_value(True).run()
    assert not app.exception
    assert "Nothing in this scenario makes this true" in told(app, 'data-testid="belief-refused"')


def test_few_draws_are_warned_of() -> None:
    # Under this seed North stays in one draw of 64.
    app = opened(draws=Draws(64, 9))
    app.session_state["claims-chosen"] = [("north-leaves", "event")]
    app.session_state["claims-values"] = {("north-leaves", "event"): 0.0}
    app.toggle(key="claims-believe").set_value(True).run()
    assert not app.exception
    assert "less than a tenth" in told(app, 'role="status"')


def test_what_one_claim_would_take_is_looked_for_only_when_asked() -> None:
    app = opened(claims_take=True)
    assert not app.exception
    assert not told(app, 'data-testid="even-odds"')
    app.button(key="claims-even-look").click().run()
    assert not app.exception
    assert told(app, 'data-testid="even-odds"')
    assert "CSV of these sliders" in labels(app)


def test_every_file_of_the_command_line_is_offered_and_is_the_same(tiny: Market) -> None:
    app = opened()
    assert {f"{name}.csv" for name in FILES} <= labels(app)
    assert set(claims_answer(project(tiny, Scenario(), 64)).tables) == set(FILES)


@pytest.mark.parametrize("chart", ["claims-stack", "claims-odds"])
def test_every_picture_has_a_table_and_a_file(chart: str) -> None:
    app = opened()
    app.session_state[f"twin-{chart}"] = True
    app.run()
    assert not app.exception
    assert len(app.dataframe) == 1
    assert "CSV of this picture" in labels(app)


def test_a_run_too_short_for_every_claim_says_so(tiny: Market) -> None:
    late = tiny.tables["claims"].with_columns(pl.lit(date(2099, 12, 31)).alias("deadline"))
    market = with_table(tiny, "claims", late)
    answer = claims_answer(project(market, Scenario(), 64), None, {})
    cards = words.cards_of(answer.claims)
    assert "None of the claims can be tested" in sentences.lead(cards, answer.oversubscription, market.names)
    assert sentences.stack_finding(answer.oversubscription) == "No rival names an amount that it wins"
    assert all(words.chance_words(card.row) == "not tested" for card in cards)


def test_no_cached_function_hashes_a_frame_or_a_market() -> None:
    tree = ast.parse(inspect.getsource(claims_cache))
    cached = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and any("cache_" in ast.unparse(item) for item in node.decorator_list)
    ]
    assert cached
    for function in cached:
        for argument in function.args.args:
            kind = ast.unparse(argument.annotation) if argument.annotation else ""
            plain_kind = kind in ("str", "int", "RunKey", "Beliefs | None") or kind.startswith("tuple[")
            assert plain_kind or argument.arg.startswith("_"), f"{function.name}({argument.arg}: {kind})"


def test_nothing_that_is_kept_holds_a_run() -> None:
    for kept in (claims_cache.Tested, claims_cache.Believed):
        kinds = {str(kind) for kind in kept.__annotations__.values()}
        assert not any(word in kind for kind in kinds for word in ("Projection", "ndarray", "Draws", "Measured"))


def test_a_downloaded_table_is_the_engines_own(tiny: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims_cache, "session_draws", lambda: Draws(64, 0))
    asked = claims_cache.Asked(tiny, Scenario())
    answer = claims_answer(project(tiny, Scenario(), 64, 0), None)
    for name in ("claims", "posterior"):
        assert asked.table(name, None) == write_csv(answer.tables[name])
