"""One run as one HTML file: scripts, styles and data inside, and not a single request to anywhere."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

import polars as pl

from shareshift.charts.block import ChartBlock
from shareshift.export.images import text, with_data
from shareshift.export.report.tables import html_table
from shareshift.results.sentences import FigureWords
from shareshift.scenario.scenario import Scenario

# A day of the data is the reader's own midnight, so that axis and tooltip name the same day everywhere.
MIDNIGHT = "T00:00:00"
ASSUMED = {
    "what": "What", "low": "Low", "central": "Central", "high": "High", "unit": "Unit", "why": "Why", "grade": "Grade",
    "source_id": "Source",
}  # fmt: skip
CHANGED = {"kind": "Part", "label": "Input", "reference_words": "Baseline", "scenario_words": "Here"}
NAMED = {"source_id": "Key", "title": "Title", "publisher": "Publisher", "published": "Published", "locator": "Where",
         "reliability": "Reliability", "note": "Note"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything the report says; the charts are there in both modes, in the same order, and as still SVG."""

    title: str
    event: str
    scenario: Scenario
    warning: str | None
    lead: str
    figures: Sequence[FigureWords]
    light: Sequence[ChartBlock]
    dark: Sequence[ChartBlock]
    stills: Mapping[str, str]
    remarks: Mapping[str, str]
    changes: pl.DataFrame
    assumptions: pl.DataFrame
    sources: pl.DataFrame
    made_of: Sequence[tuple[str, str]]
    command: str


def report_html(report: Report) -> str:
    """Return the report as the text of one HTML file; every word of the tables is escaped."""
    parts = files("shareshift.export.report")
    return Template(parts.joinpath("page.html").read_text("utf-8")).substitute(
        title=text(f"{report.title} – {report.scenario.title}"),
        style=parts.joinpath("page.css").read_text("utf-8"),
        header=_header(report),
        figures=_figures(report.figures),
        charts="".join(_chart(block, report) for block in report.light),
        scenario=_scenario(report),
        assumptions=html_table(report.assumptions, ASSUMED),
        sources=html_table(report.sources, NAMED),
        made_of=_made_of(report),
        data=_data(report),
        scripts=vega_scripts(),
        draw=parts.joinpath("page.js").read_text("utf-8"),
    )


@cache
def vega_scripts() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script, from the wheel that draws the pictures."""
    from vl_convert import javascript_bundle

    # Without a snippet of our own all three are there under their usual names; the stubs know of no default.
    scripts = str(javascript_bundle())  # type: ignore[call-arg]
    # A closing tag inside the script would end it for the browser.
    return scripts.replace("</script", "<\\/script")


def _header(report: Report) -> str:
    note = f"<p>{text(report.scenario.note)}</p>" if report.scenario.note else ""
    people = [f"by {report.scenario.author}"] if report.scenario.author else []
    people += [f"after {report.scenario.source}"] if report.scenario.source else []
    credit = f" <span>{text(', '.join(people))}</span>" if people else ""
    warning = f'<p class="warning" role="status">{text(report.warning)}</p>' if report.warning else ""
    return (
        f'<p class="kicker">Shareshift</p><h1>{text(report.title)}</h1><p class="event">{text(report.event)}</p>'
        f'<div class="scenario"><p><b>Scenario: {text(report.scenario.title)}</b>{credit}</p>{note}</div>{warning}'
        f'<p class="lead">{text(report.lead)}</p>'
    )


def _figures(figures: Sequence[FigureWords]) -> str:
    return "".join(
        f"<div><dt>{text(figure.label)}</dt>"
        f'<dd class="value">{text(figure.value)}</dd>'
        f'<dd class="interval">{text(figure.interval)}</dd><dd class="note">{text(figure.note)}</dd></div>'
        for figure in figures
    )


def _chart(block: ChartBlock, report: Report) -> str:
    remark = report.remarks.get(block.name)
    said = f'<p class="remark">{text(remark)}</p>' if remark else ""
    described = text(str(block.spec.get("description", "")))
    return (
        f'<figure class="{text(block.name)}">'
        f"<figcaption><h2>{text(block.finding)}</h2><p>{text(block.note)}</p></figcaption>"
        f'<div class="live" id="chart-{text(block.name)}" role="img" aria-label="{described}"></div>'
        f'<div class="still" aria-hidden="true">{report.stills[block.name]}</div>'
        f'<p class="source">{text(block.source)}</p>{said}'
        f"<details><summary>The numbers as a table</summary>{html_table(block.table.collect())}</details></figure>"
    )


def _scenario(report: Report) -> str:
    if report.changes.is_empty():
        return "<p>Nothing: this is the baseline.</p>"
    return html_table(report.changes, CHANGED)


def _made_of(report: Report) -> str:
    rows = "".join(f"<div><dt>{text(word)}</dt><dd>{text(value)}</dd></div>" for word, value in report.made_of)
    return f"<dl>{rows}</dl><p>In the folder of the unpacked bundle:</p><pre>{text(report.command)}</pre>"


def _data(report: Report) -> str:
    """Return the charts of both modes as JSON that no word in it can break out of."""
    modes = {"light": report.light, "dark": report.dark}
    charts = {mode: {block.name: with_data(block, MIDNIGHT) for block in blocks} for mode, blocks in modes.items()}
    words = json.dumps(charts, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return words.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
