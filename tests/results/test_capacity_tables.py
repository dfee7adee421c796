"""Who is full, what is turned away, where it goes, and what more capacity would bring: by hand, and as identities."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from shareshift.model.placing import migrate
from shareshift.results.projection import project
from shareshift.results.tables.capacity import LIMITS, fullness
from shareshift.scenario.scenario import Scenario
from support.placing import place_month
from support.tiny_by_hand import MONTHS, WISH, pool_of, room

BOLT, CRANE, IN_HOUSE, NOT_SPENT, UNPLACED = range(5)
OPTIONS = ("bolt", "crane", "in_house")
ROUNDED = 1e-9


@pytest.fixture(scope="module")
def run(tiny):
    return project(tiny, draws=64)


def row(frame, option, destination=None):
    chosen = frame.filter(pl.col("option_id") == option)
    chosen = chosen if destination is None else chosen.filter(pl.col("destination_id") == destination)
    return chosen.row(0, named=True)


# By hand ------------------------------------------------------------------------------------------------------------


def refused_by_hand(month):
    """What each option turns away of first choices; in January nobody has left yet."""
    return {option: max(pool_of(month) * WISH[option] - room(month, option), 0.0) for option in OPTIONS}


def spill_by_hand():
    """In February and in March Bolt and in-house are full at once, and fill Crane.

    Three tenths wait, and what Crane cannot take is not spent. All customers want the same, so what Bolt and in-house
    refuse is one pool, of which each has its part.
    """
    found = {(option, end): 0.0 for option in OPTIONS for end in (*OPTIONS, "not_spent", "unplaced")}
    for month in (1, 2):
        refused = refused_by_hand(month)
        to_crane = (room(month, "crane") - pool_of(month) * WISH["crane"]) / (refused["bolt"] + refused["in_house"])
        for option in OPTIONS:
            for end, part in (("crane", to_crane), ("unplaced", 0.3), ("not_spent", 0.7 - to_crane)):
                found[option, end] += refused[option] * part
    return found


def test_what_is_turned_away_ends_where_the_hand_says(run):
    expected = {pair: usd for pair, usd in spill_by_hand().items() if pair[0] != pair[1]}
    assert expected["bolt", "crane"] > 0
    assert expected["in_house", "not_spent"] > 0
    rows = run.spill.select("option_id", "destination_id", "central_spill_usd").iter_rows()
    assert {(option, end): usd for option, end, usd in rows} == pytest.approx(expected, rel=ROUNDED)


def test_what_each_option_turns_away_and_has_room_for_is_what_the_hand_says(run):
    # Crane turns away nobody at first, but some of those whom Bolt and in-house have turned away.
    at_second_door = {"crane": 0.0}
    for month in (1, 2):
        again = 0.7 * sum(refused_by_hand(month)[option] for option in ("bolt", "in_house"))
        asked = again * WISH["crane"] / (WISH["crane"] + WISH["not_spent"])
        at_second_door["crane"] += asked - (room(month, "crane") - pool_of(month) * WISH["crane"])
    for option in OPTIONS:
        first = sum(refused_by_hand(month)[option] for month in range(3))
        found = row(run.capacity, option)
        assert found["central_first_turned_away_usd"] == pytest.approx(first, rel=ROUNDED)
        every_door = first + at_second_door.get(option, 0.0)
        assert found["central_turned_away_usd"] == pytest.approx(every_door, rel=ROUNDED)
        rooms = [room(month, option) for month in range(3)]
        assert found["central_room_usd"] == pytest.approx(sum(rooms), rel=ROUNDED)
        assert found["central_room_used"] == pytest.approx(sum(rooms[1:]) / sum(rooms), rel=ROUNDED)
        # All three are full in February and March.
        assert found["central_ever_full"] == 1
        assert found["central_full_months"] == pytest.approx(2 / 3, rel=ROUNDED)
        assert found["central_worth_usd"] == 2


def test_the_limit_that_binds_is_what_makes_most_of_the_room(run, tiny):
    # By February Bolt has added 52.5 x 1.03 ** 2 - 52.5 = 3.2 to a slack of 2.5.
    assert fullness(run).limits[:, BOLT, -1].tolist() == [0, 2, 0]
    # With 10 of slack and 1 % a month it has added 1.2; with none and no growth its own customers take it all.
    loose = {"bolt": {"slack": 0.2, "capacity_growth": 0.01}, "crane": {"slack": 0.0, "capacity_growth": 0.0}}
    far = {"exodus": 3.0, "built_in_house": 0.0, "not_spent": 0.0}
    changed = project(tiny, Scenario(title="Loose", vendors=loose, parameters=far), draws=64)
    assert fullness(changed).limits[:, :2, -1].tolist() == [[2, 0], [0, 0], [0, 2]]
    assert row(changed.capacity, "crane")["bound_by_run_rate"] == 1
    assert row(changed.capacity, "crane")["limit"] == "run_rate"
    # One more dollar of capacity goes to Crane's own customers and wins nobody.
    assert row(changed.capacity, "crane")["central_worth_usd"] == 0


def test_each_kind_of_customer_takes_its_refusals_with_it():
    """Of A's 5 for the first option 4 find no room: 1 waits, 3 go to the third, A's only other choice. Of B's 5 for
    the second 3 find none: 0.75 waits and 2.25 is not spent. Nothing of A's lands where only B wants to go."""
    shares = np.array([[0.5, 0.0, 0.5], [0.0, 0.5, 0.0]])[:, :, None]
    followed = np.full((3, 5, 1), np.nan)
    place_month(
        [[10.0], [10.0]], shares, np.array([[0.0], [0.5]]), [[1.0], [2.0], [99.0]], [0.25], [0.0], [0, 1, 2], followed
    )
    assert followed[:, :, 0].tolist() == [[0, 0, 3, 0, 1], [0, 0, 0, 2.25, 0.75], [0, 0, 0, 0, 0]]


def test_the_refusals_of_an_only_option_are_followed():
    """Of the 10 that want it, 4 find room; 1.5 of the rest wait and 4.5 have nowhere else to go."""
    followed = np.full((1, 3, 1), np.nan)
    place_month([[10.0]], np.ones((1, 1, 1)), np.zeros((1, 1)), [[4.0]], [0.25], [0.0], [0], followed)
    assert followed[:, :, 0].tolist() == [[0, 0, 6]]


# Identities ---------------------------------------------------------------------------------------------------------

HARD = {"exodus": 2.0, "capacity_growth": 0.01, "patience": 0.2, "nest_correlation": 0.6, "neutrality": 1.0}


@pytest.fixture(scope="module", params=[{}, HARD, HARD | {"not_spent": 0.0}], ids=["baseline", "hard", "spend"])
def any_run(request, tiny):
    return project(tiny, Scenario(title="Any", parameters=request.param, horizon_months=9), draws=64)


def test_no_refused_dollar_is_lost_in_any_draw(any_run):
    placed = any_run.migration
    followed, wanted, rooms = placed.followed, placed.wanted, placed.headroom
    refused = np.maximum(wanted - rooms, 0.0).sum(axis=0)
    assert refused.max() > 0
    assert followed.min() >= 0
    close = {"rel": ROUNDED, "abs": ROUNDED}
    assert followed.sum(axis=1) == pytest.approx(refused, **close)
    # What an option has is what it took at first and what came to it from others' doors.
    first = np.minimum(wanted, rooms).sum(axis=0)
    assert first + followed[:, :-2].sum(axis=0) == pytest.approx(placed.to_options.sum(axis=0), **close)
    left = any_run.sample.displaced_total.sum(axis=0) - wanted.sum(axis=(0, 1))
    assert left + followed[:, NOT_SPENT].sum(axis=0) == pytest.approx(placed.not_spent_total.sum(axis=0), **close)
    assert followed[:, UNPLACED].sum(axis=0) == pytest.approx(placed.unplaced_total.sum(axis=0), **close)
    # Nobody takes back what it has turned away.
    assert (followed[range(3), range(3)] == 0).all()


def test_the_rows_of_an_option_add_up_to_what_it_turned_away(any_run):
    total = any_run.spill.group_by("option_id", maintain_order=True).agg(pl.col("mean_spill_usd").sum())
    expected = any_run.capacity["mean_first_turned_away_usd"].to_list()
    assert total["mean_spill_usd"].to_list() == pytest.approx(expected, rel=ROUNDED)
    bound = any_run.capacity.select(f"bound_by_{limit}" for limit in LIMITS).sum_horizontal()
    assert bound.to_list() == pytest.approx(any_run.capacity["mean_ever_full"].ceil().to_list())


@pytest.mark.parametrize("scenario", [
    Scenario(title="No limits", capacity=False),
    Scenario(title="Endless", vendors={v: {"slack": 100.0} for v in ("bolt", "crane")},
             parameters={"built_in_house": 0.0, "evidence_spread": 0.0}),
])  # fmt: skip
def test_where_there_is_room_for_all_nobody_is_full(tiny, scenario):
    run = project(tiny, scenario, draws=64)
    assert (run.migration.followed == 0).all()
    for name in ("ever_full", "full_months", "turned_away_usd", "first_turned_away_usd", "worth_usd"):
        assert (
            run.capacity.select(pl.sum_horizontal(f"{end}_{name}" for end in ("mean", "p95")))["mean_" + name].sum()
            == 0
        )
    assert run.capacity["limit"].null_count() == run.capacity["p50_first_full"].null_count() == 3
    assert run.capacity["mean_room_usd"].null_count() == (0 if scenario.capacity else 3)


# Worth --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("option", "vendor"), [(BOLT, "bolt"), (CRANE, "crane")])
def test_one_more_dollar_of_room_brings_what_the_table_says(tiny, option, vendor):
    """Slack that does not grow is room of the same size in every month."""
    fixed = {vendor: {"slack": 0.1, "capacity_growth": 0.0}}
    run = project(tiny, Scenario(title="Fixed", vendors=fixed, parameters=HARD, horizon_months=9), draws=256)
    worth, step = fullness(run).worth[option], 1e-6
    slack = run.sample.slack.copy()
    slack[option] += step * 12 / run.sample.base[option]
    wider = migrate(run.inputs, replace(run.sample, slack=slack))
    won = (wider.to_options - run.migration.to_options)[:, option].sum(axis=0) / step
    assert np.unique(worth).size > 3
    # Fewer than the full months where growth of its own customers takes the capacity first.
    assert (worth <= fullness(run).full_months[option]).all()
    assert won == pytest.approx(worth, abs=1e-5)


def test_the_first_full_month_is_one_in_which_a_draw_is_first_full(run):
    found = row(run.capacity, "bolt")
    full = run.migration.turned_away[:, BOLT, :-1] > 0
    share = found["mean_ever_full"]
    assert share == pytest.approx(full.any(axis=0).mean())
    assert 0 < share < 1
    first = [MONTHS[at] for at in full[:, full.any(axis=0)].argmax(axis=0)]
    months = [found[f"p{level}_first_full"] for level in (5, 50, 95)]
    assert months == sorted(months)
    assert set(months) <= set(first)
    assert all(isinstance(month, date) for month in months)
    assert sum(month <= months[1] for month in first) >= len(first) / 2
