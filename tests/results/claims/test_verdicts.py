"""What became of claims: which outcome speaks of which claim, and what is said of the verdicts."""

from datetime import date

import polars as pl
import pytest

from shareshift.market.market import read_market
from shareshift.results.claims.measuring import measure_claims
from shareshift.results.claims.verdicts import NEVER, VERDICTS, verdict_of, verdict_sentence, verdicts
from shareshift.results.projection import project
from shareshift.results.record.calibration import claims_of
from shareshift.results.record.past import claims_record
from support.places import BUNDLED, MIGRATIONS

LATER = date(2026, 6, 30)


@pytest.fixture(scope="module")
def market():
    return read_market(BUNDLED)


@pytest.fixture(scope="module")
def measured(market):
    return measure_claims(project(market, draws=64))


def told(market, measured, scored_on=LATER):
    return verdicts(measured, market.tables["outcomes"], market.as_of, scored_on)


def test_a_claim_came_true_where_its_outcome_lies_in_its_range(market, measured):
    rows = {row["claim_id"]: row for row in told(market, measured).iter_rows(named=True)}
    came = {claim: row["came_true"] for claim, row in rows.items()}
    expected = {"google-leaves": True, "openai-leaves": True, "openai-continues": False, "government-stays": True}
    assert came == expected
    chances = {item.claim.claim_id: item.holds.mean() for item in measured if item.tested}
    assert all(row["probability"] == pytest.approx(chances[claim]) for claim, row in rows.items())


def test_reports_of_one_test_count_once(market, measured):
    assert sum(item.claim.claim_id == "google-leaves" for item in measured) > 1
    assert told(market, measured)["claim_id"].is_unique().all()


def test_no_verdict_is_told_before_its_outcome_is_due_and_known(market, measured):
    assert told(market, measured, date(2025, 12, 30)).is_empty()
    assert "government-stays" not in told(market, measured, date(2026, 5, 5))["claim_id"]
    later = verdicts(measured, market.tables["outcomes"], date(2026, 1, 1), LATER)
    assert set(later["claim_id"]) == {"government-stays"}


def test_an_outcome_far_from_the_deadline_speaks_of_a_claim_only_where_it_names_it(market, measured):
    outcomes = market.tables["outcomes"].with_columns(period_end=pl.lit(date(2025, 8, 31)))
    assert not verdicts(measured, outcomes, market.as_of, LATER).is_empty()
    nameless = outcomes.with_columns(claim_id=pl.lit(None, pl.String))
    assert verdicts(measured, nameless, market.as_of, LATER).is_empty()


def test_every_chance_has_its_verdict():
    assert [verdict_of(chance) for chance in (0.0, 0.0002, 0.5, 0.5001, 0.9998, 1.0)] == [
        VERDICTS[place][1] for place in (0, 1, 1, 2, 2, 3)
    ]


def test_the_sentence_counts_and_says_what_it_cannot_say(market, measured):
    rows = told(market, measured)
    words = verdict_sentence(rows, "these claims")
    more = rows.filter(pl.col("verdict") == VERDICTS[2][1])
    assert f"{more['came_true'].sum()} of {more.height} that held {VERDICTS[2][1]}" in words
    assert ("failed in every simulation" in words) == (NEVER not in rows["verdict"])
    assert verdict_sentence(rows.head(0), "these claims") == "No outcome is known yet of these claims."


def test_the_record_that_travels_with_the_package_is_of_the_claims_that_are_there():
    kept = claims_record()
    names = ["svb-2023", "toyota-2010"]
    cases = {name: read_market(MIGRATIONS / name) for name in names}
    found = claims_of(cases)
    mine = kept.filter(pl.col("case").is_in(names))
    assert mine.drop("probability", "verdict").equals(found.drop("probability", "verdict"))
    assert mine["probability"].to_list() == pytest.approx(found["probability"].to_list(), abs=1e-9)
    assert set(kept["case"]) <= {path.name for path in MIGRATIONS.iterdir()}
