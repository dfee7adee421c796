"""How far to trust the page, in one line, and a verdict on every claim; both of the market's own baseline."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from shareshift.basics.kept import Frames, kept_frames
from shareshift.market.market import Market
from shareshift.scenario.scenario import Scenario
from shareshift.ui.claims.tested import Card, cards_of
from shareshift.ui.claims.words import chance_words, titles_of
from shareshift.ui.money.trust_sentences import VERDICTS, trust_sentence, verdict
from shareshift.ui.record.cache import record_of
from shareshift.ui.shell.blocks import show_finding
from shareshift.ui.shell.cache import Key, session_draws
from shareshift.ui.shell.words import html

if TYPE_CHECKING:
    from shareshift.model.draws.streams import Draws

CLAIMS = "src/shareshift/ui/claims/page.py"
# Enough to tell the means of the forms apart; every form is a run of its own.
FORM_DRAWS = 1024


def show_trust(market: Market, baseline: Scenario) -> None:
    """Show in one line how much hangs on the model, how much is assumed, and how such ranges have done."""
    said = _said(market, tested_baseline(market, baseline), (market.digest, market.as_of, baseline.key, date.today()))
    st.html(f'<p class="trust" data-testid="trust"><b>How far to trust this.</b> {html(said)}</p>')


@st.cache_resource(show_spinner=False, max_entries=8)
def _said(_market: Market, _tested: Frames, key: tuple[str, date, str, date]) -> str:
    record = record_of(_market, _market.digest, _market.as_of, key[-1])
    return trust_sentence(_tested["forms"], _market, record)


def show_verdicts(market: Market, baseline: Scenario) -> None:
    """Show what the model makes of each claim, a word each, and the way to the page of the claims."""
    tested = tested_baseline(market, baseline)
    finding, verdicts = _verdicts(market, tested, (market.digest, market.as_of, baseline.key))
    if not verdicts:
        return
    show_finding(finding, "Each claim at its likeliest reading, against the baseline.")
    st.html(verdicts)
    # Where the page stands alone there is none to go to.
    with suppress(StreamlitPageNotFoundError):
        st.page_link(CLAIMS, label="What each claim would take, and all of them together")


@st.cache_resource(show_spinner=False, max_entries=8)
def _verdicts(_market: Market, _tested: Frames, key: tuple[str, date, str]) -> tuple[str, str]:  # noqa: ARG001
    cards = [card for card in cards_of(_tested["claims"]) if card.tested]
    likelier = sum((card.best["probability"] or 0.0) > 0.5 for card in cards)
    titles = titles_of(cards, _market.names)
    items = [_verdict(card, titles) for card in sorted(cards, key=lambda card: card.best["probability"])]
    return (
        f"What they claim: {likelier} of {len(cards)} {'holds' if likelier == 1 else 'hold'} more often than not",
        f'<ul class="verdicts">{"".join(items)}</ul>' if items else "",
    )


def _verdict(card: Card, titles: Mapping[str, str]) -> str:
    word = verdict(card.best["probability"])
    said = f"{card.row['speaker']}: {chance_words(card.best)}"
    return (
        f'<li><b class="verdict v{VERDICTS.index(word)}">{html(word.label)}</b> {html(titles[card.claim_id])} '
        f"<small>{html(said)}</small></li>"
    )


def tested_baseline(market: Market, baseline: Scenario) -> Frames:
    """Return the claims against the baseline, and its rivals' gains in every form of the model."""
    held = session_draws()
    key = (market.digest, market.as_of, baseline.key, held.count, held.seed)
    return _tested_baseline(market, baseline, held, key)


def first_tested(market: Market, baseline: Scenario, held: Draws) -> None:
    """Find out what `tested_baseline` returns to whoever comes; for the warm-up, which has no reader."""
    _tested_baseline(market, baseline, held, (market.digest, market.as_of, baseline.key, held.count, held.seed))


@st.cache_resource(show_spinner=False, max_entries=8)
def _tested_baseline(_market: Market, _baseline: Scenario, _held: Draws, key: Key) -> Frames:
    def compute() -> dict[str, pl.DataFrame]:
        from shareshift.model.draws.streams import Draws
        from shareshift.results.claims.answer import claims_answer
        from shareshift.results.compare.forms import forms_spread
        from shareshift.results.projection import project

        run = project(_market, _baseline, _held.count, _held.seed, held=_held)
        few = Draws(min(FORM_DRAWS, _held.count), _held.seed)
        return {"claims": claims_answer(run, _held, {}).claims, "forms": forms_spread(_market, _baseline, few).ranked()}

    return kept_frames(("tested", *map(str, key)), compute)
