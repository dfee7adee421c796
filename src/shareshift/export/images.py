"""Charts to SVG and PNG without a browser: with finding, note and source in the picture, so that it stands alone.

vl-convert draws the very specification of the page with the Vega it carries. Its one family of type, Liberation Sans,
is in the same wheel, so that a picture is the same on every machine.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from textwrap import wrap
from typing import Any

import polars as pl

from shareshift.charts.block import ChartBlock
from shareshift.charts.lettering import width_of
from shareshift.charts.look import Spec
from shareshift.charts.theme import DARK, LIGHT, Style

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH, MARGIN, PIXELS = 960, 32, 2
INNER = WIDTH - 2 * MARGIN
TITLE, NOTE, SOURCE = 22.0, 14.0, 12.0
# Mean width of a letter in parts of the size, with some slack; text is wrapped without knowing the type.
LETTER, BOLD_LETTER, LEADING = 0.48, 0.55, 1.32
# Signs that the type lacks, and its nearest, for pictograms a box: another type in the middle of a line would not be
# the same everywhere.
NEAREST = str.maketrans({"◆": "♦", "◇": "◊"})
PICTOGRAM = re.compile("(?:[\U0001f000-\U0001faff\u2600-\u265f\u2700-\u27bf\ufe0f\u200d\U000e0020-\U000e007f])+")
SIZE = re.compile(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"')
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def picture_svg(block: ChartBlock, style: Style = LIGHT, *, chart: str | None = None) -> str:
    """Return a chart as SVG on paper with its finding, note and source line, 960 pixels wide.

    `chart` is what `chart_svg` gave for it, where that is there already.
    """
    chart = chart or chart_svg(block, style)
    chart_width, chart_height = _size(chart)
    above = [
        *_lines(block.finding, TITLE, INNER, BOLD_LETTER, f'font-weight="bold" fill="{style.ink}"'),
        *_lines(block.note, NOTE, INNER, LETTER, f'fill="{style.muted}"'),
    ]
    top, y = _placed(above, MARGIN)
    below, bottom = _placed(_lines(block.source, SOURCE, INNER, LETTER, f'fill="{style.muted}"'), y + chart_height + 26)
    whole, height = max(WIDTH, int(chart_width) + 2 * MARGIN), int(bottom + MARGIN - 6)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{height}" viewBox="0 0 {whole} {height}" '
        f'role="img" xml:space="preserve" font-family="{FONT}"><title>{text(block.finding)}</title>'
        f"<desc>{text(str(block.spec.get('description', '')))}</desc>"
        f'<rect width="{whole}" height="{height}" fill="{style.paper}"/>{top}'
        f'<g transform="translate({MARGIN},{y + 12:g})">{chart}</g>{below}</svg>'
    )


def to_png(picture: str) -> bytes:
    """Return an SVG as PNG with two pixels per unit, sharp on paper and on screens."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(picture, scale=PIXELS))


def chart_svg(block: ChartBlock, style: Style = LIGHT) -> str:
    """Return the chart alone as SVG, on no ground, as wide as a picture without its margins."""
    import vl_convert

    spec = json.loads(_in_style(json.dumps(with_data(block)), style))
    spec["datasets"] = {name: [*map(_drawable_row, rows)] for name, rows in spec["datasets"].items()}
    spec |= {"width": INNER, "autosize": {"type": "fit-x", "contains": "padding"}, "padding": 0}
    # Descriptions of single marks would carry the machine's time zone; the picture has one of its own.
    spec["config"] = {**spec["config"], "font": FONT, "aria": False}
    spec["config"]["text"] = {**spec["config"]["text"], "font": FONT}
    drawn = str(vl_convert.vegalite_to_svg(_in_utc(spec), allowed_base_urls=[]))
    # What is a pixel wider than it was measured reaches into the margin instead of being cut.
    return drawn.replace("<svg ", '<svg overflow="visible" ', 1)


def with_data(block: ChartBlock, midnight: str = "") -> Spec:
    """Return the specification of a chart with its data in it, all of it plain JSON.

    A day is ISO text, which Vega reads as midnight in UTC; with `midnight` "T00:00:00" as the reader's own.
    """
    days = {name: frame.with_columns(pl.col(pl.Date).cast(pl.String) + midnight) for name, frame in block.data.items()}
    return {**block.spec, "datasets": {name: frame.to_dicts() for name, frame in days.items()}}


def text(words: str) -> str:
    """Return words as text of an XML file, whatever they hold."""
    return html.escape(NO_XML.sub("\ufffd", words))


def _in_style(spec: str, style: Style) -> str:
    """Return a specification drawn in one mode in the colours of another, as far as they have counterparts."""
    drawn = DARK if f'"{DARK.ink}"' in spec else LIGHT
    if drawn.mode == style.mode:
        return spec
    colours = dict(zip(_colours(drawn), _colours(style), strict=True))
    return re.sub("|".join(map(re.escape, colours)), lambda found: colours[found[0]], spec)


def _colours(style: Style) -> Iterable[str]:
    for value in astuple(style)[1:]:
        yield from [value] if isinstance(value, str) else value


def _in_utc(node: Any) -> Any:
    """Return a specification whose days mean the same in every time zone."""
    if isinstance(node, list):
        return [_in_utc(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    found = {name: value if name == "datasets" else _in_utc(value) for name, value in node.items()}
    return (
        {**found, "scale": {**(found.get("scale") or {}), "type": "utc"}} if found.get("type") == "temporal" else found
    )


def _lines(words: str, size: float, width: float, letter: float, looks: str) -> list[tuple[str, float, str]]:
    drawn = _drawable(words).translate(NEAREST)
    # Words of wide letters get shorter lines.
    letter = max(letter, width_of(drawn, 1) / max(len(drawn), 1))
    wrapped = wrap(drawn, int(width / (letter * size))) if words else []
    return [(line, size, looks) for line in wrapped]


def _drawable(words: str) -> str:
    """Return words that the type can draw; what no XML holds would end vl-convert, and the server with it."""
    return PICTOGRAM.sub("□", NO_XML.sub(" ", words))


def _drawable_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _drawable(value) if isinstance(value, str) else value for name, value in row.items()}


def _placed(lines: Iterable[tuple[str, float, str]], top: float) -> tuple[str, float]:
    """Return lines of text one below the other from `top`, and where the last one ends."""
    drawn, y = "", top
    for words, size, looks in lines:
        y += size * LEADING
        drawn += f'<text x="{MARGIN}" y="{y - 0.3 * size:.2f}" font-size="{size:g}" {looks}>{text(words)}</text>'
    return drawn, y


def _size(svg: str) -> tuple[float, float]:
    found = SIZE.search(svg)
    assert found is not None, "an SVG without a size"  # noqa: S101
    return float(found[1]), float(found[2])
