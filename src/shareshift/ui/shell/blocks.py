"""What pages put on the screen: the lead, the figures, a chart with its table and file, faults, downloads."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from importlib.resources import files
from typing import Any, NoReturn

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from shareshift.basics.errors import DataError, ShareshiftError
from shareshift.charts.block import ChartBlock
from shareshift.export import write_csv
from shareshift.export.images import picture_svg, to_png
from shareshift.results.story import Story
from shareshift.ui.shell.naming import file_name
from shareshift.ui.shell.words import html, plain

# What a browser is told of a file, by its ending.
MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "toml": "application/toml",
    "svg": "image/svg+xml",
    "png": "image/png",
    "zip": "application/zip",
}


LARGE = 1000.0


def show_style() -> None:
    """Put the typography on the page."""
    st.html(f"<style>{files('shareshift.ui.shell').joinpath('style.css').read_text()}</style>")


def show_lead(title: str, sentence: str) -> None:
    """Show a page's title, small, and the generated sentence that opens it."""
    st.html(f'<h1 class="over">{html(title)}</h1><p class="lead" data-testid="lead">{html(sentence)}</p>')


def show_story(story: Story) -> None:
    """Show the headline of the first page: product and market, the event, the money at stake, and the answer."""
    st.html(
        f'<p class="over">Shareshift · {html(story.market)}</p><h1 class="story">{html(story.event)}</h1>'
        f'<p class="stake">{html(story.stake)}</p><p class="lead" data-testid="lead">{html(story.answer)}</p>'
    )


def show_finding(finding: str, note: str) -> None:
    """Show a chart's finding with what is drawn below it."""
    st.html(f'<h2 class="finding">{html(finding)}</h2><p>{html(note)}</p>')


def show_chart(block: ChartBlock, title: DeltaGenerator | None = None, *, sourced: bool = True) -> None:
    """Show a chart under its finding, its source line, and its table and file on demand.

    Where a page names one source for all its charts, `sourced` is no.
    """
    with title or nullcontext():
        show_finding(block.finding, block.note)
    # The specification never changes between reruns, so the browser patches the picture instead of redrawing it.
    st.vega_lite_chart(
        spec={**block.spec, "datasets": block.data},
        theme=None,
        key=f"chart-{block.name}",
    )
    if sourced:
        show_source(block.source)
    twin = st.expander("The numbers as a table, and files", key=f"twin-{block.name}", on_change="rerun")
    if twin.open:
        with twin:
            show_table(block.table.collect())
            with st.container(horizontal=True):
                show_download(f"{block.name}.csv", lambda: write_csv(block.frame), "CSV of this picture")
                show_download(f"{block.name}.svg", lambda: picture_svg(block).encode(), "Picture as SVG")
                show_download(f"{block.name}.png", lambda: to_png(picture_svg(block)), "Picture as PNG")


def show_source(source: str) -> None:
    """Show what pictures rest on."""
    st.html(f'<p class="source">{html(source)}</p>')


def show_heading(title: str, *paragraphs: str) -> None:
    """Show a page's title and what it is about."""
    words = "".join(f"<p>{html(paragraph)}</p>" for paragraph in paragraphs)
    st.html(f'<h1 class="heading">{html(title)}</h1><div class="opening">{words}</div>')


def show_table(table: pl.DataFrame, height: int | None = None) -> None:
    """Show a table, every number to the digits that it needs."""
    shown = as_shown(table)
    # A configuration of None would hide the column.
    columns = {name: _column(name, table[name], shown[name]) for name in shown.columns}
    config = {name: column for name, column in columns.items() if column is not None}
    st.dataframe(shown, hide_index=True, column_config=config, width="stretch", height=height or "auto")


def as_shown(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table as readers see it: large amounts rounded, and columns of several units as text, cell by cell.

    Read back, every cell is the table's value to the digits shown, at least four of them.
    """
    return table.with_columns(_digits(table[name]) for name in table.columns if table[name].dtype.is_float())


def _digits(values: pl.Series) -> pl.Series:
    known = [abs(value) for value in values if value is not None and math.isfinite(value)]
    if max(known, default=0.0) < LARGE:
        return values
    if all(value >= LARGE or value == 0 for value in known):
        return values.round(0)
    cells = [None if value is None else _cell(value) for value in values]
    return pl.Series(values.name, cells, dtype=pl.String)


def _cell(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= LARGE else f"{value:.4g}"


def _column(name: str, told: pl.Series, values: pl.Series) -> Any:
    if values.dtype == pl.Date:
        return st.column_config.DateColumn(format="MMM YYYY" if name.lower() == "month" else "YYYY-MM-DD")
    if told.dtype != values.dtype:
        return st.column_config.TextColumn(width="medium", alignment="right")
    if not values.dtype.is_float():
        return None
    thousands = "%,d" if float(values.abs().max() or 0) >= LARGE else "%g"  # type: ignore[arg-type]
    return st.column_config.NumberColumn(format="percent" if name.endswith(" share") else thousands)


def show_download(file: str, content: Callable[[], bytes], label: str | None = None) -> None:
    """Show a button whose file is made when it is pressed."""
    st.download_button(
        plain(label or file), content, file_name=file_name(file), mime=MEDIA[file.rpartition(".")[2]],
        on_click="ignore", key=f"download-{label or ''}-{file}",
    )  # fmt: skip


def show_refusals(refused: Sequence[str]) -> None:
    """Say which parts of a link were not taken over, and what stands there instead."""
    items = "".join(f"<li>{html(sentence)}</li>" for sentence in refused)
    opening = "This link holds values that were not taken over; the scenario’s own values stand in their place."
    st.html(f'<div class="fault" role="alert" data-testid="refused"><p>{opening}</p><ul>{items}</ul></div>')


def show_warning(sentence: str) -> None:
    """Show a sentence that readers should weigh before the figures."""
    st.html(f'<div class="fault" role="status"><p>{html(sentence)}</p></div>')


def show_fault(error: ShareshiftError) -> NoReturn:
    """Show what is wrong and what to do, and stop the page."""
    lines = str(error).splitlines()
    opening = (
        "The tables of this market do not agree with their rules, so nothing was computed."
        if isinstance(error, DataError)
        else "This scenario could not be computed."
    )
    items = "".join(f"<li>{html(line)}</li>" for line in lines)
    st.html(f'<div class="fault" role="alert" data-testid="fault"><p>{opening}</p><ul>{items}</ul></div>')
    st.stop()
