"""What a market knew on a date, and from which dates it can be projected."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest

from shareshift.basics.errors import ScenarioError
from shareshift.market.known import as_known_on, counted_rows, known_dates, known_in_part
from shareshift.market.market import read_market
from support.places import BUNDLED, MIGRATIONS


@pytest.fixture(scope="module")
def bundled():
    return read_market(BUNDLED)


def test_every_date_of_a_market_can_be_projected_from(bundled):
    days = known_dates(bundled)
    assert days == sorted(set(days))
    assert bundled.as_of in days
    assert days[0] >= bundled.event_date
    for day in days:
        assert as_known_on(bundled, day).as_of == day


def test_between_two_dates_nothing_becomes_known(bundled):
    days = known_dates(bundled)
    for before, after in pairwise(days):
        rows = counted_rows(as_known_on(bundled, before))
        eve = counted_rows(as_known_on(bundled, after - timedelta(days=1)))
        assert rows.equals(eve), (before, after)


def test_a_date_before_all_figures_are_there_is_refused_with_the_first_one(bundled):
    first = known_dates(bundled)[0]
    with pytest.raises(ScenarioError, match=f"too early to project from; the first date .* is {first}"):
        as_known_on(bundled, first - timedelta(days=1))


@pytest.mark.parametrize("name", ["mtgox-2014", "svb-2023"])
def test_past_migrations_have_their_own_date(name):
    market = read_market(MIGRATIONS / name)
    assert market.as_of in known_dates(market)


def test_what_counts_is_what_the_model_runs_on(bundled):
    rows = counted_rows(bundled)
    figures = rows.filter(pl.col("counts_as") == "figure")
    assert set(figures.filter(table="revenues")["row_id"]) == set(
        bundled.current("revenues", ["vendor_id"])["revenue_id"]
    )
    assert (rows["known_from"] <= bundled.as_of).all()
    assert not rows["what"].str.contains("None").any()


def test_knowing_all_groups_is_the_later_date_and_none_the_earlier(bundled):
    later = as_known_on(bundled, date(2025, 12, 31))
    groups = set(counted_rows(later)["group_id"])
    every, none = (known_in_part(later, bundled.as_of, some) for some in (groups, set()))
    assert counted_rows(every).equals(counted_rows(later))
    assert counted_rows(none).equals(counted_rows(bundled))
    assert none.trends == bundled.trends
    assert every.trends == later.trends
    assert replace(none, as_of=bundled.as_of, tables=bundled.tables).digest == bundled.digest
