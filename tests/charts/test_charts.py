"""Every chart survives `to_dict()`, encodes only columns that exist, and has a text alternative."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import altair as alt
import polars as pl
import pytest

from shareshift.basics.vocabulary import ID
from shareshift.charts import gains, incumbent, ribbon_shapes, ribbons, shares, timeline
from shareshift.charts.look import Datasets, Look, spread
from shareshift.charts.pictures import market_look, money_pictures
from shareshift.charts.ribbon_nodes import OTHERS, scale_of
from shareshift.charts.theme import LIGHT, style_for, vendor_colours
from shareshift.export.images import chart_svg
from shareshift.market.market import RESERVED, Market
from shareshift.results.overview import Results, incumbent_months, results_frames
from shareshift.results.projection import Projection, project
from shareshift.scenario.scenario import Scenario

NAMES = ("ribbons", "shares", "gains", "incumbent", "timeline")


@pytest.fixture(scope="module")
def run(tiny: Market) -> Projection:
    return project(tiny, Scenario(), 64)


@pytest.fixture(scope="module", params=["light", "dark"])
def look(tiny: Market, request: pytest.FixtureRequest) -> Look:
    style = style_for(request.param)
    colours = vendor_colours(style, tiny.incumbent, [tiny.tables["vendors"]["vendor_id"][1]])
    return Look(names=tiny.names, colours=colours, incumbent=tiny.incumbent, event_date=tiny.event_date, style=style)


def drawn(name: str, run: Projection, look: Look) -> tuple[alt.LayerChart, Datasets]:
    rivals = len(run.vendors) - 1
    events = run.market.tables["events"]
    found: dict[str, Any] = {
        "ribbons": lambda: (
            ribbons.draw_ribbons(look),
            streams(run, look),
        ),
        "shares": lambda: (shares.draw_shares(look), shares.share_data(run.shares, look)),
        "gains": lambda: (gains.draw_gains(look, rivals), gains.gain_data(run.gains, look)),
        "incumbent": lambda: (
            incumbent.draw_incumbent(look),
            incumbent.incumbent_data(incumbent_months(run), look),
        ),
        "timeline": lambda: (
            timeline.draw_timeline(look, events["kind"].n_unique()),
            timeline.timeline_data(events, look),
        ),
    }
    return found[name]()  # type: ignore[no-any-return]


def streams(run: Projection, look: Look, month: int = -1) -> Datasets:
    stake = float(run.incumbent_no_event[:, :-1].sum(axis=0).mean())
    return ribbon_shapes.ribbon_data(*run.to_date(run.months[month]), stake, look, list(RESERVED))


def fields(node: Any) -> Iterator[str]:
    """Every field that an encoding names."""
    if isinstance(node, dict):
        if isinstance(node.get("field"), str):
            yield node["field"]
        for key in ("y2", "x2"):
            if isinstance(node.get(key), str):
                yield node[key]
        for value in node.values():
            yield from fields(value)
    elif isinstance(node, list):
        for value in node:
            yield from fields(value)


@pytest.mark.parametrize("name", NAMES)
def test_every_encoded_field_is_a_column_of_its_data(name: str, run: Projection, look: Look) -> None:
    chart, data = drawn(name, run, look)
    spec = chart.to_dict()
    for layer in spec["layer"]:
        columns = set(data[layer.get("data", spec.get("data"))["name"]].columns)
        named = set(fields(layer["encoding"]))
        assert named
        assert named <= columns, f"{name}: {named - columns} are no columns"


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_has_a_text_alternative_and_states_every_type(name: str, run: Projection, look: Look) -> None:
    spec = drawn(name, run, look)[0].to_dict()
    assert len(spec["description"]) > 60
    assert "datasets" not in spec
    for layer in spec["layer"]:
        for channel, encoding in layer["encoding"].items():
            if isinstance(encoding, dict) and "field" in encoding and channel not in ("x2", "y2"):
                assert "type" in encoding, f"{name}: {channel}"


@pytest.mark.parametrize("name", NAMES)
def test_a_specification_does_not_change_with_the_numbers(name: str, tiny: Market, run: Projection, look: Look) -> None:
    other = project(tiny, Scenario(parameters={"exodus": 1.0}), 64)
    assert drawn(name, run, look)[0].to_dict() == drawn(name, other, look)[0].to_dict()


@pytest.mark.parametrize("name", NAMES)
def test_no_mark_says_more_than_its_chart_gives_it_to_say(name: str, run: Projection, look: Look) -> None:
    spec = drawn(name, run, look)[0].to_dict()
    assert spec["config"]["mark"] == {"tooltip": None, "aria": False}
    for layer in spec["layer"]:
        titles = [word.get("title") for word in layer["encoding"].get("tooltip", [])]
        assert all(titles)
        # What stretches over a range is what readers point at.
        assert titles or layer["mark"]["type"] not in ("area", "line", "point"), layer


def painted(data: Datasets, kind: str) -> float:
    """Return the area of a kind of ribbons, as a part of the picture."""
    ribbons = data["ribbons"].filter(pl.col("kind") == kind)
    return float((ribbons["bottom"] - ribbons["top"]).sum()) / ribbon_shapes.ALONG.size


def scaled(look: Look) -> Look:
    return replace(look, full_usd=3000.0)


def test_the_ribbons_together_are_as_thick_as_the_displaced_money(run: Projection, look: Look) -> None:
    data = streams(run, scaled(look))
    displaced = float(run.sample.displaced_total[:, :-1].sum(axis=0).mean())
    assert painted(data, "from") == pytest.approx(displaced * scale_of(1.0, 0.0, 3000.0).unit, rel=1e-4)
    assert painted(data, "mean") == pytest.approx(painted(data, "from"), rel=1e-4)


def test_half_the_share_that_moves_paints_half_the_area(tiny: Market, look: Look) -> None:
    areas = []
    for share in (0.8, 0.4):
        scenario = Scenario(parameters={"moved_share": share, "evidence_spread": 0.0})
        data = streams(project(tiny, scenario, 64), scaled(look))
        areas.append([painted(data, kind) for kind in ("from", "mean")])
    assert areas[1] == pytest.approx([area / 2 for area in areas[0]], rel=0.02)


def test_the_area_grows_with_the_month_and_what_is_possible_lies_around_what_is_sure(
    run: Projection, look: Look
) -> None:
    months = [painted(streams(run, scaled(look), month), "mean") for month in range(len(run.months))]
    assert months == sorted(months)
    assert months[0] < months[-1]
    data = streams(run, scaled(look))
    assert painted(data, "sure") < painted(data, "mean") < painted(data, "possible")


def test_what_stays_and_what_moves_are_what_was_at_stake(run: Projection, look: Look) -> None:
    nodes = streams(run, scaled(look))["nodes"]
    stays, *_ = nodes.filter(side="m").iter_rows(named=True)
    arriving = nodes.filter(side="l")
    stake = float(run.incumbent_no_event[:, :-1].sum(axis=0).mean())
    whole = stays["bottom"] - stays["top"] + float((arriving["bottom"] - arriving["top"]).sum())
    assert whole == pytest.approx(stake * scale_of(stake, 0.0, 3000.0).unit)
    assert stays["bottom"] == pytest.approx(whole)


@pytest.mark.parametrize(
    ("stake", "moved", "coarser"), [(1.0, 0.0, 1), (99.0, 9.0, 1), (101.0, 9.0, 2), (500.0, 0.0, 8), (90.0, 90.0, 2)]
)
def test_the_scale_is_the_markets_until_the_money_outgrows_it(stake: float, moved: float, coarser: int) -> None:
    scale = scale_of(stake, moved, 100.0)
    assert scale.coarser == coarser
    assert scale.unit * 100 * coarser == pytest.approx(1)


def test_no_two_nodes_of_a_side_overlap_and_all_lie_inside(run: Projection, look: Look) -> None:
    for full in (0.0, 3000.0):
        nodes = streams(run, replace(look, full_usd=full))["nodes"]
        for side in ("l", "r"):
            column = nodes.filter(side=side).sort("top")
            assert (column["bottom"][:-1] <= column["top"][1:] + 1e-9).all()
            assert column["top"][0] >= -1e-9
            assert column["bottom"][-1] <= 1 + 1e-9


def test_lines_of_the_start_are_there_only_after_a_change(tiny: Market, run: Projection, look: Look) -> None:
    other = project(tiny, Scenario(parameters={"moved_share": 0.2}), 64)
    assert incumbent.incumbent_data(incumbent_months(other), look)["paths_before"].is_empty()
    data = incumbent.incumbent_data(incumbent_months(other), look, incumbent_months(run))
    assert data["paths_before"]["mean"].to_list() == incumbent_months(run)["mean_revenue_usd"].to_list()
    assert shares.share_data(other.shares, look)["shares_before"].is_empty()
    before = shares.share_data(other.shares, look, run.shares)["shares_before"]
    assert before["vendor"].n_unique() == len(set(look.colours) & set(run.vendors))
    assert set(before["mean"]) <= set(run.shares["mean_share"])


@pytest.mark.parametrize("name", ["incumbent", "shares"])
def test_a_single_month_is_drawn(name: str, tiny: Market) -> None:
    svg = svgs_of(project(tiny, Scenario(horizon_months=1), 32), [name])[name]
    # Vega draws neither a line through one point nor an area of no width, but round ends and outlines.
    assert re.search(r'd="M[\d.,]+Z" stroke="#[^"]+" stroke-width="[\d.]+" stroke-linecap="round"', svg)
    assert re.search(r'd="M[\d.,]+L[\d.,]+Z" fill="#[^"]+" stroke="#[^"]+" stroke-width="2"', svg)


@pytest.mark.parametrize("scale", [1e-2, 1.0, 33e3, 4e6, 1e8])
def test_no_two_ticks_of_an_axis_of_money_read_alike(scale: float, run: Projection) -> None:
    for svg in svgs_of(run, ["incumbent", "gains"], scale).values():
        ticks = re.findall(r"<text[^>]*>(−?\$[\d,.]+(?:bn|m)?)</text>", axis_of(svg))
        assert len(set(ticks)) == len(ticks) >= 3, ticks
        sizes = [
            float(re.sub("[$bnm,]", "", tick).replace("−", "-")) * UNITS[tick.lstrip("−$0123456789,.")]
            for tick in ticks
        ]
        steps = [abs(after - before) for before, after in pairwise(sizes)]
        assert max(steps) == pytest.approx(min(steps), rel=1e-3), ticks


def svgs_of(run: Projection, names: list[str], scale: float = 1.0) -> dict[str, str]:
    """Return pictures of a run as SVG, all its numbers multiplied."""
    frames = results_frames(run, run.months[-1])
    found = Results(**{name: frame.with_columns(pl.selectors.float() * scale) for name, frame in frames.items()})
    look = market_look(run.market, run.gains, LIGHT)
    return {block.name: chart_svg(block) for block in money_pictures(found, look, "") if block.name in names}


UNITS = {"bn": 1e9, "m": 1e6, "": 1.0}


def axis_of(svg: str) -> str:
    """Return the labels of the axis of money, those of which one reads as a zero."""
    groups = re.findall(r'class="mark-text role-axis-label".*?</g>', svg, re.DOTALL)
    return next(group for group in groups if ">$0</text>" in group)


@pytest.mark.parametrize("vendor", ["others", "otherside", "other"])
def test_a_vendor_is_coloured_whatever_its_id(vendor: str, run: Projection) -> None:
    gains = run.gains.with_columns(pl.col("vendor_id").replace("crane", vendor))
    assert vendor in market_look(run.market, gains, LIGHT).colours
    assert not re.fullmatch(ID, OTHERS), "an id of a market could be taken for all others"


def test_ribbons_survive_a_scenario_in_which_nothing_moves(tiny: Market, look: Look) -> None:
    still = project(tiny, Scenario(parameters={"moved_share": 0.0, "evidence_spread": 0.0}), 64)
    data = streams(still, look, 0)
    assert data["ribbons"].is_empty()
    assert set(data["ribbons"].columns) >= {"x", "top", "bottom", "node"}


def test_labels_keep_their_distance_and_their_order() -> None:
    placed = spread([0.5, 0.5, 0.1, 0.98], 0.1, 0.0, 1.0)
    ordered = sorted(placed)
    assert all(b - a >= 0.1 - 1e-12 for a, b in pairwise(ordered))
    assert placed[2] < placed[0] < placed[1] < placed[3]
