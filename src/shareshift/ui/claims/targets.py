"""For one claim to be right: what the inputs would have to be, and what each slider alone can do."""

import polars as pl
import streamlit as st

from shareshift.basics.formats import percent
from shareshift.charts.block import ChartBlock
from shareshift.charts.look import Look
from shareshift.export import write_csv
from shareshift.results.claims.believing import NEAREST
from shareshift.results.claims.claim import Key
from shareshift.ui.claims import words
from shareshift.ui.claims.cache import Asked, even_odds, inputs_for
from shareshift.ui.claims.inputs import inputs_block
from shareshift.ui.claims.tested import Card, Row
from shareshift.ui.shell.blocks import show_chart, show_download, show_finding
from shareshift.ui.shell.words import html, plain


def show_targets(asked: Asked, cards: list[Card], look: Look, source: str) -> None:
    """Show on demand what it would take for one claim to be right, in inputs and in sliders."""
    place = st.expander("What would it take for a claim to be right?", key="claims-take", on_change="rerun")
    if not place.open:
        return
    rows = {test.key: test.row for card in cards for test in card.tests if test.row["probability"] is not None}
    with place:
        if not rows:
            st.caption("No claim can be tested in this run, so there is nothing to look for. Choose another scenario.")
            return
        claim = st.selectbox(
            "Claim", list(rows), format_func=lambda key: words.label_of(rows[key], look.names), key="claims-take-claim"
        )
        left, right = st.columns(2, gap="large")
        with left:
            show_chart(_inputs(asked, claim, rows[claim], look, source))
        with right:
            _show_sliders(asked, claim)


def _inputs(asked: Asked, claim: Key, row: Row, look: Look, source: str) -> ChartBlock:
    title = words.label_of(row, look.names)
    opening = f"For “{title}” to be right"
    if row["probability"] < NEAREST:
        opening = f"To come as near to “{title}” as the nearest {percent(NEAREST)} of simulations"
    return inputs_block("claims-take-inputs", inputs_for(asked, claim), opening, look, asked.market.digest, source)


def _show_sliders(asked: Asked, claim: Key) -> None:
    show_finding("What would make it 50/50?", "Each main slider alone, tried over its whole range.")
    wanted = (asked.key, claim)
    if st.button("Try the sliders", key="claims-even-look"):
        st.session_state["claims-even-wanted"] = wanted
    if st.session_state.get("claims-even-wanted") != wanted:
        st.caption("About fifty short runs, a few seconds.")
        return
    with st.spinner("Trying each slider on its own"):
        found = even_odds(asked, claim)
    reached = found.filter(pl.col("value").is_not_null()).height
    st.markdown(plain(_words(reached, found.height)))
    told, vain = told_and_vain(found)
    lines = told.select("label", "words").iter_rows()
    if vain:
        st.html(f'<p data-testid="vain">{html(vain)}</p>')
    items = "".join(f"<dt>{html(label)}</dt><dd>{html(said)}</dd>" for label, said in lines)
    st.html(f'<dl class="tests" data-testid="even-odds">{items}</dl>')
    show_download("even_odds.csv", lambda: write_csv(found), "CSV of these sliders")


def told_and_vain(found: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Return the sliders that have something of their own to say, and one sentence for all that change nothing."""
    is_vain = pl.col("value").is_null() & (pl.col("best_result") == 0)
    vain = found.filter(is_vain)["label"].to_list()
    if len(vain) < 2:
        return found, ""
    return found.filter(~is_vain), f"It fails in every simulation wherever any of these stands: {'; '.join(vain)}."


def _words(reached: int, count: int) -> str:
    if not reached:
        return f"None of the {count} sliders can do it alone."
    return f"{reached} of {count} sliders can do it alone:"
