"""The sentences say what the frames say, also where nothing moves."""

import polars as pl
import pytest

from shareshift.market.market import Market
from shareshift.results.overview import leaders_of
from shareshift.results.projection import Projection, project
from shareshift.results.sentences import (
    concentration_sentence,
    contradiction_warning,
    five_figures,
    gains_finding,
    incumbent_finding,
    lead_sentences,
    ribbons_finding,
    shares_finding,
)
from shareshift.scenario.scenario import Scenario


@pytest.fixture(scope="module")
def run(tiny: Market) -> Projection:
    return project(tiny, Scenario(), 64)


@pytest.fixture(scope="module")
def still(tiny: Market) -> Projection:
    """Nobody leaves."""
    return project(tiny, Scenario(parameters={"moved_share": 0.0, "evidence_spread": 0.0}), 64)


def test_the_lead_names_the_incumbent_the_period_and_the_biggest_winner(run: Projection) -> None:
    words = lead_sentences(run.summary, run.gains, run.market.names, run.months)
    assert run.market.names[run.market.incumbent] in words
    assert f"{run.months[-1]:%B %Y}" in words
    winner = run.gains[1:].sort("mean_displaced_gain_usd")["vendor_id"][-1]
    assert run.market.names[winner] in words


def test_the_lead_stops_after_the_first_sentence_when_nothing_moves(still: Projection) -> None:
    words = lead_sentences(still.summary, still.gains, still.market.names, still.months)
    assert words.endswith("0 USD (0) comes loose.")


def test_there_are_five_figures_each_with_its_range(run: Projection) -> None:
    figures = five_figures(run.summary, run.gains, leaders_of(run), run.market.names)
    assert len(figures) == 5
    assert all(figure.interval and figure.value.endswith("USD") for figure in figures)


def test_the_shares_of_draws_in_which_each_rival_is_first_add_up_to_one(run: Projection) -> None:
    assert leaders_of(run)["share_of_draws"].sum() == pytest.approx(1)


def test_findings_survive_a_scenario_in_which_nothing_moves(still: Projection) -> None:
    names = still.market.names
    assert ribbons_finding(still.flows_to_date(still.months[0]), names).startswith("Nothing has moved")
    assert gains_finding(still.gains) == "Rivals gain from growth alone"
    assert "path without the event" in incumbent_finding(still.summary, "Acme")
    assert "share of the market" in shares_finding(still.shares, names)


def test_concentration_states_its_base(run: Projection) -> None:
    assert "all vendors in the table" in concentration_sentence(run.concentration)


@pytest.mark.parametrize(("share", "warned"), [(0.05, False), (0.051, True)])
def test_contradicting_sources_are_announced_above_one_draw_in_twenty(
    run: Projection, share: float, warned: bool
) -> None:
    contradicting = pl.col("figure") == "sources_contradict"
    value = pl.when(contradicting).then(pl.lit(share)).otherwise(pl.col("mean_value")).alias("mean_value")
    assert (contradiction_warning(run.summary.with_columns(value)) is not None) is warned


def test_the_extra_row_of_the_summary_is_the_sum_of_its_two_parts_on_average(run: Projection) -> None:
    means = dict(run.summary.select("figure", "mean_value").iter_rows())
    assert means["in_house_and_not_spent"] == pytest.approx(means["in_house"] + means["not_spent"])
