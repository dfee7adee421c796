"""Words of the comparison: amounts with their signs, and sentences that say what the frames say."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.amounts import amount, change, change_range, in_full, in_percent
from shareshift.results.compare.answer import Comparison, compare
from shareshift.results.compare.explaining import explain
from shareshift.results.labels import FIGURES
from shareshift.scenario.scenario import Scenario
from shareshift.ui.compare import sentences
from shareshift.ui.compare.tables import _figures_table, odds_words

BASE = Scenario()
MONTHS = (date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1))


@pytest.mark.parametrize(
    ("value", "unit", "words", "difference"),
    [
        (0.18e9, "usd", "$180m", "+$180m"),
        (-45e6, "usd", "−$45m", "−$45m"),
        (0.2, "usd", "$0", "$0"),
        (0.0, "usd", "$0", "$0"),
        (2.5e6, "usd_per_year", "$2.5m", "+$2.5m"),
        (0.0474, "share", "4.7%", "+4.7 points"),
        (-0.0474, "share", "−4.7%", "−4.7 points"),
        (0.0004, "share", "0.0%", "+0.04 points"),
        (-0.0004, "share", "0.0%", "−0.04 points"),
        (-0.00001, "share", "0.0%", "0 points"),
        (0.00996, "share", "1.0%", "+1.0 points"),
        (1836.9, "hhi", "1,837", "+1,837"),
        (-34.9, "hhi", "−35", "−35"),
        (-0.2, "hhi", "0", "0"),
        (2.814, "customers", "2.8", "+2.8"),
        (-0.04, "customers", "0.0", "0.0"),
    ],
)
def test_amounts_and_differences_stand_in_their_unit(value: float, unit: str, words: str, difference: str) -> None:
    assert amount(value, unit) == words
    assert change(value, unit) == difference


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (57e6, 0.41e9, "usd", "$57m–$410m"),
        (-0.11, -0.017, "share", "−11.0 to −1.7 points"),
        (-0.0004, 0.0031, "share", "−0.04 to 0.31 points"),
        (-0.00001, 0.00001, "share", "0.00 points"),
        (0.0, 0.026, "share", "0.0 to 2.6 points"),
        (-149.3, 76.8, "hhi", "−149 to 77"),
        (1.0, 1.0, "customers", "1.0"),
    ],
)
def test_ranges_stand_in_their_unit(low: float, high: float, unit: str, words: str) -> None:
    assert change_range(low, high, unit) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0%"),
        (0.001, "under 1%"),
        (0.97, "97%"),
        (0.999, "over 99%"),
        (1.0, "100%"),
        (0.005, "under 1%"),
        (0.995, "over 99%"),
        (0.5, "50%"),
    ],
)
def test_shares_of_simulations_are_told_in_percent(share: float, words: str) -> None:
    assert in_percent(share) == words


def vendors(title: str, **values: float) -> pl.DataFrame:
    row = {
        "mean_difference": 0.21e9, "p5_difference": 0.05e9, "p95_difference": 0.44e9, "probability_more": 0.97,
        "probability_less": 0.03, "probability_same": 0.0, **values,
    }  # fmt: skip
    still = dict.fromkeys(row, 0.0) | {"probability_same": 1.0}
    rows = [{"vendor_id": "acme", **row}, {"vendor_id": "bolt", **row}, {"vendor_id": "crane", **still}]
    frame = pl.DataFrame([{"scenario": title, "measure": "displaced_gain", **one} for one in rows])
    return frame.with_columns(pl.lit("Baseline").alias("reference"), pl.lit("usd").alias("unit"))


@pytest.fixture(scope="module")
def pair(tiny: Market) -> Comparison:
    return compare(tiny, [BASE, Scenario(title="Full exodus", parameters={"exodus": 1.0})], Draws(64, 0))


def told(pair: Comparison, tiny: Market, **values: float) -> str:
    return sentences.lead(replace(pair, vendors=vendors("Full exodus", **values)), "acme", tiny.names)


def test_the_lead_says_who_wins_how_much_more_and_how_surely(pair: Comparison, tiny: Market) -> None:
    opening = "Under Full exodus Bolt wins $210m more than under Baseline ($50m–$440m); "
    assert told(pair, tiny) == opening + "in 97% of simulations it wins more (almost certain)."
    always = {"probability_more": 1.0, "probability_less": 0.0}
    assert told(pair, tiny, **always) == opening + "it wins more in every simulation."
    ties = {"probability_more": 0.6, "probability_less": 0.0, "probability_same": 0.4}
    assert told(pair, tiny, **ties) == opening + "in 60% of simulations it wins more (likely), the same in 40%."


def test_a_loss_is_told_in_positive_amounts_and_a_mean_against_the_draws_with_both_sides(
    pair: Comparison, tiny: Market
) -> None:
    less = {"mean_difference": -45e6, "p5_difference": -0.24e9, "p95_difference": 23e6}
    lead = told(pair, tiny, **less, probability_more=0.44, probability_less=0.35, probability_same=0.21)
    assert "wins $45m less than under Baseline (−$23m to $240m)" in lead
    assert lead.endswith("in only 35% of simulations it wins less (unlikely), the same in 21% and more in 44%.")


def test_a_second_scenario_does_not_repeat_the_reference(tiny: Market) -> None:
    more = [Scenario(title=title, parameters={"exodus": value}) for title, value in (("One", 1.0), ("Two", -1.0))]
    lead = sentences.lead(compare(tiny, [BASE, *more], Draws(64, 0)), "acme", tiny.names)
    assert lead.count("than under Baseline") == 1
    assert "Under One" in lead
    assert "Under Two" in lead


def test_a_title_with_a_comma_stands_in_quotes(tiny: Market) -> None:
    edited = Scenario(title="Baseline, edited", parameters={"exodus": 1.0})
    found = compare(tiny, [BASE, edited], Draws(64, 0))
    assert sentences.lead(found, "acme", tiny.names).startswith("Under “Baseline, edited” ")
    assert "(Baseline), " in sentences.figures_finding(found)


def test_where_no_rival_moves_the_lead_says_what_does(tiny: Market) -> None:
    topped = Scenario(title="More of its owner", parameters={"owner_top_up": 600.0})
    lead = sentences.lead(compare(tiny, [BASE, topped], Draws(64, 0)), "acme", tiny.names)
    assert "no rival wins more or less than under Baseline" in lead
    assert "Acme" in lead


def test_the_finding_of_an_explanation_names_the_largest_part(tiny: Market) -> None:
    held = Draws(64, 0)
    for parameters, start in (
        ({"moved_share": 0.2}, "“Part of a leaver's budget that moves” explains all of −"),
        ({"moved_share": 0.2, "lag": 1.0}, "“Part of a leaver's budget that moves” explains most on its own: −"),
        ({"owner_top_up": 600.0}, "Displaced: no difference to explain"),
    ):
        frame = explain(tiny, [BASE, Scenario(title="Other", parameters=parameters)], held)
        frame = frame.filter(pl.col("vendor_id").is_null(), measure="displaced")
        assert sentences.parts_finding(frame, "Displaced").startswith(start)


def test_inputs_that_work_only_together_are_said_to() -> None:
    rows = [("input", "A", 1e6), ("input", "B", 2e6), ("interaction", "Rest", 7e6), ("whole", "Whole", 10e6)]
    frame = pl.DataFrame(rows, schema=["part", "label", "mean_one_at_a_time"], orient="row").with_columns(
        unit=pl.lit("usd")
    )
    assert sentences.parts_finding(frame, "Displaced") == "Most comes from the interaction of inputs: +$7.0m of +$10m"


def test_ranks_and_flips_are_told(tiny: Market) -> None:
    gone = Scenario(title="Without Bolt", vendors={"bolt": {"excluded": True}})
    found = compare(tiny, [BASE, gone], Draws(64, 0))
    ranks = found.ranks.filter(scenario="Without Bolt")
    assert sentences.ranks_finding(ranks, tiny.names) == "By money won, Crane moves from rank 2 to 1"
    assert "no rival changes rank" in sentences.ranks_finding(ranks.with_columns(rank_change=pl.lit(0)), tiny.names)
    lines = sentences.flip_sentences(found.orders, tiny.names, ("Baseline", "Without Bolt"))
    assert lines[0].startswith("By money won, Bolt and Crane swap ranks in ")
    assert "in 0% under Without Bolt" in lines[0]


def test_findings_name_every_scenario(pair: Comparison, tiny: Market) -> None:
    for finding in (sentences.figures_finding(pair), sentences.paths_finding(pair, "bolt", tiny.names)):
        assert "(Baseline)" in finding
        assert "(Full exodus)" in finding
    same = compare(tiny, [BASE, BASE], Draws(64, 0))
    assert sentences.figures_finding(same).startswith("Displaced in each scenario: ")
    assert sentences.gains_finding(same, "acme", tiny.names) == "No rival wins more or less than under Baseline"
    assert pair.months == MONTHS


def test_a_table_of_several_units_has_whole_dollars_and_percent(pair: Comparison) -> None:
    assert in_full(-1234567.4, "usd") == "−1,234,567"
    assert in_full(0.2404, "share") == "24.0%"
    table = _figures_table(pair, "Acme")
    assert table.height == pair.figures.height
    assert table["Error of the mean"].null_count() == 0
    assert dict(table.select("Figure", "Reference mean").iter_rows())["Acme’s share, last month"].endswith("%")


def test_odds_tell_ties_where_there_are_many() -> None:
    row = {"probability_more": 0.66, "probability_less": 0.0, "probability_same": 0.34}
    assert odds_words(row) == "more in 66% of simulations, same in 34%"
    surely = {"probability_more": 0.0, "probability_less": 1.0, "probability_same": 0.0}
    assert odds_words(surely) == "less in every simulation"


def test_every_headline_figure_has_a_name(pair: Comparison) -> None:
    assert set(pair.figures["figure"]) == set(FIGURES)
