"""What changed between two dates: every row, and parts that add up to the whole on the same draws."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from shareshift.basics.errors import ScenarioError
from shareshift.market.known import as_known_on, counted_rows
from shareshift.market.market import read_market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.changed import NEW, OVER, changed_rows, changed_sentence, what_changed
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from support.places import BUNDLED

BEFORE, AFTER = date(2025, 6, 30), date(2025, 9, 30)
DRAWS = 64


@pytest.fixture(scope="module")
def bundled():
    return read_market(BUNDLED)


@pytest.fixture(scope="module")
def found(bundled):
    return what_changed(bundled, Scenario(), (BEFORE, AFTER), Draws(DRAWS))


def test_the_rows_are_the_difference_of_what_counted(bundled, found):
    before, after = (set(counted_rows(as_known_on(bundled, day))["row_id"]) for day in (BEFORE, AFTER))
    told = {key: set(rows["row_id"]) for (key,), rows in found.rows.group_by("change")}
    assert after - before <= told[NEW] <= after
    assert before - after <= told[OVER] <= before
    new = found.rows.filter(change=NEW)
    assert new["known_from"].is_between(BEFORE, AFTER, closed="right").all()


def test_the_whole_is_the_difference_of_two_projections(bundled, found):
    means = [
        project(as_known_on(bundled, day), draws=DRAWS).summary.filter(figure="displaced")["mean_value"][0]
        for day in (BEFORE, AFTER)
    ]
    whole = found.effects.filter(measure="displaced", part="whole")
    assert whole["mean_one_at_a_time"][0] == pytest.approx(means[1] - means[0], rel=1e-9)


def test_groups_and_what_acts_together_add_up_to_the_whole(found):
    for way in ("mean_one_at_a_time", "mean_put_back"):
        parts = found.effects.filter(pl.col("part") != "whole").group_by("measure", "vendor_id", maintain_order=True)
        whole = found.effects.filter(part="whole")[way].to_numpy()
        np.testing.assert_allclose(parts.agg(pl.col(way).sum())[way].to_numpy(), whole, rtol=1e-6, atol=1e-3)


def test_every_group_of_rows_has_its_part(found):
    assert set(found.effects.filter(part="input")["input_id"]) == set(found.rows["group_id"])
    mercor = found.effects.filter(input_id="revenues:mercor", measure="share_at_horizon", vendor_id="mercor")
    assert mercor["mean_one_at_a_time"][0] != 0


def test_the_sentence_counts_the_rows_and_names_the_group_that_moves_most(found):
    words = changed_sentence(found)
    assert f"{found.rows.filter(change=NEW)['row_id'].n_unique()} rows became known" in words
    moved = found.effects.filter(measure="displaced", part="input").sort(pl.col("mean_one_at_a_time").abs())
    assert moved["label"][-1] in words


def test_dates_in_the_wrong_order_or_too_early_are_refused(bundled):
    with pytest.raises(ScenarioError, match="Give the earlier date first"):
        changed_rows(bundled, AFTER, BEFORE)
    with pytest.raises(ScenarioError, match="too early"):
        changed_rows(bundled, date(2025, 1, 1), AFTER)


def test_where_nothing_changed_it_is_said(bundled):
    days = (date(2025, 6, 28), date(2025, 6, 29))
    found = what_changed(bundled, Scenario(), days, Draws(8))
    assert found.rows.is_empty()
    assert "no row of the tables" in changed_sentence(found)
    assert (found.effects["mean_one_at_a_time"] == 0).all()
