"""A run is scored on its own months and bases, and never knows what it is scored on."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from shareshift.market.market import read_market
from shareshift.results.projection import project
from shareshift.results.record.calibration import TRIED, with_centres
from shareshift.results.record.score import FORECASTERS, MODEL, score_run
from shareshift.results.record.sentences import marks_sentence, score_sentence
from support.markets import with_table
from support.places import BUNDLED, MIGRATIONS

PAST = sorted(path.name for path in MIGRATIONS.iterdir())
LATER = date(2026, 12, 31)
DRAWS = 256


@pytest.fixture(scope="module")
def bundled():
    return read_market(BUNDLED)


@pytest.fixture(scope="module")
def run(bundled):
    return project(bundled, draws=DRAWS)


@pytest.fixture(scope="module")
def score(run):
    return score_run(run, LATER)


def own(score):
    return score.rows.filter(pl.col("forecaster") == MODEL)


def test_every_outcome_is_scored_or_says_why(bundled, score):
    told = [*own(score)["outcome_id"], *score.exits["outcome_id"], *score.unscored["outcome_id"]]
    assert sorted(told) == sorted(bundled.tables["outcomes"]["outcome_id"])
    assert not score.unscored["reason"].str.len_chars().eq(0).any()


def test_a_revenue_is_scored_against_twelve_times_its_month(run, score):
    row = own(score).row(by_predicate=pl.col("outcome_id") == "mercor-2025-09", named=True)
    month = run.months.index(date(2025, 9, 1))
    draws = run.revenue[run.vendors.index("mercor"), month, :-1] * 12
    assert [row["p5"], row["p50"], row["p95"]] == pytest.approx(np.exp(np.percentile(np.log(draws), [5, 50, 95])))
    assert row["observed"] == 475e6
    assert row["inside_90"] == (row["p5"] <= 475e6 <= row["p95"])


def test_rows_that_tell_one_thing_share_one_weight(score):
    twice = own(score).filter(pl.col("outcome_id").str.starts_with("handshake-2026-04"))
    assert twice["weight"].to_list() == [0.5, 0.5]


def test_nothing_is_scored_before_it_is_due_or_where_it_was_known(bundled, run):
    early = score_run(run, date(2025, 12, 30))
    assert set(own(early)["outcome_id"]) == {"mercor-2025-09"}
    assert early.unscored.filter(pl.col("reason").str.contains("due"))["outcome_id"].len() > 0
    later = score_run(project(bundled.known_by(date(2026, 1, 1)), draws=64), LATER)
    assert "mercor-2025-09" in later.unscored.filter(pl.col("reason").str.contains("known"))["outcome_id"]


def test_what_the_tables_told_already_is_no_outcome(bundled):
    later = score_run(project(bundled.known_by(date(2025, 9, 30)), draws=64), LATER)
    reasons = dict(later.unscored.select("outcome_id", "reason").iter_rows())
    assert "revenues.csv had an amount of that month or a later one by 2025-09-30" in reasons["mercor-2025-09"]
    assert "mercor-2026-04" in set(own(later)["outcome_id"])


def test_a_planted_change_of_an_outcome_moves_no_forecast(bundled, run):
    outcomes = bundled.tables["outcomes"].with_columns(pl.col("central") * 3, pl.col("high") * 3)
    planted = project(with_table(bundled, "outcomes", outcomes), draws=DRAWS)
    assert all(planted.tables[name].equals(table) for name, table in run.tables.items())
    assert score_run(planted, LATER).summary["crps_log"][0] != score_run(run, LATER).summary["crps_log"][0]


def test_the_order_of_rows_changes_no_score(bundled, score):
    shuffled = with_table(bundled, "outcomes", bundled.tables["outcomes"].reverse())
    again = score_run(project(shuffled, draws=DRAWS), LATER)
    assert again.rows.equals(score.rows)
    assert again.summary.equals(score.summary)


def test_naive_forecasters_stand_on_the_same_rows_with_the_models_own_errors(score):
    counts = score.rows.group_by("forecaster").len()["len"].to_list()
    assert counts == [counts[0]] * len(FORECASTERS)
    ours, theirs = own(score), score.rows.filter(pl.col("forecaster") == "no_change")
    width = [row["p95"] / row["p50"] for row in ours.iter_rows(named=True)]
    assert [row["p95"] / row["p50"] for row in theirs.iter_rows(named=True)] == pytest.approx(width, rel=0.02)


def test_the_sentence_says_what_the_table_says(score):
    row = score.summary.row(by_predicate=pl.col("forecaster") == MODEL, named=True)
    assert score_sentence(score).startswith(f"{row['inside_90']} of {row['rows']} published figures")
    better = score.summary.filter(pl.col("crps_log") < row["crps_log"])["forecaster"].to_list()
    assert ("no naive forecaster" in score_sentence(score)) == (not better)
    assert all(FORECASTERS[name].lower() in score_sentence(score) for name in better)


@pytest.mark.parametrize("name", PAST)
def test_every_past_migration_runs_on_what_was_known_and_is_scored_on_what_came(name):
    market = read_market(MIGRATIONS / name)
    used = market.tables["revenues"].filter("used")
    assert (used["period_end"] <= market.as_of).all()
    assert (used["known_from"] <= market.as_of).all()
    assert {row["grade"] for row in market.tables["parameters"].iter_rows(named=True)} == {"F6"}
    assert (MIGRATIONS / name / "SOURCES.md").read_text().startswith("# ")
    found = score_run(project(market, draws=64), LATER)
    assert own(found).height >= 4
    # Nothing is infinitely far from nothing in logarithms, so a vendor that is left with nothing is not scored.
    assert (own(found)["observed"] > 0).all()


def test_other_centres_move_only_defaults_that_the_market_takes():
    market = read_market(MIGRATIONS / "mtgox-2014")
    moved = with_centres(market, {name: tried[0] for name, tried in TRIED.items()})
    before, after = (
        {row["parameter_id"]: row for row in of.tables["parameters"].iter_rows(named=True)} for of in (market, moved)
    )
    changed = {name for name, row in before.items() if row != after[name]}
    assert changed
    assert changed <= set(TRIED)
    assert before["half_life"] == after["half_life"]


def test_a_gross_figure_against_a_forecast_that_is_not_is_marked_and_no_other(bundled, score):
    marked = own(score).filter(pl.col("mark") != "")
    assert set(marked["vendor_id"]) == {"handshake"}
    assert set(marked["mark"]) == {"The figure is gross of contractor pay, the forecast not said to be gross or net."}
    assert "3 of Handshake AI: The figure is gross" in marks_sentence(score, bundled.names)
    alike = bundled.tables["revenues"].with_columns(gross=pl.lit("yes"))
    of = project(with_table(bundled, "revenues", alike), draws=16)
    found = own(score_run(of, LATER)).filter(pl.col("mark") != "")
    assert "handshake" not in set(found["vendor_id"])
    assert all("the forecast gross of contractor pay" in mark for mark in found["mark"])
