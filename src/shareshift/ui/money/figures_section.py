"""Three figures side by side, each with its distribution, a threshold to move, and what a change did to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import streamlit as st

from shareshift.basics.arrays import Floats
from shareshift.basics.formats import likelihood, money
from shareshift.charts.look import Look
from shareshift.market.market import Market
from shareshift.results.headline import Headline, change_words, consequence, grid, headlines, nearest
from shareshift.results.overview import Results
from shareshift.ui.shell.words import html, plain

BINS = 60


@dataclass(frozen=True, kw_only=True)
class Axis:
    """The amounts that a threshold can take, and where it stands at first; USD."""

    amounts: list[float]
    start: float


@st.cache_resource(show_spinner=False, max_entries=8)
def axes_of(_market: Market, _usual: Results, digest: str, as_of: date) -> list[Axis]:  # noqa: ARG001
    """Return the axis of each figure: of the baseline, so that a move moves the figure and not its scale."""
    found = []
    for headline in headlines(_usual.gains, _usual.simulations, None, _market):
        amounts = grid(headline.draws)
        start = nearest(amounts, 0.0 if headline.signed else headline.mean)
        found.append(Axis(amounts=amounts, start=start))
    return found


def show_three(found: Results, before: Results | None, axes: Sequence[Axis], market: Market, look: Look) -> None:
    """Show the figures of a scenario; `before` is the one that the reader set out from, if that is another."""
    told = headlines(found.gains, found.simulations, before.simulations if before else None, market)
    for column, headline, axis in zip(st.columns(3, gap="medium"), told, axes, strict=True):
        with column.container(key=f"figure-{headline.place}", gap=None):
            show_one(headline, axis, look)
    said = consequence(found.simulations, before.simulations, market) if before else ""
    st.html(f'<p class="consequence" role="status" data-testid="consequence">{html(said) or "&nbsp;"}</p>')


@st.fragment
def show_one(headline: Headline, axis: Axis, look: Look) -> None:
    """Show a figure; moving its threshold runs this function and nothing else."""
    amounts, key = axis.amounts, f"threshold-{headline.place}"
    if not amounts[0] <= st.session_state.get(key, axis.start) <= amounts[-1]:
        del st.session_state[key]
    _show_head(headline)
    strip = st.empty()
    usd = st.slider(
        f"Threshold of “{plain(headline.label)}”, in dollars",
        amounts[0],
        amounts[-1],
        value=axis.start,
        step=amounts[1] - amounts[0],
        format="compact",
        key=key,
        label_visibility="collapsed",
        persist_state="session",
    )
    strip.html(density(headline.draws, amounts, usd, look))
    st.html(f'<p class="chance">{html(chance_words(headline, usd))}</p>')


def _show_head(headline: Headline) -> None:
    sign = "+" if headline.signed and round(headline.mean) > 0 else ""
    moved = html(change_words(headline.change)) if headline.change else "&nbsp;"
    st.html(
        f'<dl class="figure"><dt>{html(headline.label)}</dt>'
        f'<dd class="value">{html(sign + money(headline.mean))}</dd>'
        f'<dd class="moved">{moved}</dd></dl>'
    )


def chance_words(headline: Headline, usd: float) -> str:
    """Return how likely the figure exceeds an amount, in a word and a number."""
    above = "Above zero" if usd == 0 else f"More than {money(usd)}"
    return f"{above}: {likelihood(headline.chance_above(usd))}"


def density(draws: Floats, amounts: Sequence[float], usd: float, look: Look) -> str:
    """Return the distribution of a figure along the track of its slider, dense beyond the threshold."""
    low, high = amounts[0], amounts[-1]
    counts, edges = np.histogram(draws, bins=BINS, range=(low, high))
    # Two neighbours' worth of smoothing: a reader compares places, not single bins.
    tall = np.convolve(counts, [0.25, 0.5, 0.25], mode="same")
    tall = 100 * tall / (tall.max() or 1.0)
    at = 100 * ((edges[:-1] + edges[1:]) / 2 - low) / (high - low)
    line = ", ".join(f"{x:.1f}% {100 - y:.1f}%" for x, y in zip(at, tall, strict=True))
    cut = 100 * (usd - low) / (high - low)
    return (
        f'<div class="density" aria-hidden="true"><i style="clip-path: polygon({at[0]:.1f}% 100%, {line}, '
        f"{at[-1]:.1f}% 100%); --cut: {cut:.1f}%; --above: {look.style.incumbent}; "
        f'--below: {look.style.tail}"></i></div>'
    )
