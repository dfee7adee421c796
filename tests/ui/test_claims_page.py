"""The page of the claims without a browser: the lead moves, believing works or refuses, every file is there."""

import ast
import inspect
from datetime import date

import polars as pl
import pytest
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
from shareshift.ui.claims.targets import told_and_vain
from shareshift.ui.claims.tested import cards_of
from support.markets import with_table
from support.pages import go_to, labels, open_page, told

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("tiny_app")]
DRAWS = 256


def opened(**state: object) -> AppTest:
    """The page by itself, on few draws."""
    state = {key.replace("_", "-"): value for key, value in state.items()}
    return open_page("claims", alone=True, draws=DRAWS, state=state)


def test_the_page_opens_with_a_sentence_and_every_claim() -> None:
    app = opened(claims_group="All claims")
    assert not app.exception
    assert "claims that can be tested" in told(app, "lead")
    assert "Bolt will take at least 50 USD" in told(app, "claim")
    assert "North is leaving Acme" in told(app, "claim")
    assert told(app, "together")


def test_a_slider_moves_what_the_claims_are_measured_against() -> None:
    app = opened()
    before = told(app, "together")
    app.slider(key="slider-moved_share").set_value(0.2).run()
    assert not app.exception
    assert told(app, "together") != before
    assert app.query_params["moved_share"] == "0.2"


def test_a_scenario_chosen_on_another_page_holds_here() -> None:
    app = open_page(draws=DRAWS)
    app.slider(key="slider-moved_share").set_value(0.2).run()
    go_to(app, "claims")
    assert not app.exception
    assert app.slider(key="slider-moved_share").value == 0.2
    assert app.slider(key="slider-exodus").value == 0.0
    go_to(app, "money")
    assert app.slider(key="slider-moved_share").value == 0.2
    assert app.slider(key="slider-exodus").value == 0.0


def test_believing_is_off_until_asked_for_and_then_shows_prior_and_posterior() -> None:
    app = opened()
    assert not told(app, "effective")
    app.toggle(key="claims-believe").set_value(True).run()
    assert not app.exception
    assert "reweighted simulations are worth" in told(app, "effective")
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
    low = told(app, "effective")
    app.slider(key="belief-north-leaves-event").set_value(0.99).run()
    assert told(app, "effective") != low
    app.button(key="claims-belief-reset").click().run()
    assert not app.exception
    assert "claims-chosen" not in app.session_state


def test_no_claim_believed_changes_nothing_and_says_so() -> None:
    app = opened()
    app.toggle(key="claims-believe").set_value(True).run()
    app.multiselect(key="claims-believed").set_value([]).run()
    assert not app.exception
    assert "No claim is believed" in told(app, "effective")


def test_a_belief_that_cannot_be_had_is_refused_in_the_words_of_the_engine() -> None:
    app = opened()
    app.slider(key="slider-moved_share").set_value(0.0).run()
    app.session_state["claims-chosen"] = [("bolt-wins", "recognised")]
    app.toggle(key="claims-believe").set_value(True).run()
    assert not app.exception
    assert "It fails in every simulation: the largest reaches " in told(app, "belief-refused")


def test_few_draws_are_warned_of() -> None:
    # Under this seed North stays in one draw of 64.
    app = opened(draws=Draws(64, 9))
    app.session_state["claims-chosen"] = [("north-leaves", "event")]
    app.session_state["claims-values"] = {("north-leaves", "event"): 0.0}
    app.toggle(key="claims-believe").set_value(True).run()
    assert not app.exception
    assert "less than a tenth" in told(app, "status")


def test_what_one_claim_would_take_is_looked_for_only_when_asked() -> None:
    app = opened(claims_take=True)
    assert not app.exception
    assert not told(app, "even-odds")
    app.button(key="claims-even-look").click().run()
    assert not app.exception
    assert told(app, "even-odds")
    assert "CSV of these sliders" in labels(app)


def test_every_file_of_the_command_line_is_offered_and_is_the_same(tiny: Market) -> None:
    app = opened()
    assert {f"{words} (CSV)" for words in FILES.values()} <= labels(app)
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
    cards = cards_of(answer.claims)
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


def test_sliders_that_change_nothing_share_one_sentence() -> None:
    found = pl.DataFrame(
        {
            "label": ["Pull", "Growth", "Moved"],
            "value": [None, None, None],
            "best_result": [0.0, 0.0, 0.2],
            "words": ["a", "b", "c"],
        },
        schema_overrides={"value": pl.Float64},
    )
    told_rows, vain = told_and_vain(found)
    assert told_rows["label"].to_list() == ["Moved"]
    assert vain == "It fails in every simulation wherever any of these stands: Pull; Growth."
    assert told_and_vain(found[1:])[1] == ""


def test_a_claim_that_fails_everywhere_says_on_its_card_what_the_largest_simulation_reaches() -> None:
    app = opened()
    app.slider(key="slider-moved_share").set_value(0.0).run()
    assert "It fails in every simulation: the largest reaches " in told(app)
