"""The story that opens the first page is told of every market in the words of its tables."""

import pytest

from shareshift.basics.formats import day_words, money, month_words
from shareshift.market.market import Market, read_market
from shareshift.results.projection import project
from shareshift.results.sentences import figure_rows
from shareshift.results.story import Story, answer_sentence, story_of
from shareshift.scenario.scenario import Scenario
from support.places import BUNDLED, MIGRATIONS, TINY

STILL = Scenario(parameters={"moved_share": 0.0, "evidence_spread": 0.0})


def told(market: Market, scenario: Scenario | None = None) -> Story:
    run = project(market, scenario or Scenario(), 32)
    return story_of(run.summary, run.gains, market, run.months)


@pytest.mark.parametrize("folder", [TINY, BUNDLED, *sorted(MIGRATIONS.iterdir())], ids=lambda folder: folder.name)
def test_every_market_tells_event_day_money_question_and_answer(folder) -> None:
    market = read_market(folder)
    run = project(market, Scenario(), 32)
    story = story_of(run.summary, run.gains, market, run.months)
    figures = figure_rows(run.summary)
    assert (story.market, story.event) == (market.title, market.event)
    assert story.stake.startswith(f"{day_words(market.event_date)}. {money(figures['incumbent_no_event']['mean'])}")
    assert month_words(run.months[-1]) in story.stake
    assert story.stake.endswith("Who gets it?")
    assert story.answer.count(".") - story.answer.count("0.") <= 2
    winner = run.gains[1:].sort("mean_displaced_gain_usd").row(-1, named=True)["vendor_id"]
    assert winner in market.pools or market.names[winner] in story.answer


def test_where_nothing_moves_the_answer_says_so(tiny: Market) -> None:
    assert told(tiny, STILL).answer == "Nothing moves: Acme keeps all of it."


def test_a_run_of_one_month_is_named_as_one(tiny: Market) -> None:
    assert "would have earned in January 2025 is at stake" in told(tiny, Scenario(horizon_months=1)).stake


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.02, "hardly any of it"), (0.5, "about half of it"), (0.9, "most of it"), (1.0, "all but all")],
)
def test_the_part_that_rivals_win_is_said_in_words(tiny: Market, share: float, words: str) -> None:
    run = project(tiny, Scenario(), 32)
    displaced = figure_rows(run.summary)["displaced"]["mean"]
    summary = run.summary.with_columns(
        mean_value=run.summary["mean_value"].set(run.summary["figure"] == "to_rivals", share * displaced)
    )
    assert f", {words}" in answer_sentence(summary, run.gains, tiny)
