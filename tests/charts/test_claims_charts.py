"""The charts of the claims: columns exist, types are stated, specifications stand still, and bars add up."""

from collections.abc import Callable

import polars as pl
import pytest

from shareshift.charts.claims import inputs as claims_inputs
from shareshift.charts.claims import odds as claims_odds
from shareshift.charts.claims import place as claims_place
from shareshift.charts.claims import stack as claims_stack
from shareshift.charts.look import Look
from shareshift.charts.theme import style_for, vendor_colours
from shareshift.market.market import Market
from shareshift.results.claims.answer import ClaimsAnswer, claims_answer
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from support.chart_checks import check_fields, check_words_and_types
from support.claims_charts import Drawn, belief, inputs, odds, place, stack, strips

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["light", "dark"])
def look(tiny: Market, request: pytest.FixtureRequest) -> Look:
    style = style_for(request.param)
    colours = vendor_colours(style, tiny.incumbent, [tiny.tables["vendors"]["vendor_id"][1]])
    return Look(names=tiny.names, colours=colours, incumbent=tiny.incumbent, event_date=tiny.event_date, style=style)


@pytest.fixture(scope="module")
def answer(tiny: Market) -> ClaimsAnswer:
    return claims_answer(project(tiny, Scenario(), 64))


@pytest.fixture(scope="module")
def other(tiny: Market) -> ClaimsAnswer:
    return claims_answer(project(tiny, Scenario(parameters={"moved_share": 0.1}), 64))


each_chart = pytest.mark.parametrize("drawn", [odds, stack, place, belief, inputs])


@each_chart
def test_every_encoded_field_is_a_column_of_its_data(
    drawn: Callable[..., Drawn], answer: ClaimsAnswer, look: Look
) -> None:
    check_fields(*drawn(answer, look))


@each_chart
def test_every_chart_has_a_text_alternative_and_states_every_type(
    drawn: Callable[..., Drawn], answer: ClaimsAnswer, look: Look
) -> None:
    check_words_and_types(drawn(answer, look)[0])


@each_chart
def test_a_specification_does_not_change_with_the_numbers(
    drawn: Callable[..., Drawn], answer: ClaimsAnswer, other: ClaimsAnswer, look: Look
) -> None:
    assert drawn(answer, look)[0].to_dict() == drawn(other, look)[0].to_dict()


@each_chart
def test_every_place_on_a_canvas_lies_inside_it(drawn: Callable[..., Drawn], answer: ClaimsAnswer, look: Look) -> None:
    chart, data = drawn(answer, look)
    for frame in data.values():
        for name in {"top", "bottom", "y", "text_y", "bar_bottom", "head_y", "foot_y"} & set(frame.columns):
            assert frame[name].is_between(0, float(chart.height)).all(), name  # type: ignore[arg-type]


def test_the_coloured_part_of_a_strip_is_the_share_of_draws_that_hold(answer: ClaimsAnswer) -> None:
    row = answer.claims.filter(pl.col("metric") == "won_from_incumbent").row(0, named=True)
    strip = next(item for item in strips(answer) if item.yes_no is None)
    bars = claims_place.place_data([strip])["bars"].filter(pl.col("bottom") <= claims_place.BASE)
    tall = bars.group_by("kind").agg((pl.col("bottom") - pl.col("top")).sum())
    parts = dict(tall.iter_rows())
    assert parts.get("holds", 0.0) / sum(parts.values()) == pytest.approx(row["probability"], abs=1e-9)


def test_claims_stand_on_one_another_and_beside_their_own_pool_only(answer: ClaimsAnswer, look: Look) -> None:
    data = claims_stack.stack_data(answer.claimed_stack, look)
    counted = answer.claimed_stack.filter("counted")
    assert data["claimed_parts"].height == counted.height
    assert data["pools"].height == counted.select("basis", "deadline").n_unique()
    assert data["pools"]["mean"].to_list() == counted["mean_pool"].unique(maintain_order=True).to_list()


def test_pictures_of_nothing_are_empty_and_whole(look: Look, answer: ClaimsAnswer) -> None:
    assert claims_odds.odds_data([])["odds"].is_empty()
    assert claims_place.place_data([])["bars"].is_empty()
    assert claims_stack.stack_data(answer.claimed_stack.clear(), look)["pools"].is_empty()
    assert claims_inputs.inputs_data(answer.inputs_moved.clear(), [])["moved"].is_empty()
