"""The section “How much depends on the model?”: every form on the same draws, when a reader asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from shareshift.charts.block import INSIDE, ChartBlock
from shareshift.charts.forms import draw_forms, forms_data, forms_height
from shareshift.charts.look import Look
from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.results.labels import ENDS, FORM_LABELS
from shareshift.scenario.forms import NAMED_FORMS, form_label
from shareshift.scenario.scenario import Scenario
from shareshift.ui.money.forms_sentences import forms_finding, forms_note
from shareshift.ui.shell.blocks import show_chart, show_download
from shareshift.ui.shell.cache import Key, session_draws
from shareshift.ui.shell.specs import spec_of
from shareshift.ui.shell.words import plain

# The page opens before the engine is imported.
if TYPE_CHECKING:
    from shareshift.model.draws.streams import Draws
    from shareshift.results.compare.forms import FormsSpread


def show_forms(market: Market, scenario: Scenario, look: Look, source: str) -> None:
    """Show how much of the rivals' ranges is the choice of model, when the reader opens it."""
    place = st.expander("How much depends on the model?", key="forms", on_change="rerun")
    if not place.open:
        return
    with place:
        found = spread_of(market, scenario)
        show_chart(forms_block(found, scenario, look, source, market.digest))
        for sentence in found.skipped:
            st.caption(plain(sentence))
        with st.container(horizontal=True):
            show_download("forms.csv", lambda: write_csv(found.forms), "CSV of every figure in every form")
            show_download("forms_spread.csv", lambda: write_csv(found.spread), "CSV of model against data")


def spread_of(market: Market, scenario: Scenario) -> FormsSpread:
    """Return the forms side by side for a scenario, run when it is first asked for."""
    held = session_draws()
    key = (market.digest, market.as_of, scenario.key, held.count, held.seed)
    with st.spinner("Running every form of the model"):
        return _spread(market, scenario, held, key)


@st.cache_resource(show_spinner=False, max_entries=16)
def _spread(_market: Market, _scenario: Scenario, _held: Draws, key: Key) -> FormsSpread:  # noqa: ARG001
    from shareshift.results.compare.forms import forms_spread

    return forms_spread(_market, _scenario, _held)


def forms_block(found: FormsSpread, scenario: Scenario, look: Look, source: str, digest: str) -> ChartBlock:
    """Return the picture of the forms: rivals by the mean over all forms, the biggest gainer first."""
    gains = found.gains
    own = next((n.form_id for n in NAMED_FORMS if (n.form, n.capacity) == (scenario.form, scenario.capacity)), None)
    here = form_label(scenario.form, scenario.capacity)
    dots = "filled for the form of this page" if own else f"{here[0].lower()}{here[1:]} is not among the forms drawn"
    table = gains.lazy().select(
        look.named(gains["vendor_id"]).alias("Rival"),
        gains["form_id"].replace_strict(FORM_LABELS).alias("Form"),
        *(pl.col(f"{end}_value").alias(f"{words} USD") for end, words in ENDS.items()),
        pl.col("share_from_form").alias("From the model share"),
    )
    return ChartBlock(
        name="forms-gains",
        finding=forms_finding(gains, look.names),
        note=f"{forms_note(gains, look.names)} Dot = mean, {dots}. {INSIDE}",
        spec=spec_of(draw_forms, look, digest, forms_height(gains)),
        data=forms_data(gains, look, own),
        frame=gains,
        table=table,
        source=source,
    )
