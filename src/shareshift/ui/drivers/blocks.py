"""The pictures of What matters: the tornado, the two strongest inputs, what acts together, and the register."""

from dataclasses import dataclass
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from shareshift.charts.block import ChartBlock
from shareshift.charts.drivers.indices import draw_indices, indices_data, indices_height
from shareshift.charts.drivers.scatter import HEIGHT, draw_scatter, scatter_data
from shareshift.charts.drivers.tornado import SHOWN, draw_tornado, tornado_data, tornado_height
from shareshift.charts.look import Look
from shareshift.export import write_csv
from shareshift.results.compare.amounts import amount
from shareshift.results.drivers import sentences
from shareshift.results.drivers.answer import Drivers
from shareshift.ui.shell.blocks import show_download, show_finding, show_table
from shareshift.ui.shell.specs import spec_of
from shareshift.ui.shell.words import html


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every part of the page needs: the answer for one figure, and what readers call it."""

    found: Drivers
    label: str
    look: Look
    digest: str
    source: str

    @property
    def unit(self) -> str:
        """The figure's unit."""
        return str(self.found.tornado["figure_unit"][0])


def tornado_block(page: Page) -> ChartBlock:
    """Return how far each input alone moves the figure."""
    frame, unit = page.found.tornado, page.unit
    words = [
        f"{amount(row['mean_at_p10'], unit)} → {amount(row['mean_at_p90'], unit)}"
        for row in frame.head(SHOWN).iter_rows(named=True)
    ]
    ends = [sentences.end_words(row) for row in frame.iter_rows(named=True)]
    table = frame.lazy().select(
        pl.col("label").alias("Input"),
        pl.Series("At P10", [low for low, _ in ends], dtype=pl.String),
        pl.Series("At P90", [high for _, high in ends], dtype=pl.String),
        pl.col("mean_at_p10").alias("Mean at P10"),
        pl.col("mean_at_p90").alias("Mean at P90"),
        pl.col("swing").alias("Swing"),
        pl.col("standard_error").alias("Error of the swing"),
    )
    return ChartBlock(
        name="drivers-tornado",
        finding=sentences.tornado_finding(page.label, frame),
        note=f"Mean of “{page.label}” with one input at a time at its P10 (grey) and its P90 (colour), all others as "
        f"drawn. The {min(SHOWN, frame.height)} widest of {frame.height}; the table lists all.",
        spec=spec_of(draw_tornado, page.look, page.digest, tornado_height(frame.height), unit),
        data=tornado_data(frame, words, page.look),
        frame=frame,
        table=table,
        source=page.source,
    )


def scatter_blocks(page: Page) -> list[ChartBlock]:
    """Return the figure over each of the two inputs that do most to it."""
    frame = page.found.scatter
    blocks = []
    for number, name in enumerate(frame["input_id"].unique(maintain_order=True), start=1):
        points = frame.filter(input_id=name)
        label, unit = points["label"][0], points["unit"][0]
        low, high = sentences.chance_ends(name)
        across = f" Left: {low}; right: {high}." if unit == "draw" else ""
        blocks.append(
            ChartBlock(
                name=f"drivers-scatter-{number}",
                finding=f"“{page.label}” over “{label}”",
                note=f"{points.height} of the simulations; the line joins means.{across}",
                spec=spec_of(draw_scatter, page.look, page.digest, HEIGHT, unit, page.unit),
                data=scatter_data(points),
                frame=points,
                table=points.lazy().select(
                    pl.col("input_value").alias("Input"), pl.col("figure_value").alias("Figure")
                ),
                source=page.source,
            )
        )
    return blocks


def indices_block(page: Page, indices: pl.DataFrame) -> ChartBlock:
    """Return what each input explains by itself and together with others."""
    table = indices.lazy().select(
        pl.col("label").alias("Input"),
        *(
            pl.col(f"{name}{end}").alias(f"{words}{told} share")
            for name, words in (("first_order", "By itself"), ("total", "In all"))
            for end, told in (("", ","), ("_low", ", P5,"), ("_high", ", P95,"))
        ),
    )
    return ChartBlock(
        name="drivers-indices",
        finding=sentences.together_sentence(indices),
        note="● what an input explains by itself (first-order Sobol index), ◇ all in which it takes part (total "
        "index); bars are 90 % intervals. Indices below 0 are noise and drawn at 0.",
        spec=spec_of(draw_indices, page.look, page.digest, indices_height(indices.height)),
        data=indices_data(indices),
        frame=indices,
        table=table,
        source=page.source,
    )


def show_checks(page: Page) -> None:
    """Show what to check next, each with the row that it rests on today."""
    checks = page.found.check_next
    show_finding(
        "Check this next",
        "By how much less the figure would vary, on average, once the input were known exactly.",
    )
    found = sentences.check_next(checks)
    if not found:
        st.caption("No row that could be looked up stands out in these simulations.")
    items = "".join(f"<li><b>{html(one.label)}</b>: {html(one.words)}, {_row_link(one)}.</li>" for one in found)
    st.html(f'<ol class="checks" data-testid="check-next">{items}</ol>')
    if chance := sentences.chance_sentence(checks):
        st.html(f'<p class="notice" data-testid="chance">{html(chance)}</p>')
    show_download("check_next.csv", lambda: write_csv(checks), "CSV of all inputs")


def _row_link(check: sentences.Check) -> str:
    """Return a link to a row on the page Evidence, which opens beside this one."""
    query = urlencode({"evidence-table": check.table, "evidence-words": check.row})
    words = f"row {check.row} of {check.table}.csv"
    return f'<a href="evidence?{html(query)}" target="_blank">{html(words)}</a>'


def show_register(page: Page) -> None:
    """Show the rows that the figure rests on, the weakest ground under the most weight first."""
    register = page.found.register
    show_finding(
        sentences.register_sentence(register),
        "Weakness of the grade (A1 is 0, F6 is 1) times the swing between P10 and P90 of the input, the worst first.",
    )
    show_table(
        register.select(
            pl.col("label").alias("Input"),
            pl.col("grade").alias("Grade"),
            pl.col("source").alias("Source"),
            (pl.col("table") + ".csv: " + pl.col("row")).alias("Row"),
            pl.col("weakness").alias("Weakness"),
            pl.col("swing").alias("Swing"),
            pl.col("at_risk").alias("At risk"),
        ),
        height=330,
    )
    show_download("register.csv", lambda: write_csv(register), "CSV of the register")
