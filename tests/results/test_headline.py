"""The three figures say what their simulations say, and a change is told by what it moves, or not at all."""

import numpy as np
import polars as pl
import pytest

from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.headline import (
    WON,
    change_of,
    change_words,
    consequence,
    grid,
    headlines,
    nearest,
    simulations_of,
)
from shareshift.results.projection import Projection, project
from shareshift.results.sentences import figure_rows
from shareshift.scenario.scenario import Scenario

HELD = Draws(64, 0)


def run_of(market: Market, **parameters: float) -> Projection:
    return project(market, Scenario(parameters=parameters), 64, 0, held=HELD)


def test_the_simulations_have_the_means_of_the_summary_and_the_gains(tiny: Market) -> None:
    run = run_of(tiny)
    found = simulations_of(run)
    figures = figure_rows(run.summary)
    for figure in ("displaced", "incumbent_change", "in_house_and_not_spent", "unplaced"):
        assert found[figure].mean() == pytest.approx(figures[figure]["mean"], rel=1e-5, abs=1e-4)
    won = dict(run.gains.select("vendor_id", "mean_displaced_gain_usd").iter_rows())
    for rival in run.inputs.rivals:
        assert found[f"{WON}{rival}"].mean() == pytest.approx(won[rival], rel=1e-5, abs=1e-4)


def test_three_figures_each_with_its_chance_above_a_threshold(tiny: Market) -> None:
    run = run_of(tiny)
    told = headlines(run.gains, simulations_of(run), None, tiny)
    assert [one.place for one in told] == ["displaced", "effect", "gainer"]
    assert all(one.change is None for one in told)
    for one in told:
        chances = [one.chance_above(usd) for usd in grid(one.draws)]
        assert chances == sorted(chances, reverse=True)
        assert one.chance_above(-1e18) == 1
        assert one.chance_above(1e18) == 0
        assert one.chance_above(float(np.median(one.draws))) == pytest.approx(0.5, abs=0.02)


def test_a_change_is_paired_simulation_by_simulation(tiny: Market) -> None:
    before, now = (simulations_of(run_of(tiny, moved_share=share)) for share in (0.8, 0.4))
    change = change_of(before["displaced"], now["displaced"])
    assert change is not None
    moved = (now["displaced"] - before["displaced"]).to_numpy()
    assert (change.p5, change.p95) == pytest.approx(tuple(np.percentile(moved, (5, 95))), rel=1e-4)
    assert change.mean == pytest.approx(moved.mean(), rel=1e-4)
    assert change_words(change).startswith("was ")
    said = consequence(now, before, tiny)
    assert said.startswith("Your change does most to “Displaced”: −")


def test_a_move_that_does_nothing_says_nothing(tiny: Market) -> None:
    found = simulations_of(run_of(tiny))
    assert consequence(found, found, tiny) == ""
    assert all(change_of(found[name], found[name]) is None for name in found.columns)


def test_a_rival_that_was_excluded_is_no_consequence_of_its_own(tiny: Market) -> None:
    before = simulations_of(run_of(tiny))
    now = before.drop(f"{WON}bolt").with_columns(pl.col("displaced") * 2)
    assert "“Displaced”" in consequence(now, before, tiny)


@pytest.mark.parametrize("draws", [[0.0, 0.0], [5.0, 5.0], [-3e9, 8e8], [1e-3, 2e-3], [-7.0, -6.0]])
def test_the_amounts_to_choose_from_are_round_few_and_hold_zero(draws: list[float]) -> None:
    amounts = grid(np.array(draws))
    assert 0.0 in amounts
    assert 2 <= len(amounts) <= 90
    assert amounts == sorted(set(amounts))
    assert amounts[0] <= min(0.0, *draws) + 0.05 * abs(draws[0])
    assert nearest(amounts, 0.0) == 0.0
