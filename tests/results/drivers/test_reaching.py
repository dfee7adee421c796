"""Which sliders reach a target: one alone, the fewest together, and how near they come."""

import numpy as np
import pytest

from shareshift.model.draws.streams import Draws
from shareshift.results.drivers.figures import figure_values
from shareshift.results.drivers.reaching import figure_means, reach_tables
from shareshift.results.projection import project
from shareshift.results.targets import Scan
from shareshift.scenario.scenario import Scenario

DRAWS = 64


@pytest.fixture(scope="module")
def scan(tiny):
    return Scan(tiny, Scenario(), figure_means, draws=DRAWS)


def mean_with(tiny, values, figure="displaced"):
    units, found = figure_values(project(tiny, Scenario(parameters=values), DRAWS, held=Draws(DRAWS)))
    return float(found[list(units).index(figure)].mean())


def test_one_slider_is_enough_where_one_can(scan, tiny):
    now = mean_with(tiny, {})
    found = reach_tables(scan, "displaced", "usd", 0.7 * now)
    able = found["targets"].filter("reached")
    assert able["move_share"].to_list() == sorted(able["move_share"].to_list())
    together = found["targets_together"]
    assert together.height == 1
    assert together.row(0, named=True) == able.row(0, named=True)
    for row in able.iter_rows(named=True):
        assert row["result"] <= 0.7 * now
        assert row["result"] == pytest.approx(mean_with(tiny, {row["parameter_id"]: row["value"]}))
        slider = tiny.parameters[row["parameter_id"]]
        assert row["move_share"] == pytest.approx(
            abs(row["value"] - row["present_value"]) / (slider.maximum - slider.minimum)
        )


def test_several_sliders_reach_what_none_reaches_alone_and_go_no_further_than_they_must(scan, tiny):
    first = reach_tables(scan, "displaced", "usd", 1e15)["targets"]
    best = first["result"].max()
    target = 1.2 * best
    found = reach_tables(scan, "displaced", "usd", target)
    assert not found["targets"]["reached"].any()
    together = found["targets_together"]
    assert together.height >= 2
    assert together["reached"].all()
    values = dict(together.select("parameter_id", "value").rows())
    assert together["result"][0] == pytest.approx(mean_with(tiny, values))
    assert together["result"][0] >= target
    # One slider fewer, even as far as it goes, does not reach it.
    ends = dict(found["targets"].select("parameter_id", "value").rows())
    for name in values:
        assert mean_with(tiny, {other: ends[other] for other in values if other != name}) < target
    for row in together.iter_rows(named=True):
        steps = (row["value"] - tiny.parameters[row["parameter_id"]].minimum) / tiny.parameters[
            row["parameter_id"]
        ].step
        assert steps == pytest.approx(round(steps))


def test_what_no_sliders_reach_is_told_with_how_near_they_come(scan, tiny):
    found = reach_tables(scan, "displaced", "usd", 1e15)
    together = found["targets_together"]
    assert not together["reached"].any()
    values = dict(together.select("parameter_id", "value").rows())
    assert together["result"][0] == pytest.approx(mean_with(tiny, values))
    assert together["result"][0] > found["targets"]["result"].max()


def test_a_figure_that_nothing_moves_has_no_set(scan):
    found = reach_tables(scan, "sources_contradict", "share", 2.0)
    assert found["targets_together"].is_empty() or found["targets_together"]["result"][0] > 0


def test_progress_is_told(scan):
    heard = []
    reach_tables(scan, "displaced", "usd", 1e15, heard.append)
    assert heard[-1] == 1
    assert np.all(np.diff(heard) > 0)
