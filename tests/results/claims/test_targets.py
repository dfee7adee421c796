"""The target finder against trying every step of a slider."""

import numpy as np
import polars as pl
import pytest

from shareshift.basics.errors import ModelError
from shareshift.model.draws.streams import Draws
from shareshift.results.claims.targets import EVEN, claim_chances, find_targets
from shareshift.results.claims.targets_table import targets_table
from shareshift.results.projection import project
from shareshift.results.targets import Reach, Scan, find_target
from shareshift.scenario.scenario import Scenario

DRAWS = 64


def displaced(run):
    return {"displaced": Reach(result=float(run.sample.displaced.sum(axis=(0, 1))[:-1].mean()))}


@pytest.fixture(scope="module")
def scan(tiny):
    return Scan(tiny, Scenario(), displaced, draws=DRAWS)


@pytest.fixture(scope="module")
def results(tiny):
    """The result at every step of a slider."""
    parameter, held = tiny.parameters["moved_share"], Draws(DRAWS)
    steps = round((parameter.maximum - parameter.minimum) / parameter.step)
    values = [round(parameter.minimum + i * parameter.step, 10) for i in range(steps + 1)]
    runs = (project(tiny, Scenario(parameters={"moved_share": value}), DRAWS, held=held) for value in values)
    return {value: displaced(run)["displaced"].result for value, run in zip(values, runs, strict=True)}


def test_a_reachable_target_is_reached_at_the_step_that_first_crosses_it(results, scan):
    target = results[0.4] + 1e-9
    found = find_target(scan, "displaced", "moved_share", target)
    crossing = max(value for value, result in results.items() if result < target)
    assert found.value == crossing == 0.4
    assert found.reached == results[0.4]
    assert (found.present, found.now) == (0.8, results[0.8])


def test_the_crossing_above_the_present_place_is_found_too(results, scan):
    found = find_target(scan, "displaced", "moved_share", results[0.9] - 1e-9)
    assert found.value == 0.9


def test_an_unreachable_target_says_how_near_the_slider_comes(results, scan):
    found = find_target(scan, "displaced", "moved_share", 2 * max(results.values()))
    assert found.value is None
    assert found.reached is None
    assert (found.best_value, found.best) == (1.0, results[1.0])


def test_runs_are_kept_and_measured_for_all_results_at_once(tiny):
    runs = []

    def measure(run):
        runs.append(run.scenario.parameters)
        return claim_chances(run)

    scan = Scan(tiny, Scenario(), measure, draws=DRAWS)
    [find_target(scan, ("north-leaves", "event"), name, EVEN) for name in ("exodus", "growth")]
    before = len(runs)
    [find_target(scan, ("north-leaves", "event"), name, EVEN) for name in ("exodus", "growth")]
    assert len(runs) == before
    find_target(scan, ("bolt-wins", "recognised"), "growth", EVEN)
    assert len(runs) == before


def test_even_odds_of_an_exit_lie_where_the_exodus_is_low(tiny):
    scan = Scan(tiny, Scenario(), claim_chances, draws=256)
    found = find_targets(scan, ("north-leaves", "event"))
    frame = targets_table(tiny, Scenario(), found)
    exodus = frame.row(by_predicate=pl.col("parameter_id") == "exodus", named=True)
    # A chance of about 0.9 is even after a shift of its log-odds by about -2.2.
    assert -2.8 <= exodus["value"] <= -1.7
    assert exodus["words"].startswith("50/50 at odds ×0.1")
    growth = frame.row(by_predicate=pl.col("parameter_id") == "growth", named=True)
    assert growth["value"] is None
    assert growth["words"].startswith("Not within this slider's range: at best 9")
    assert "evidence_spread" in frame["parameter_id"].to_list()
    assert "lag" not in frame["parameter_id"].to_list()


def test_where_no_draw_reaches_a_claim_the_nearest_draw_says_which_way_is_nearer(tiny):
    scan = Scan(tiny, Scenario(), claim_chances, draws=DRAWS)
    found = {target.parameter_id: target for target in find_targets(scan, ("bolt-wins", "recognised"))}
    assert found["capacity_growth"].best > found["capacity_growth"].now == 0
    assert found["capacity_growth"].nearest is None
    neutral = found["neutrality"]
    assert neutral.value is None
    assert neutral.best == 0
    assert 0 < neutral.nearest < 50
    words = targets_table(tiny, Scenario(), [neutral])["words"][0]
    assert words.startswith("Not within this slider's range: it fails in every simulation; closest at ")


def test_a_claim_that_cannot_be_tested_says_so(tiny):
    short = Scenario(horizon_months=1)
    found = find_targets(Scan(tiny, short, claim_chances, draws=DRAWS), ("bolt-wins", "recognised"))
    assert all(np.isnan(target.now) and target.value is None for target in found)
    assert set(targets_table(tiny, short, found)["words"]) == {"It cannot be tested in this run."}


def test_an_input_the_model_has_no_answer_for_is_no_crossing(tiny):
    def fussy(run):
        if run.scenario.parameters.get("moved_share", 1.0) == 0.0:
            raise ModelError("no answer")
        return displaced(run)

    scan = Scan(tiny, Scenario(), fussy, draws=DRAWS)
    found = find_target(scan, "displaced", "moved_share", 0.1)
    assert found.value is None
    assert found.best_value == 0.25
