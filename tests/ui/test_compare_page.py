"""The page of comparisons without a browser: what is chosen, what a link says, what went stale, and every file."""

import ast
import inspect

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from shareshift.basics.version import __version__
from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.answer import Comparison, compare
from shareshift.results.compare.explaining import explain
from shareshift.scenario.address import stamp
from shareshift.scenario.scenario import Scenario, read_scenarios
from shareshift.ui.compare import cache as compare_cache
from shareshift.ui.compare.files import files_of
from shareshift.ui.saved.opening import the_store
from shareshift.ui.saved.owner import Owner, new_cookie, owner_of
from support.pages import labels, open_page, told
from support.places import TINY

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("tiny_app")]
DRAWS = 128
CALM = Scenario(title="Calm after all", parameters={"exodus": -1.0})


@pytest.fixture
def owner() -> Owner:
    return Owner(name=owner_of(new_cookie()), lasting=False)


@pytest.fixture
def presets(tiny: Market) -> dict[str, Scenario]:
    return read_scenarios(TINY, tiny)


def opened(owner: Owner | None = None, **query: str) -> AppTest:
    """The page by itself, on few draws."""
    return open_page("compare", alone=True, draws=DRAWS, state={"owner": owner} if owner else {}, **query)


def saved(owner: Owner, market: Market, scenario: Scenario, digest: str = "") -> str:
    content = scenario.to_dict()
    return the_store().create(owner.name, content, digest or market.digest, market.market_id, __version__).scenario_id


def lead(app: AppTest) -> str:
    return told(app, "lead")


def test_the_page_opens_with_the_baseline_and_the_next_preset_and_needs_no_address_for_it() -> None:
    app = opened()
    assert "Under Everybody flees" in lead(app)
    assert "than under Baseline" in lead(app)
    assert not app.query_params
    assert app.multiselect(key="compare-picked").value == ["baseline", "exodus"]
    assert "the same in every simulation" in told(app, "sides") or "more in" in told(app, "sides")
    assert "How strongly buyers flee" in told(app, "inputs")
    assert told(app, "flips")


def test_a_link_opens_what_it_says_in_its_order() -> None:
    app = opened(compare="exodus~baseline")
    assert "than under Everybody flees" in lead(app)
    assert app.selectbox(key="compare-reference").value == "exodus"
    assert app.query_params["compare"] == "exodus~baseline"


def test_another_reference_turns_the_comparison_round_and_the_address_with_it() -> None:
    app = opened()
    app.selectbox(key="compare-reference").select("exodus").run()
    assert "Under Baseline" in lead(app)
    assert app.query_params["compare"] == "exodus~baseline"
    assert app.multiselect(key="compare-picked").value == ["exodus", "baseline"]


def test_what_a_link_says_and_cannot_be_had_is_named_and_the_rest_compared() -> None:
    odd = f"{'0' * 32}.3"
    app = opened(compare=f"baseline~nowhere~exodus~baseline~{odd}~{'0' * 32}")
    refused = told(app, "compare-refused")
    for words in (
        "“nowhere” is neither",
        "“Baseline” is named twice",
        f"“{odd}” could not be opened",
        "with its version",
    ):
        assert words in refused
    assert "Under Everybody flees" in lead(app)
    app.multiselect(key="compare-picked").set_value(["baseline", "current"]).run()
    assert not told(app, "compare-refused")


def test_more_than_four_in_a_link_are_one_too_many(tiny: Market, owner: Owner) -> None:
    ids = [saved(owner, tiny, Scenario(title=f"Mine {n}", parameters={"exodus": n / 10})) for n in range(1, 5)]
    app = opened(owner, compare="~".join(["baseline", *(f"{one}.1" for one in ids)]))
    assert "“Mine 4” is one too many" in told(app, "compare-refused")
    assert "Mine 3" in lead(app)
    assert "Mine 4" not in lead(app)


def test_a_link_made_on_other_tables_says_so_and_one_made_here_does_not(tiny: Market) -> None:
    assert "00000000" in told(opened(compare="baseline~exodus", compare_on="00000000.0.0.1"), "compare-made-on")
    assert not told(opened(compare="baseline~exodus", compare_on=stamp(tiny)), "compare-made-on")


def test_the_reader_is_asked_for_a_second_scenario() -> None:
    app = opened(compare="baseline")
    assert "Choose one to three scenarios besides “Baseline”" in lead(app)
    app.multiselect(key="compare-picked").set_value([]).run()
    assert "Choose two to four scenarios to see" in lead(app)
    app.multiselect(key="compare-picked").set_value(["exodus", "baseline"]).run()
    assert "Under Baseline" in lead(app)


def test_what_the_sliders_say_is_compared_and_followed() -> None:
    app = opened(moved_share="0.2")
    assert "Baseline, edited" in lead(app)
    assert "compare" not in app.query_params
    assert app.query_params["moved_share"] == "0.2"
    before = lead(app)
    slider = next(one for one in app.slider if one.key == "slider-moved_share")
    slider.set_value(0.6).run()
    assert not told(app, "compare-stale")
    assert lead(app) != before


def test_a_slider_moved_beside_presets_joins_them() -> None:
    app = opened()
    app.slider(key="slider-moved_share").set_value(0.2).run()
    assert app.query_params["compare"] == "baseline~exodus~current"
    assert "Baseline, edited" in lead(app)


def test_an_emptied_choice_stays_empty_where_the_page_is_loaded_again() -> None:
    app = opened()
    app.multiselect(key="compare-picked").set_value([]).run()
    assert "Choose two to four" in lead(opened(compare=app.query_params["compare"]))


def test_a_saved_scenario_is_compared_by_its_version_and_a_newer_one_is_offered(tiny: Market, owner: Owner) -> None:
    key = saved(owner, tiny, CALM)
    app = opened(owner, compare=f"baseline~{key}.1")
    assert "Under Calm after all" in lead(app)
    assert app.query_params["compare"] == f"baseline~{key}.1"
    before = lead(app)
    more = Scenario(title="Calm after all", parameters={"exodus": -2.0})
    the_store().save(owner.name, key, more.to_dict(), 1, tiny.digest, tiny.market_id, __version__)
    app.run()
    assert "has a version 2; the comparison shows version 1" in told(app, "compare-stale")
    assert lead(app) == before
    again = opened(owner, compare=f"baseline~{key}.1")
    assert lead(again) == before
    assert told(again, "compare-stale")
    again.button(key="compare-take-new").click().run()
    assert lead(again) != before
    assert again.query_params["compare"] == f"baseline~{key}.2"


def test_whoever_has_the_link_sees_a_scenario_that_somebody_else_saved(tiny: Market, owner: Owner) -> None:
    key = saved(owner, tiny, CALM)
    other = opened(Owner(name=owner_of(new_cookie()), lasting=False), compare=f"baseline~{key}.1")
    assert "Under Calm after all" in lead(other)
    assert not told(other, "compare-refused")
    more = Scenario(title="Calm after all", parameters={"exodus": -2.0})
    the_store().save(owner.name, key, more.to_dict(), 1, tiny.digest, tiny.market_id, __version__)
    assert "has a version 2" in told(other.run(), "compare-stale")


def test_a_chosen_scenario_that_is_archived_stays_on_the_page(tiny: Market, owner: Owner) -> None:
    key = saved(owner, tiny, CALM)
    app = opened(owner, compare=f"baseline~{key}.1")
    the_store().archive(owner.name, key)
    assert "Under Calm after all" in lead(app.run())
    assert not told(app, "compare-stale")


def test_a_saved_scenario_that_no_longer_fits_is_named_and_left_out(tiny: Market, owner: Owner) -> None:
    gone = Scenario(title="Of last year", customers={"west": {"exit": 1.0}})
    app = opened(owner, compare=f"baseline~{saved(owner, tiny, gone)}.1~exodus")
    faults = told(app, "compare-faults")
    assert "“Of last year” no longer fits" in faults
    assert "customers.west is not in customers.csv" in faults
    assert "Of last year" not in lead(app)
    assert "Under Everybody flees" in lead(app)


def test_a_scenario_saved_on_other_tables_is_compared_and_marked(tiny: Market, owner: Owner) -> None:
    key = saved(owner, tiny, CALM, digest="ab" * 32)
    app = opened(owner, compare=f"baseline~{key}.1")
    assert "“Calm after all” was saved on other tables" in told(app, "compare-other-tables")
    assert "Under Calm after all" in lead(app)


def test_going_to_another_address_in_the_same_tab_is_followed() -> None:
    app = opened()
    assert "Under Everybody flees" in lead(app)
    app.query_params["compare"] = "exodus~baseline"
    app.run()
    assert "Under Baseline" in lead(app)


def test_different_horizons_are_said(tiny: Market, owner: Owner) -> None:
    key = saved(owner, tiny, Scenario(title="Longer", horizon_months=9, parameters={"exodus": 1.0}))
    app = opened(owner, compare=f"baseline~{key}.1")
    assert "the 3 in common count" in told(app, "status")


def test_two_scenarios_that_say_the_same_come_to_the_same(tiny: Market, owner: Owner) -> None:
    key = saved(owner, tiny, Scenario(title="Baseline"))
    app = opened(owner, compare=f"baseline~{key}.1")
    assert "Baseline (2) and Baseline give the same in every simulation." in lead(app)
    assert "No input differs" in told(app, "finding")


def test_another_vendor_and_another_result_change_their_picture_only() -> None:
    app = opened()
    before = lead(app)
    app.selectbox(key="compare-vendor").select("crane").run()
    assert "Crane’s share, March 2025" in told(app, "finding")
    app.selectbox(key="compare-result-Everybody flees").select(("displaced", None)).run()
    assert lead(app) == before


def test_each_of_three_scenarios_can_be_looked_at_closer(tiny: Market, owner: Owner) -> None:
    app = opened(owner, compare=f"baseline~exodus~{saved(owner, tiny, CALM)}.1")
    assert "2 inputs differ under Everybody flees" in told(app, "finding")
    app.session_state["compare-closer"] = "Calm after all"
    app.run()
    assert "1 input differs under Calm after all" in told(app, "finding")
    assert "explains all of" in told(app, "finding")


@pytest.mark.parametrize(
    "twin", ["compare-figures", "compare-gains", "compare-shares", "compare-parts", "compare-ranks"]
)
def test_every_picture_and_table_has_its_numbers_and_a_file(twin: str) -> None:
    app = opened()
    app.session_state[f"twin-{twin}"] = True
    app.run()
    assert not app.exception
    assert len(app.dataframe) == 1
    assert {"CSV of this picture", "CSV of this table"} & labels(app)


def test_every_file_of_the_command_line_is_offered_and_is_the_same(
    tiny: Market, presets: dict[str, Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"compare_explained.csv", "scenario-1.toml", "scenario-2.toml"}
    held = Draws(DRAWS, 0)
    monkeypatch.setattr(compare_cache, "session_draws", lambda: held)
    chosen = [presets["baseline"], presets["exodus"]]
    found = compare(tiny, chosen, Draws(DRAWS, 0))
    names |= {f"{name}.csv" for name in found.tables}
    offered = files_of(tiny, found)
    assert {words for _, words, _ in offered} <= labels(opened())
    assert not any(".csv" in words for _, words, _ in offered)
    files = {name: make() for name, _, make in offered}
    assert set(files) == names
    assert files["compare_figures.csv"] == write_csv(found.figures)
    assert files["compare_explained.csv"] == write_csv(explain(tiny, chosen, Draws(DRAWS, 0)))
    assert files["scenario-2.toml"] == presets["exodus"].to_toml().encode()


def test_what_inputs_explain_is_kept_and_the_kept_are_few(
    tiny: Market, presets: dict[str, Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    held, asked = Draws(32, 0), []
    monkeypatch.setattr(compare_cache, "session_draws", lambda: held)
    monkeypatch.setattr(compare_cache, "explain", lambda *_: asked.append(1) or pl.DataFrame())
    monkeypatch.setattr(compare_cache, "EXPLANATIONS", 2)
    compare_cache._explanations.clear()
    moved = [presets["baseline"].with_parameters(exodus=n / 10) for n in range(1, 4)]
    for scenario in (*moved, moved[-1], moved[0]):
        compare_cache.explained(tiny, [presets["baseline"], scenario], 1, lambda _: None)
    assert len(asked) == 4
    assert len(compare_cache._explanations()) == 2
    compare_cache._explanations.clear()


def test_no_cached_function_hashes_a_frame_or_a_market() -> None:
    tree = ast.parse(inspect.getsource(compare_cache))
    cached = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and any("cache_" in ast.unparse(item) for item in node.decorator_list)
    ]
    assert cached
    for function in cached:
        for argument in function.args.args:
            kind = ast.unparse(argument.annotation) if argument.annotation else ""
            plain = kind in ("str", "int", "Key") or kind.startswith("tuple[")
            assert plain or argument.arg.startswith("_"), f"{function.name}({argument.arg}: {kind})"


def test_nothing_that_is_kept_holds_a_run() -> None:
    kinds = {str(kind) for kind in Comparison.__annotations__.values()}
    assert not any(word in kind for kind in kinds for word in ("Projection", "ndarray", "Draws", "Outcome"))
