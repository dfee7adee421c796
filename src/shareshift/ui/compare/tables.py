"""Tables of the comparison in words: figures side by side, who changes rank, which inputs differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
import streamlit as st

from shareshift.export import write_csv
from shareshift.results.compare.amounts import amount, change, change_range, in_full, in_percent
from shareshift.results.compare.answer import Comparison
from shareshift.results.labels import figure_label
from shareshift.ui.compare import sentences
from shareshift.ui.compare.sentences import Names, Row
from shareshift.ui.shell.blocks import show_download, show_finding, show_table
from shareshift.ui.shell.words import html

SHOWN = (
    "displaced", "to_rivals", "in_house", "not_spent", "unplaced", "incumbent_change", "incumbent_share_at_horizon",
)  # fmt: skip
USD = {"usd": ", USD", "usd_per_year": ", USD per year"}


def show_figures(found: Comparison, incumbent: str, source: str) -> None:
    """Show the headline figures of all scenarios side by side, each with its difference to the reference."""
    show_finding(
        sentences.figures_finding(found),
        f"Means and, for each figure, the difference to {found.titles[0]} in the same simulations, with its "
        "90% range in brackets. Sums are over all months compared.",
    )
    head = "".join(f'<th scope="col">{html(title)}</th>' for title in found.titles)
    body = "".join(_figure_row(found, figure, incumbent) for figure in SHOWN)
    st.html(
        f'<table class="sides cols-{len(found.titles)}" data-testid="sides"><thead><tr><td></td>{head}</tr></thead>'
        f'<tbody>{body}</tbody></table><p class="source">{html(source)}</p>'
    )
    show_twin("compare-figures", _figures_table(found, incumbent), found.figures)


def _figures_table(found: Comparison, incumbent: str) -> pl.DataFrame:
    # Figures of several units share the columns, so every cell is in words of its own.
    rows = [
        {
            "Figure": figure_label(row["figure"], incumbent) + USD.get(row["unit"], ""),
            "Under": row["scenario"],
            "Reference mean": in_full(row["mean_reference"], row["unit"]),
            "Scenario mean": in_full(row["mean_scenario"], row["unit"]),
            "Difference": in_full(row["mean_difference"], row["unit"]),
            "P5": in_full(row["p5_difference"], row["unit"]),
            "P95": in_full(row["p95_difference"], row["unit"]),
            "Error of the mean": _error(row),
            "More, share": row["probability_more"],
            "Less, share": row["probability_less"],
            "Same, share": row["probability_same"],
        }
        for row in found.figures.iter_rows(named=True)
    ]
    return pl.DataFrame(rows)


def _error(row: Row) -> str | None:
    error = row["standard_error_difference"]
    return None if error is None else in_full(error, row["unit"])


def difference_columns(suffix: str = "") -> list[pl.Expr]:
    """Return the columns that every table of differences shows; a suffix of ` share` shows them as percent."""
    columns = {
        "mean_reference": "Reference mean",
        "mean_scenario": "Scenario mean",
        "mean_difference": "Difference",
        "p5_difference": "P5",
        "p95_difference": "P95",
        "standard_error_difference": "Error of the mean",
    }
    chances = {"probability_more": "More, share", "probability_less": "Less, share", "probability_same": "Same, share"}
    plain = [pl.col(name).alias(f"{words}{suffix}") for name, words in columns.items()]
    return [*plain, *(pl.col(name).alias(words) for name, words in chances.items())]


def show_twin(name: str, table: pl.DataFrame, frame: pl.DataFrame) -> None:
    """Show on demand a frame as a table and as a file."""
    twin = st.expander("The numbers as a table, and CSV", key=f"twin-{name}", on_change="rerun")
    if twin.open:
        with twin:
            show_table(table)
            show_download(f"{name}.csv", lambda: write_csv(frame), "CSV of this table")


def _figure_row(found: Comparison, figure: str, incumbent: str) -> str:
    rows = found.figures.filter(figure=figure).rows(named=True)
    unit = rows[0]["unit"]
    label = figure_label(figure, incumbent)
    cells = [_cell(found.titles[0], amount(rows[0]["mean_reference"], unit), "")]
    cells += [_cell(row["scenario"], amount(row["mean_scenario"], unit), _told(row, unit)) for row in rows]
    return f'<tr><th scope="row">{html(label)}</th>{"".join(cells)}</tr>'


def _cell(title: str, value: str, told: str) -> str:
    return f'<td data-title="{html(title)}"><b>{html(value)}</b>{told}</td>'


def _told(row: Row, unit: str) -> str:
    if row["probability_same"] == 1:
        return "<span>the same in every simulation</span>"
    span = change_range(row["p5_difference"], row["p95_difference"], unit)
    delta, odds = html(change(row["mean_difference"], unit)), html(odds_words(row))
    return f'<span class="delta">{delta}</span> <span>({html(span)})</span><span class="odds">{odds}</span>'


def odds_words(row: Row) -> str:
    """Return in which part of the simulations a result is more, or less, and the same."""
    more = row["probability_more"] >= row["probability_less"]
    word, chance = ("more", row["probability_more"]) if more else ("less", row["probability_less"])
    ties = row["probability_same"]
    same = f", same in {in_percent(ties)}" if ties >= sentences.MANY_TIES else ""
    return f"{word} in {in_percent(chance)} of simulations{same}" if chance < 1 else f"{word} in every simulation"


def show_ranks(found: Comparison, title: str, names: Names) -> None:
    """Show who moves up or down under one scenario, and which two swap ranks most often."""
    ranks, orders = (frame.filter(scenario=title) for frame in (found.ranks, found.orders))
    show_finding(
        sentences.ranks_finding(ranks, names),
        "Ranks go by the mean; how often two vendors swap ranks is counted over the simulations.",
    )
    flips = sentences.flip_sentences(orders, names, (found.titles[0], title))
    flips = flips or ["No two vendors swap ranks in more than 5% of simulations."]
    items = "".join(f"<li>{html(line)}</li>" for line in flips)
    st.html(f'<ul class="flips" data-testid="flips">{items}</ul>')
    table = ranks.select(
        pl.col("measure").replace_strict(sentences.RANKED).alias("By"),
        ranks["vendor_id"].replace_strict(dict(names)).alias("Vendor"),
        pl.col("rank_reference").alias(f"Rank under {found.titles[0]}"),
        pl.col("rank_scenario").alias(f"Rank under {title}"),
        pl.col("rank_change").alias("Moves up by"),
        pl.col("probability_first_reference").alias("First before, share"),
        pl.col("probability_first_scenario").alias("First after, share"),
    )
    show_twin("compare-ranks", table, found.ranks)


def show_inputs(found: Comparison, title: str) -> None:
    """Show which inputs one scenario sets differently from the reference."""
    inputs = found.inputs.filter(scenario=title)
    show_finding(
        sentences.inputs_finding(inputs, title), f"Against {found.titles[0]}; all else is the same in both scenarios."
    )
    if inputs.is_empty():
        return
    lines = inputs.select("label", "reference_words", "scenario_words").iter_rows()
    rows = "".join(
        f'<tr><th scope="row">{html(label)}</th><td>{html(before)}</td><td>{html(after)}</td></tr>'
        for label, before, after in lines
    )
    head = f'<td></td><th scope="col">{html(found.titles[0])}</th><th scope="col">{html(title)}</th>'
    st.html(f'<table class="settings" data-testid="inputs"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>')


def show_files(files: Sequence[tuple[str, str, Callable[[], bytes]]]) -> None:
    """Show a button per file, the same that the command line writes."""
    show_finding(
        "Download",
        "What the command “shareshift compare” writes: CSV as UTF-8, ISO dates, units in the headers; text made safe.",
    )
    with st.container(horizontal=True, key="downloads"):
        for name, words, content in files:
            show_download(name, content, words)
