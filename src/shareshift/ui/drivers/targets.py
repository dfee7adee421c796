"""What would bring a figure to a target: one slider alone, or the fewest together."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from shareshift.basics.formats import MONEY_UNITS, percent, quantity
from shareshift.export import write_csv
from shareshift.results.compare.amounts import amount
from shareshift.results.drivers.sentences import target_sentence
from shareshift.ui.drivers.blocks import Page
from shareshift.ui.drivers.cache import Asked, targets_kept
from shareshift.ui.shell.blocks import show_download, show_finding, show_table
from shareshift.ui.shell.words import html

WANTED = "drivers-target-wanted"
# How a target is typed: what one of it is in the figure's unit, and what the box says.
SCALES = {"share": (0.01, "%")} | dict.fromkeys(MONEY_UNITS, (1e6, "million USD"))


def show_targets(asked: Asked, page: Page, figure: str) -> None:
    """Ask for a target and show which sliders reach it, or how near they come."""
    unit, now = page.unit, float(page.found.tornado["mean"][0])
    show_finding(
        "What would bring it there?",
        f"The mean of “{page.label}” is {amount(now, unit)} now. Each slider in view alone, then the fewest together.",
    )
    scale, words = SCALES.get(unit, (1.0, unit.replace("_", " ")))
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    start = float(f"{1.5 * now / scale:.2g}")
    typed = left.number_input(
        f"Target, {words}", value=start, step=float(f"{abs(start) / 10:.1g}") or 1.0, format="%g",
        key=f"drivers-target-{figure}",
    )  # fmt: skip
    wanted = (asked.key, figure, typed)
    if right.button("Find", key="drivers-target-find", width="stretch"):
        st.session_state[WANTED] = wanted
    if st.session_state.get(WANTED) != wanted:
        st.caption("Some eighty short runs, a few seconds.")
        return
    target = typed * scale
    place = st.empty()
    found = targets_kept(asked, figure, unit, target, _telling(place.progress))
    place.empty()
    sentence = target_sentence(page.label, found["targets_together"], now, target, unit)
    st.html(f'<p class="notice" data-testid="target">{html(sentence)}</p>')
    show_table(_table(found["targets"], unit))
    show_download("targets.csv", lambda: write_csv(found["targets"]), "CSV of these sliders")


def _telling(show: Callable[[float, str], object]) -> Callable[[float], None]:
    def tell(share: float) -> None:
        show(min(share, 1.0), "Trying each slider on its own")

    return tell


def _table(alone: pl.DataFrame, unit: str) -> pl.DataFrame:
    rows = [
        (
            row["label"],
            quantity(row["present_value"], row["unit"]),
            quantity(row["value"], row["unit"]),
            percent(row["move_share"]),
            amount(row["result"], unit),
            "reached" if row["reached"] else "nearest",
        )
        for row in alone.iter_rows(named=True)
    ]
    names = ("Slider", "Now", "Then", "Of its range", "Mean then", "Target")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row")
