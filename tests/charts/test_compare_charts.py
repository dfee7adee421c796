"""The charts of the comparison: columns exist, types are stated, specifications stand still, and bars add up."""

from collections.abc import Callable

import altair as alt
import polars as pl
import pytest

from shareshift.charts.compare import gains as compare_gains
from shareshift.charts.compare import parts as compare_parts
from shareshift.charts.compare import paths as compare_paths
from shareshift.charts.lettering import width_of
from shareshift.charts.look import Datasets, Look
from shareshift.charts.theme import style_for, vendor_colours
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.answer import Comparison, compare
from shareshift.results.compare.explaining import explain
from shareshift.scenario.scenario import Scenario
from support.chart_checks import check_fields, check_words_and_types

pytestmark = pytest.mark.slow

Drawn = tuple[alt.LayerChart, Datasets]
BASE = Scenario()
SOME = [
    BASE,
    Scenario(title="Fast", parameters={"half_life": 0.5, "exodus": 1.0}),
    Scenario(title="Calm", parameters={"exodus": -1.0}),
]
OTHER = [BASE, Scenario(title="In-house", parameters={"built_in_house": 0.3, "exodus": 0.5}), SOME[2]]
Found = tuple[Comparison, pl.DataFrame]


@pytest.fixture(scope="module", params=["light", "dark"])
def look(tiny: Market, request: pytest.FixtureRequest) -> Look:
    style = style_for(request.param)
    colours = vendor_colours(style, tiny.incumbent, [tiny.tables["vendors"]["vendor_id"][1]])
    return Look(names=tiny.names, colours=colours, incumbent=tiny.incumbent, event_date=tiny.event_date, style=style)


def made(tiny: Market, scenarios: list[Scenario]) -> Found:
    held = Draws(64, 0)
    return compare(tiny, scenarios, held), explain(tiny, scenarios, held, [1])


@pytest.fixture(scope="module")
def found(tiny: Market) -> Found:
    return made(tiny, SOME)


@pytest.fixture(scope="module")
def other(tiny: Market) -> Found:
    return made(tiny, OTHER)


def gains(found: Found, look: Look) -> Drawn:
    frame = found[0].vendors.filter(pl.col("vendor_id") != look.incumbent, measure="displaced_gain")
    height = compare_gains.compare_gains_height(frame["vendor_id"].n_unique(), 2)
    return compare_gains.draw_compare_gains(look, height, 2), compare_gains.compare_gains_data(frame, look)


def paths(found: Found, look: Look) -> Drawn:
    frame = found[0].shares.filter(vendor_id="bolt")
    return compare_paths.draw_compare_paths(look), compare_paths.compare_paths_data(frame, look)


def parts(found: Found, look: Look) -> Drawn:
    frame = found[1].filter(pl.col("vendor_id").is_null(), measure="displaced")
    height = compare_parts.compare_parts_height(frame.height)
    return compare_parts.draw_compare_parts(look, height, "usd"), compare_parts.compare_parts_data(frame, look)


each_chart = pytest.mark.parametrize("drawn", [gains, paths, parts])


@each_chart
def test_every_encoded_field_is_a_column_of_its_data(drawn: Callable[..., Drawn], found: Found, look: Look) -> None:
    check_fields(*drawn(found, look))


@each_chart
def test_every_chart_has_a_text_alternative_and_states_every_type(
    drawn: Callable[..., Drawn], found: Found, look: Look
) -> None:
    check_words_and_types(drawn(found, look)[0])


@each_chart
def test_a_specification_does_not_change_with_the_numbers(
    drawn: Callable[..., Drawn], found: Found, other: Found, look: Look
) -> None:
    one, another = drawn(found, look), drawn(other, look)
    assert one[0].to_dict() == another[0].to_dict()
    assert any(not one[1][name].equals(another[1][name]) for name in one[1])


@each_chart
def test_no_picture_tells_scenarios_apart_by_colour_alone(
    drawn: Callable[..., Drawn], found: Found, look: Look
) -> None:
    channels = {channel for layer in drawn(found, look)[0].to_dict()["layer"] for channel in layer["encoding"]}
    assert channels & {"shape", "strokeDash", "text"}


def test_the_dots_are_the_frames_numbers_and_the_most_moved_rival_stands_first(found: Found, look: Look) -> None:
    rows = gains(found, look)[1]["differences"].sort("order")
    frame = found[0].vendors.filter(pl.col("vendor_id") != look.incumbent, measure="displaced_gain")
    assert sorted(rows["mean"]) == sorted(frame["mean_difference"])
    assert rows.filter(order=0)["mean"].abs().max() == frame["mean_difference"].abs().max()
    assert set(rows["slot"]) == {"s0", "s1"}


def test_only_the_rivals_that_move_most_are_drawn(look: Look) -> None:
    count = compare_gains.DRAWN + 4
    rows = pl.DataFrame(
        {"vendor_id": [f"v{i}" for i in range(count)], "mean_difference": [float(i) for i in range(count)]}
    )
    rows = rows.with_columns(
        pl.lit("One").alias("scenario"), pl.lit("Base").alias("reference"),
        *(pl.col("mean_difference").alias(f"{name}_difference") for name in ("p5", "p95")),
        *(pl.lit(0.5).alias(f"probability_{name}") for name in ("more", "same")),
    )  # fmt: skip
    drawn = compare_gains.compare_gains_data(rows, look)["differences"]
    assert drawn["mean"].sort(descending=True).to_list() == [float(i) for i in range(count - 1, 3, -1)]
    heights = {compare_gains.compare_gains_height(rivals, 1) for rivals in (compare_gains.DRAWN, count)}
    assert len(heights) == 1


def test_the_reference_is_a_line_of_its_own_beside_every_scenario(found: Found, look: Look) -> None:
    data = paths(found, look)[1]
    rows = data["compared"]
    assert dict(rows.select("slot", "title").unique().iter_rows()) == {
        "reference": "Baseline", "first": "Fast", "second": "Calm",
    }  # fmt: skip
    frame = found[0].shares.filter(vendor_id="bolt", scenario="Calm")
    assert rows.filter(slot="second")["mean"].to_list() == frame["mean_scenario"].to_list()
    assert rows.filter(slot="reference")["mean"].to_list() == frame["mean_reference"].to_list()
    assert set(rows.filter(slot="reference")["colour"]) == {look.style.muted}
    assert data["compared_ends"].height == 3


def test_the_bars_add_up_to_the_bar_of_the_whole(found: Found, look: Look) -> None:
    rows = parts(found, look)[1]["parts"]
    assert rows["label"].to_list()[-2:] == ["Interaction", "Whole difference"]
    assert sum(rows["alone"][:-1]) == pytest.approx(rows["alone"][-1], rel=1e-9)
    assert rows["back"].null_count() == 1
    sizes = [max(abs(alone), abs(back)) for alone, back in rows.select("alone", "back").rows()[:-2]]
    assert sizes == sorted(sizes, reverse=True)


def test_every_place_on_a_canvas_lies_inside_it(found: Found, look: Look) -> None:
    chart, data = parts(found, look)
    for name in ("y", "text_y", "top", "bottom"):
        assert data["parts"][name].is_between(0, float(chart.height) - compare_parts.FOOT).all()  # type: ignore[arg-type]


@pytest.mark.parametrize("unit", ["usd", "share", "usd_per_year", "hhi", "customers"])
def test_an_axis_of_differences_names_its_unit(look: Look, unit: str) -> None:
    spec = compare_parts.draw_compare_parts(look, 200, unit).to_dict()
    titles = {
        layer["encoding"]["x"]["axis"]["title"] for layer in spec["layer"] if "axis" in layer["encoding"].get("x", {})
    }
    words = {"usd": "USD", "share": "percentage points", "usd_per_year": "USD per year", "hhi": "HHI points"}
    assert titles == {f"Difference of the means, {words.get(unit, unit)}"}


def test_scenarios_of_one_vendor_have_colours_of_their_own(found: Found, look: Look) -> None:
    rows = paths(found, look)[1]["compared"].select("slot", "colour").unique()
    assert rows["colour"].n_unique() == rows.height == 3


def test_no_line_at_zero_runs_through_the_words(found: Found, look: Look) -> None:
    rows = parts(found, look)[1]["parts"]
    # Type of 12.5 pixels stands six above and below its middle.
    assert (rows["top"] - rows["text_y"] > 6).all()
    assert (rows["text_y"].shift(-1) - rows["bottom"] > 6).all()
    assert (gains(found, look)[1]["differences"]["end"] >= 0).all()


@pytest.mark.parametrize("length", [20, 71, 200])
def test_a_long_title_leaves_the_chart_whole(tiny: Market, look: Look, length: int) -> None:
    moved = made(tiny, [BASE, Scenario(title="W" * length, parameters={"exodus": 1.0})])
    labels = paths(moved, look)[1]["compared_ends"]["label"]
    assert max(width_of(label, 12.5) for label in labels) <= compare_paths.LABEL_ROOM
    assert compare_gains.scenario_marks([f"{'W' * length} one", "two"]).count("W") < 30
