"""Every picture stands alone: finding, note and source are in it, in our colours, light and dark, as SVG and PNG."""

import os
import pickle
import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import polars as pl
import pytest

from shareshift.charts.block import ChartBlock
from shareshift.charts.look import to_spec
from shareshift.charts.pictures import draw_pictures, events_picture, market_look, money_pictures, source_line
from shareshift.charts.theme import DARK, LIGHT, Style, style_for
from shareshift.export.images import WIDTH, chart_svg, picture_svg, to_png, with_data
from shareshift.market.market import Market
from shareshift.results.claims.answer import claims_answer
from shareshift.results.overview import Results, results_frames, rivals_ranked
from shareshift.results.projection import project
from support import claims_charts

pytestmark = pytest.mark.slow

NAMES = ("ribbons", "incumbent", "shares", "gains", "timeline")
SVG = "{http://www.w3.org/2000/svg}"


def blocks_of(market: Market, style: Style) -> dict[str, ChartBlock]:
    run = project(market, draws=64)
    look = market_look(market, rivals_ranked(market), style)
    found = Results(**results_frames(run, run.months[-1]))
    blocks = [*money_pictures(found, look, source_line(market, 64)), events_picture(market, look)]
    return {block.name: block for block in blocks}


@pytest.fixture(scope="module")
def light(tiny: Market) -> dict[str, ChartBlock]:
    return blocks_of(tiny, LIGHT)


@pytest.fixture(scope="module")
def dark(tiny: Market) -> dict[str, ChartBlock]:
    return blocks_of(tiny, DARK)


def words_in(svg: str) -> str:
    return " ".join("".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text"))  # noqa: S314


def colours_in(svg: str) -> set[str | None]:
    """Return the colours of everything that can be seen."""
    shapes = [node for node in ElementTree.fromstring(svg).iter() if node.tag in {f"{SVG}path", f"{SVG}text"}]  # noqa: S314
    seen = [node.attrib for node in shapes if node.attrib.get("opacity") != "0"]
    return {looks.get(key) for looks in seen for key in ("fill", "stroke")} - {None, "none", "transparent"}


def ours(style: Style) -> set[str]:
    return {value for value in vars(style).values() if isinstance(value, str)} | {*style.gainers, *style.worded}


def test_every_picture_of_the_page_is_among_those_tested(tiny, light):
    look = market_look(tiny, rivals_ranked(tiny), LIGHT)
    assert {*draw_pictures(look, 2), "timeline"} == set(light) == set(NAMES)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_a_picture_says_what_it_shows_and_where_it_comes_from(name, mode, light):
    block = light[name]
    svg = picture_svg(block, style_for(mode))
    root = ElementTree.fromstring(svg)  # noqa: S314
    said = words_in(svg)
    for line in (block.finding, block.note, block.source):
        assert all(word in said for word in line.replace("◆", "♦").split())
    assert root.findtext(f"{SVG}title") == block.finding
    assert root.findtext(f"{SVG}desc") == block.spec["description"]
    assert int(root.attrib["width"]) == WIDTH
    assert int(root.attrib["height"]) > 150


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_drawn_in_our_colours(name, light, dark):
    for block, style in ((light[name], LIGHT), (dark[name], DARK)):
        svg = picture_svg(block, style)
        assert style.ink in colours_in(svg)
        assert colours_in(svg) <= ours(style), colours_in(svg) - ours(style)
        assert f'fill="{style.paper}"' in svg


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_drawn_for_a_dark_page_is_the_same_picture_on_light_paper(name, light, dark):
    assert picture_svg(dark[name], LIGHT) == picture_svg(light[name], LIGHT)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_holds_marks_and_fits_its_width(name, light):
    chart = ElementTree.fromstring(chart_svg(light[name]))  # noqa: S314
    assert len(list(chart.iter(f"{SVG}path"))) + len(list(chart.iter(f"{SVG}line"))) > 4
    assert float(chart.attrib["width"]) <= WIDTH - 63


def test_a_png_is_no_blank_sheet_and_the_same_each_time(light):
    picture = picture_svg(light["shares"])
    png = to_png(picture)
    assert png == to_png(picture)
    assert struct.unpack(">II", png[16:24])[0] == 2 * WIDTH
    assert png.startswith(b"\x89PNG")
    # A blank sheet of this size packs into a few thousand bytes.
    assert len(png) > 20_000


@pytest.mark.slow
def test_a_picture_does_not_depend_on_the_time_zone(light):
    spec = with_data(light["shares"])
    assert any(row["month"] == "2025-01-01" for row in spec["datasets"]["shares"])
    script = (
        "import pickle, sys; from shareshift.export.images import picture_svg;"
        "sys.stdout.write(picture_svg(pickle.load(sys.stdin.buffer)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=pickle.dumps(replace(light["shares"])),
        env={**os.environ, "TZ": "America/Los_Angeles"},
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.decode() == picture_svg(light["shares"])


def test_words_of_the_tables_never_become_parts_of_the_picture(light):
    nasty = '</text><script>alert(1)</script>& "x" \x00\ufffe'
    svg = picture_svg(replace(light["incumbent"], finding=nasty, note=nasty, source=nasty))
    root = ElementTree.fromstring(svg)  # noqa: S314
    assert not list(root.iter(f"{SVG}script"))
    assert "<script>alert(1)</script>" in words_in(svg)


def test_a_long_finding_is_wrapped_and_nothing_of_it_is_lost(light):
    long = "Surge AI gains " + "more and more " * 20 + "at last"
    lines = [
        "".join(node.itertext())
        for node in ElementTree.fromstring(picture_svg(replace(light["shares"], finding=long))).iter(f"{SVG}text")  # noqa: S314
        if node.attrib.get("font-weight") == "bold" and node.attrib.get("font-size") == "22"
    ]
    assert len(lines) > 2
    assert " ".join(lines) == long


CLAIMS = (claims_charts.odds, claims_charts.stack, claims_charts.place, claims_charts.belief, claims_charts.inputs)


@pytest.fixture(scope="module")
def answer(tiny: Market):
    return claims_answer(project(tiny, draws=64))


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("draw", CLAIMS, ids=lambda draw: draw.__name__)
def test_the_charts_of_the_claims_become_pictures_too(draw, mode, tiny, answer):
    style = style_for(mode)
    look = market_look(tiny, rivals_ranked(tiny), style)
    chart, data = draw(answer, look)
    empty = pl.DataFrame()
    words = {"finding": "What is found", "note": "What is drawn", "source": "Where from"}
    block = ChartBlock(name="claims", spec=to_spec(chart), data=data, frame=empty, table=empty.lazy(), **words)
    svg = picture_svg(block, style)
    assert all(line in words_in(svg) for line in words.values())
    assert len(words_in(svg)) > sum(map(len, words.values())) + 10
    assert colours_in(svg) <= ours(style)
    assert colours_in(picture_svg(block, LIGHT)) <= ours(LIGHT)


@pytest.mark.parametrize(
    "name",
    [
        "שלום עולם",
        "👩‍👩‍👧‍👦" * 30,
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Labs",
        "Donaudampfschifffahrtsgesellschaft" * 6,
        "数据标注" * 12,
        "a\x00b",
    ],
)
def test_any_name_is_drawn_whole_or_cut_and_never_out_of_the_picture(tiny: Market, name: str) -> None:
    run = project(tiny, draws=16)
    look = replace(market_look(tiny, rivals_ranked(tiny), LIGHT), names=dict.fromkeys(tiny.names, name))
    for block in money_pictures(Results(**results_frames(run, run.months[-1])), look, name):
        svg = picture_svg(replace(block, finding=name, note=name))
        assert to_png(svg)
        width = float(ElementTree.fromstring(svg).find(f"{SVG}g/{SVG}svg").attrib["width"])  # type: ignore[union-attr]  # noqa: S314
        assert width <= WIDTH
