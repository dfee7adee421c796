"""An incumbent that closes: everybody has left, nothing waits, and the second implementation agrees."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from shareshift.basics.errors import DataError
from shareshift.market.market import read_market
from shareshift.model.draws.streams import Draws
from shareshift.results.labels import unmet_words
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from support.places import TINY
from support.reference import reference


@pytest.mark.parametrize(("closes", "month"), [(date(2025, 2, 1), 1), (date(2025, 2, 2), 2), (date(2024, 12, 31), 0)])
def test_from_the_month_after_it_closes_everything_has_left_and_nothing_waits(tiny, closes, month):
    market = replace(tiny, closes_on=closes)
    run, open_still = (project(of, Scenario(), 64) for of in (market, tiny))
    gone, kept = slice(month, None), slice(0, month)
    np.testing.assert_allclose(run.sample.displaced_total[gone], run.incumbent_no_event[gone], rtol=1e-12)
    np.testing.assert_allclose(run.incumbent_revenue[gone], 0, atol=1e-9)
    assert (run.left[gone] == run.sample.displaced_total[gone]).all()
    assert (run.sample.begun(month) == 1).all()
    np.testing.assert_array_equal(run.incumbent_revenue[kept], open_still.incumbent_revenue[kept])
    # What is unmet found nobody open; with open capacity everywhere there is none.
    roomy = project(market, Scenario(capacity=False), 64)
    assert (roomy.migration.unplaced_total == 0).all()


@pytest.mark.parametrize("capacity", [True, False])
def test_engine_and_reference_agree_on_a_closing_incumbent(tiny, capacity):
    market, scenario = replace(tiny, closes_on=date(2025, 2, 1)), Scenario(capacity=capacity)
    run, months = project(market, scenario, 16), reference(market, scenario, Draws(16))
    for row, vendor in enumerate(run.vendors):
        expected = [[month.revenue[vendor] for month in draw] for draw in months]
        np.testing.assert_allclose(run.revenue[row].T, expected, rtol=1e-9, atol=1e-9)


def test_a_day_before_the_event_is_refused_and_the_words_follow(broken_market, tiny):
    text = (TINY / "market.toml").read_text()
    with pytest.raises(DataError, match="closes_on: 2024-01-01 lies before the event"):
        read_market(broken_market(files={"market.toml": f"closes_on = 2024-01-01\n{text}".encode()}))
    market = read_market(broken_market(files={"market.toml": f"closes_on = 2025-01-15\n{text}".encode()}))
    assert unmet_words(market) == "finds no supplier"
    assert unmet_words(tiny) == "stays with Acme"
