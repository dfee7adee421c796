"""The story that opens the first page: what happened, the money at stake, the question, and the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from shareshift.basics.formats import day_words, money, month_words
from shareshift.market.market import Market
from shareshift.results.sentences import figure_rows, level_words, top_gainers

# Parts of a whole in words, each up to its share: a reader who has just come needs no second number.
PARTS = ((0.05, "hardly any of it"), (0.4, "a part of it"), (0.6, "about half of it"), (0.95, "most of it"))


@dataclass(frozen=True, kw_only=True)
class Story:
    """What a newcomer reads first; `stake` ends with the question."""

    market: str
    event: str
    stake: str
    answer: str


def story_of(summary: pl.DataFrame, gains: pl.DataFrame, market: Market, months: Sequence[date]) -> Story:
    """Return the story of a market under one scenario, in the words of its own tables."""
    at_stake = money(figure_rows(summary)["incumbent_no_event"]["mean"])
    name = market.names[market.incumbent]
    return Story(
        market=market.title,
        event=market.event,
        stake=f"{day_words(market.event_date)}. {at_stake} that {name} would have earned {_until(months)} is at stake. "
        "Who gets it?",
        answer=answer_sentence(summary, gains, market),
    )


def answer_sentence(summary: pl.DataFrame, gains: pl.DataFrame, market: Market) -> str:
    """Return what becomes of the money, in one sentence; means, as everywhere."""
    figures = figure_rows(summary)
    displaced, won = figures["displaced"]["mean"], figures["to_rivals"]["mean"]
    if round(displaced) == 0:
        return f"Nothing moves: {market.names[market.incumbent]} keeps all of it."
    opening = f"About {money(displaced)} moves"
    if round(won) == 0:
        return f"{opening}, nothing of it to rivals."
    level = top_gainers(gains, market.pools)
    first = level_words(level, market.names) if round(level[0]["mean_displaced_gain_usd"]) else "nobody"
    share = won / displaced
    part = next((words for limit, words in PARTS if share <= limit), "all but all of it")
    return f"{opening}, {part} to rivals; among them {first} {'wins' if len(level) == 1 else 'win'} the most."


def _until(months: Sequence[date]) -> str:
    return f"{'in' if len(months) == 1 else 'by the end of'} {month_words(months[-1])}"
