"""The face of a projection: what it takes from draws that were held, and what it answers beside its tables."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from shareshift.basics.errors import ModelError
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.model.placing import Migration
from shareshift.results.projection import Projection, check_finite, project

COUNT = 8


@pytest.fixture(scope="module")
def run(tiny: Market) -> Projection:
    return project(tiny, draws=COUNT)


def test_flows_to_date_are_the_running_sums_of_the_table_of_flows(run: Projection) -> None:
    keys, prefix = ["scenario", "customer_id", "destination_id", "month"], "_cumulative_flow_usd"
    for month in run.months:
        found = run.flows_to_date(month)
        expected = run.flows.filter(month=month).select(*keys, pl.selectors.ends_with(prefix))
        assert found.columns[:4] == keys
        assert_frame_equal(found.select(expected.columns), expected, check_row_order=False, rel_tol=1e-12, abs_tol=1e-6)


def test_flows_over_all_months_come_on_the_way_and_are_not_placed_again(
    tiny: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = project(tiny, draws=COUNT)
    monkeypatch.setattr(Migration, "flows", lambda *_: pytest.fail("placed again"))
    assert run.flows_to_date(run.months[-1]).height == len(run.inputs.customers) * len(run.destinations)


def test_draws_of_the_same_count_and_seed_are_used_again(tiny: Market) -> None:
    held = Draws(COUNT, 3)
    project(tiny, draws=COUNT, seed=3, held=held)
    held.stage("baseline", tiny.digest, lambda: pytest.fail("nothing was held"))


@pytest.mark.parametrize("other", [(COUNT, 2), (COUNT, 4), (COUNT // 2, 3), (2 * COUNT, 3)])
def test_draws_of_another_count_or_seed_are_left_alone(tiny: Market, other: tuple[int, int]) -> None:
    held = Draws(*other)
    found = project(tiny, draws=COUNT, seed=3, held=held)
    assert held.stage("baseline", tiny.digest, lambda: "nothing was held") == "nothing was held"
    assert_frame_equal(found.summary, project(tiny, draws=COUNT, seed=3).summary, check_exact=True)


def test_the_seed_is_0_unless_another_is_given(run: Projection) -> None:
    assert (run.draws, run.seed) == (COUNT, 0)


def test_a_projection_stays_as_it_was_made_and_is_told_apart_in_a_few_words(run: Projection) -> None:
    with pytest.raises(FrozenInstanceError):
        run.seed = 1
    assert "array(" not in repr(run)


def test_rounding_never_brings_money_back_to_the_incumbent(run: Projection) -> None:
    waits = replace(run.migration, unplaced_total=run.sample.displaced_total * (1 + 1e-12))
    assert (replace(run, migration=waits).left == 0).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_an_array_that_is_infinite_or_undefined_is_named(run: Projection, bad: float) -> None:
    check_finite(run.sample)
    slack = run.sample.slack.copy()
    slack[-1, -1] = bad
    with pytest.raises(ModelError, match="input slack became"):
        check_finite(replace(run.sample, slack=slack))


def test_what_the_incumbent_loses_is_what_left_and_is_computed_once(tiny):
    run = project(tiny, None, 32)
    assert (run.displaced_gain[0] == -run.left).all()
    assert run.displaced_gain is run.displaced_gain
