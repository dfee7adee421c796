"""Believing the claims: which and how firmly, what cannot be believed, and prior against posterior."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from shareshift.basics.formats import percent, quantity
from shareshift.charts.block import INSIDE, ChartBlock
from shareshift.charts.claims.belief import Moved, belief_data, belief_height, draw_belief
from shareshift.charts.look import Look
from shareshift.results.claims.claim import Key
from shareshift.results.claims.credibility import credibility
from shareshift.results.labels import figure_label
from shareshift.ui.claims import words
from shareshift.ui.claims.cache import Asked, Beliefs, Believed, Tested, believed
from shareshift.ui.claims.inputs import inputs_block
from shareshift.ui.claims.sentences import posterior_finding
from shareshift.ui.claims.tested import Card, Row
from shareshift.ui.shell.blocks import show_chart, show_finding, show_warning
from shareshift.ui.shell.specs import spec_of
from shareshift.ui.shell.words import html, plain

# What the reader has said of the claims; it outlives the widgets, which vanish with a change of page.
CHOSEN, VALUES = "claims-chosen", "claims-values"
UNJUDGED = 0.5


def show_believing(asked: Asked, found: Tested, cards: list[Card], look: Look, source: str) -> Beliefs | None:
    """Show what believing the claims does, when the reader asks; return the beliefs, None for those of the grades."""
    show_finding(
        "What if they are right?",
        "Believing reweights the simulations, as gently as possible, so that each believed claim holds as often as its "
        "grade says. Off, no result uses a claim. A grade rates a report: how far to trust that it was said, which is "
        "not the probability that its content comes true. So targets and opinions count only if you choose them.",
    )
    if not st.toggle("Believe the claims", key="claims-believe", persist_state="session"):
        return _beliefs(found)
    _ask_claims(found, cards, look)
    beliefs = _beliefs(found)
    after = believed(asked, beliefs)
    _show_remarks(after, found, look)
    left, right = st.columns(2, gap="large")
    with left:
        show_chart(_posterior_block(after, look, asked.market.digest, source))
    with right:
        opening = f"For {_whose(after, found, look)} to hold as often as believed"
        block = inputs_block("claims-inputs", after.inputs_moved, opening, look, asked.market.digest, source)
        show_chart(block)
    return beliefs


def _rows(found: Tested) -> dict[Key, Row]:
    tested = found.claims.filter(pl.col("probability").is_not_null())
    return {(row["claim_id"], row["reading"]): row for row in tested.iter_rows(named=True)}


def _beliefs(found: Tested) -> Beliefs | None:
    """Return the reader's beliefs; None as long as they are those of the grades."""
    chosen: list[Key] | None = st.session_state.get(CHOSEN)
    values: Mapping[Key, float] = st.session_state.get(VALUES, {})
    if chosen is None and not values:
        return None
    rows, keys = _rows(found), list(found.defaults) if chosen is None else chosen
    return tuple(sorted((*key, values.get(key, _graded(rows[key]))) for key in keys if key in rows))


def _graded(row: Row) -> float:
    graded = credibility(row["grade"])
    return UNJUDGED if graded is None else graded


def _ask_claims(found: Tested, cards: list[Card], look: Look) -> None:
    rows = _rows(found)
    order = {card.claim_id: place for place, card in enumerate(cards)}
    options = sorted(rows, key=lambda key: order[key[0]])
    chosen: list[Key] | None = st.session_state.get(CHOSEN)
    now = list(found.defaults) if chosen is None else chosen
    st.session_state["claims-believed"] = [key for key in options if key in now]
    picked = st.multiselect(
        "Claims that count", options, key="claims-believed", on_change=_take_claims,
        format_func=lambda key: _option(rows[key], look),
        placeholder="No claim is believed; choose one",
    )  # fmt: skip
    values: dict[Key, float] = st.session_state.setdefault(VALUES, {})
    columns = st.columns(3, gap="medium")
    for place, key in enumerate(picked):
        with columns[place % 3]:
            _ask_credibility(key, rows[key], values, look)
    if chosen is not None or values:
        st.button("Back to what the grades say", key="claims-belief-reset", type="tertiary", on_click=_forget)


def _option(row: Row, look: Look) -> str:
    return f"{words.label_of(row, look.names)} ({row['speaker']}, {row['grade']})"


def _ask_credibility(key: Key, row: Row, values: dict[Key, float], look: Look) -> None:
    name = _slider(key)
    if name not in st.session_state:
        st.session_state[name] = values.get(key, _graded(row))
    label = plain(words.label_of(row, look.names))
    st.slider(label, 0.0, 1.0, step=0.01, key=name, format="percent", on_change=_take_credibility, args=(key,))
    graded = credibility(row["grade"])
    reads = "cannot be judged" if graded is None else f"reads as {quantity(graded, 'share')}"
    with st.container(key=f"row-{name}"):
        st.caption(plain(f"{row['grade']} {reads}; the simulations say {percent(row['probability'])}"))


def _slider(key: Key) -> str:
    return f"belief-{'-'.join(key)}"


def _take_claims() -> None:
    st.session_state[CHOSEN] = list(st.session_state["claims-believed"])


def _take_credibility(key: Key) -> None:
    st.session_state.setdefault(VALUES, {})[key] = round(float(st.session_state[_slider(key)]), 4)


def _forget() -> None:
    for key in st.session_state.pop(VALUES, {}):
        st.session_state.pop(_slider(key), None)
    st.session_state.pop(CHOSEN, None)


def _show_remarks(after: Believed, found: Tested, look: Look) -> None:
    rows = _rows(found)
    if after.refused:
        items = "".join(
            f"<li>{html(words.label_of(rows[key], look.names))}. {html(why)}</li>" for key, why in after.refused.items()
        )
        opening = "Not believed, because no reweighting of these simulations makes it hold that often:"
        body = f'<div class="fault" role="status" data-testid="belief-refused"><p>{opening}</p><ul>{items}</ul></div>'
        st.html(body)
    if after.conflict:
        show_warning(after.conflict)
        return
    share = after.effective_draws / after.draws
    count = len(after.believed)
    counted = "No claim is believed" if not count else f"{count} claim{'s are' if count > 1 else ' is'} believed"
    worth = f"the reweighted simulations are worth {after.effective_draws:,.0f} of {after.draws:,} ({percent(share)})"
    st.html(f'<p class="key" data-testid="effective">{counted}; {worth}.</p>')
    if after.few_draws:
        show_warning(
            f"Only {percent(share)} of the simulations count in what follows, less than a tenth; its ranges are rough. "
            "Believe fewer claims, or less firmly."
        )


def _whose(after: Believed, found: Tested, look: Look) -> str:
    rows = _rows(found)
    titles = [words.label_of(rows[key], look.names) for key in after.believed if key in rows]
    return f"“{titles[0]}”" if len(titles) == 1 else "these claims"


def _posterior_block(after: Believed, look: Look, digest: str, source: str) -> ChartBlock:
    incumbent = look.names[look.incumbent]
    rows = [
        _moved(row, incumbent) for row in after.posterior.iter_rows(named=True) if row["figure"] != "sources_contradict"
    ]
    labels = [figure_label(figure, incumbent) for figure in after.posterior["figure"]]
    table = after.posterior.lazy().select(
        pl.Series("Figure", labels, dtype=pl.String),
        pl.col("unit").str.replace_all("_", " ").alias("Unit"),
        *(
            pl.col(f"{when}_{name}").alias(f"{word}, {name if name == 'mean' else name.upper()}")
            for when, word in (("prior", "Before"), ("posterior", "After"))
            for name in ("mean", "p5", "p95")
        ),
    )
    return ChartBlock(
        name="claims-posterior",
        finding=posterior_finding(after.posterior, incumbent),
        note=f"◆ before   ● after believing; each figure on its own scale. {INSIDE}",
        spec=spec_of(draw_belief, look, digest, belief_height(len(rows))),
        data=belief_data(rows),
        frame=after.posterior,
        table=table,
        source=source,
    )


def _moved(row: Row, incumbent: str) -> Moved:
    before, after = (words.figure_amount(row[f"{when}_mean"], row["unit"]) for when in ("prior", "posterior"))
    return Moved(
        label=figure_label(row["figure"], incumbent),
        words=f"{before} → {after}",
        before=(row["prior_mean"], row["prior_p5"], row["prior_p95"]),
        after=(row["posterior_mean"], row["posterior_p5"], row["posterior_p95"]),
    )
