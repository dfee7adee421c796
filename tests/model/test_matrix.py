"""The matrix check: all inputs at one end, each slider alone at both ends; and which way the results must move."""

from functools import cache

import numpy as np
import pytest

from shareshift.market.market import read_market
from shareshift.model.draws.streams import Draws
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from support.places import TINY

DRAWS = 256
# slider -> {figure: does it rise (+1), fall (-1) or stay (0) when the slider rises}, in the mean over draws.
DIRECTIONS = {
    "exodus": {"displaced": 1, "customers_leaving": 1, "incumbent_revenue": -1, "incumbent_no_event": 0},
    "moved_share": {"displaced": 1, "left_incumbent": 1, "customers_leaving": 0},
    "exit_leaving": {"displaced": 1, "customers_leaving": 1},
    "exit_unknown": {"displaced": 1, "customers_leaving": 1},
    "exit_staying": {"displaced": 1, "customers_leaving": 1},
    # Nobody in the tiny market has these stances.
    "exit_left": {"displaced": 0},
    "exit_reconsidering": {"displaced": 0},
    "exit_continuing": {"displaced": 0},
    "contagion": {"incumbent_no_event": 0},
    "decision_months": {"displaced": -1, "customers_leaving": -1},
    "lag": {"displaced": -1, "incumbent_revenue": 1, "customers_leaving": 0},
    "half_life": {"displaced": -1, "incumbent_revenue": 1},
    "timing_shape": {"incumbent_no_event": 0, "customers_leaving": 0},
    "growth": {"incumbent_no_event": 1, "displaced": 1, "displaced_share": 1},
    "built_in_house": {"in_house": 1, "to_rivals": -1, "displaced": 0},
    "not_spent": {"not_spent": 1, "to_rivals": -1, "unplaced": -1, "displaced": 0},
    "neutrality": {"displaced": 0},
    "size_pull": {"displaced": 0},
    "fit": {"displaced": 0},
    "loyalty": {"displaced": 0, "to_rivals": 0},
    "nest_correlation": {"displaced": 0},
    "owner_top_up": {"incumbent_revenue": 1, "incumbent_change": 1, "incumbent_share_at_horizon": 1, "displaced": 0},
    "pivot_revenue": {"incumbent_revenue": 1, "incumbent_run_rate_at_horizon": 1, "displaced": 0},
    "slack": {"to_rivals": 1, "unplaced": -1, "displaced": 0},
    "capacity_growth": {"to_rivals": 1, "unplaced": -1, "displaced": 0},
    "in_house_base": {"displaced": 0},
    "in_house_growth": {"in_house": 1, "unplaced": -1, "displaced": 0},
    "patience": {"unplaced": 1, "left_incumbent": -1, "incumbent_revenue": 1, "displaced": 0},
    "momentum_spread": {"displaced": 0},
    "growth_spread": {"customers_leaving": 0},
    "growth_size": {"displaced": 0},
    # Acme has more than a tenth of the market.
    "small_growth": {"incumbent_no_event": -1, "displaced": -1},
    "growth_half_life": {"displaced": 0},
    "growth_pull": {"displaced": 0},
    "level_error": {"customers_leaving": 0},
    "evidence_spread": {},
}
# They act on stances, wallets and own growth that the tiny market does not have.
WITHOUT_EFFECT = {"exit_left", "exit_reconsidering", "exit_continuing", "loyalty"}
WITHOUT_EFFECT |= {"growth_size", "growth_half_life", "growth_pull"}


@cache
def market():
    return read_market(TINY)


@cache
def held():
    return Draws(DRAWS, 0)


def run(**parameters):
    return project(market(), Scenario(parameters=parameters), draws=DRAWS, held=held())


def sliders(end):
    """Return every slider at one end of its range of uncertainty, all ranges closed."""
    ends = {name: getattr(parameter.range, end) for name, parameter in market().parameters.items()}
    return ends | {"evidence_spread": 0.0}


def check(result):
    """Assert what every run must satisfy, and return its headline means."""
    moved = result.migration
    placed = moved.to_options.sum(axis=1) + moved.not_spent_total + moved.unplaced_total
    assert placed == pytest.approx(result.sample.displaced.sum(axis=1), rel=1e-9, abs=1e-9)
    assert moved.cumulative.sum(axis=1) == pytest.approx(result.sample.displaced.sum(axis=0), rel=1e-9, abs=1e-9)
    assert (result.sample.displaced.sum(axis=1) <= result.incumbent_no_event * (1 + 1e-9)).all()
    for values in (result.revenue, result.vendor_shares, result.no_event, moved.cumulative):
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    summary = result.summary
    assert summary.select("central_value", "mean_value", "p5_value", "p95_value").null_count().sum_horizontal()[0] == 0
    return dict(summary.select("figure", "mean_value").iter_rows())


@pytest.mark.parametrize("end", ["low", "central", "high"])
def test_all_inputs_at_one_end_run(end):
    check(run(**sliders(end)))


def test_all_sliders_at_their_limits_run():
    parameters = market().parameters
    check(run(**{name: parameter.minimum for name, parameter in parameters.items()}))
    check(run(**{name: parameter.maximum for name, parameter in parameters.items()}))


@cache
def at(name, end):
    """Return the headline means, flows and revenues of a run with one slider at an end, or where it stands."""
    parameter = market().parameters[name]
    result = run(**{name: parameter.range.central if end == "central" else getattr(parameter, end)})
    return check(result), result.migration.cumulative, result.revenue


@pytest.mark.parametrize("name", DIRECTIONS)
def test_each_slider_alone_runs_from_end_to_end_and_moves_what_it_must(name):
    low, central, high = (at(name, end)[0] for end in ("minimum", "central", "maximum"))
    scale = {figure: 1e-9 * max(abs(low[figure]), abs(high[figure]), 1e-9) for figure in low}
    for figure, direction in DIRECTIONS[name].items():
        tolerance = scale[figure]
        if direction == 0:
            assert low[figure] == pytest.approx(high[figure], rel=1e-9), figure
        else:
            steps = np.diff([low[figure], central[figure], high[figure]]) * direction
            assert (steps >= -tolerance).all(), (figure, low[figure], central[figure], high[figure])
            assert steps.sum() > tolerance, f"{figure} does not move"


def test_the_table_of_directions_has_every_slider():
    assert set(DIRECTIONS) == set(market().parameters)


@pytest.mark.parametrize("name", DIRECTIONS)
def test_a_slider_has_an_effect_unless_it_is_for_what_is_not_there(name):
    (_, *low), (_, *high) = at(name, "minimum"), at(name, "maximum")
    same = all(np.array_equal(one, other) for one, other in zip(low, high, strict=True))
    assert same == (name in WITHOUT_EFFECT)


def test_less_spread_in_the_evidence_narrows_what_the_sliders_widen():
    def width(spread):
        row = run(evidence_spread=spread).summary.filter(figure="incumbent_no_event")
        return row["p95_value"][0] - row["p5_value"][0]

    assert width(0.0) == 0
    assert 0 < width(0.5) < width(1.0)
