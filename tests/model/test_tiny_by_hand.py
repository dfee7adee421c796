"""The central path of the tiny market, computed by hand.

Acme bills 1,200 USD a year: North pays 600, South 240, everyone else the remaining 360. Bolt and Crane bill 600
each. The event is in December 2024, so month 1 is January 2025 and its middle lies half a month after the event.

Growth. The market grows by 20 % a year: x1.2 ** (0.5 / 12) by the middle of January, then 1.5 / 12 and 2.5 / 12.

Exits. North is leaving (0.9) and starts with the event, South stays (0.05), of the others nothing is known (0.2);
exodus is 0. The two have a year to decide: by the end of January one in 20 has begun with the chance 1 - 0.95 ** (1 /
12), and so on, in the middle of each month. A leaver moves 0.8 of its budget: North 40 a month before growth, South 16,
the others 24. After a start nothing moves for half a month and half of it within the next: of North's in the middle of
January 0, of February 1 - 1/2, of March 1 - 1/4; of who starts in the middle of a month 0, then 1 - 1 / sqrt(2) and
1 - 1 / sqrt(8).

Choice. Bolt and Crane are equally large and both independent, both fit, and no wallets are known: half and half among
rivals for all three. Acme holds half of all run rates, Bolt and Crane a quarter each. Acme and Bolt are experts, so
with correlation 0.5 Acme's removal leaves the experts' nest with 1/3 of its share and (1/3) ** 0.5 of its worth: Bolt
then stands against Crane as 1/4 x 3 x (1/3) ** 0.5 against 1/4, that is sqrt(3) : 1. Of Acme's half Bolt gained what it
has beyond its quarter, 2 sqrt(3) / (sqrt(3) + 1) - 1/2 = 0.768, and Crane 2 / (sqrt(3) + 1) - 1/2 = 0.232. A tenth is
built in-house and a tenth is not spent; the rivals share the other eight.

Capacity. Bolt and Crane can deliver 50 x 1.05 x 1.03 ** t in month t and need 50 x growth for their own customers.
In-house work is a tenth of Acme's, 10 a month, and grows by 5 % a month. In February and in March Bolt and in-house
are full at once. Of what they turn away three tenths wait at Acme (unplaced); the rest chooses between Crane and not
spending as they stood, fills Crane, and what Crane turns away has only "not spent" left. All customers want the same,
so each has its part in everything.

Ledger. Acme keeps what has not left, the owner adds 60 / 12 = 5 a month, new business reaches 36 / 12 = 3 a month
after a year in twelve equal steps and does not count for shares of the market. The owner is South, which adds nothing
once it has begun to leave.
"""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from support.tiny_by_hand import (
    CHANCE,
    GROWTH,
    LEAVING,
    MONTHLY_SPEND,
    MONTHS,
    WISH,
    begun_by,
    displaced_by,
    pool_of,
    room,
)

TOLERANCE = 1e-9


def placed_by_hand(month, crane_slack=0.05):
    """Return where the pool of a month goes, when Bolt and in-house are full or there is no money at all."""
    pool = pool_of(month)
    if pool == 0:
        return dict.fromkeys((*WISH, "unplaced"), 0.0)
    can_take = {"bolt": room(month, "bolt"), "crane": room(month, "crane", crane_slack)}
    can_take["in_house"] = room(month, "in_house")
    # Bolt and in-house are full at once; Crane at once, or when those who were turned away come, or not at all.
    turned_away = sum(max(pool * WISH[option] - can_take[option], 0.0) for option in can_take)
    again = 0.7 * turned_away
    to_crane = again * WISH["crane"] / (WISH["crane"] + WISH["not_spent"])
    crane = min(pool * WISH["crane"] + to_crane, can_take["crane"])
    placed = {"bolt": can_take["bolt"], "crane": crane, "in_house": can_take["in_house"], "unplaced": 0.3 * turned_away}
    return placed | {"not_spent": pool - sum(placed.values())}


def flows_by_hand(month):
    placed, pool = placed_by_hand(month), pool_of(month) or 1.0
    return {
        customer: {option: amount * displaced_by(customer, month) / pool for option, amount in placed.items()}
        for customer in LEAVING
    }


FLOWS = [flows_by_hand(month) for month in range(3)]


@pytest.fixture(scope="module")
def run(tiny):
    return project(tiny, draws=16)


def central(frame, quantity, **keys):
    """Return the central values of a quantity, in the order of months."""
    for column, value in keys.items():
        frame = frame.filter(pl.col(column) == value)
    return frame.sort("month")[f"central_{quantity}"].to_list()


def test_the_hand_knows_when_the_options_are_full():
    for month in (1, 2):
        pool = pool_of(month)
        assert pool * WISH["bolt"] > room(month, "bolt")
        assert pool * WISH["in_house"] > room(month, "in_house")
        assert pool_of(month) * WISH["crane"] < room(month, "crane") == placed_by_hand(month)["crane"]
    assert sum(WISH.values()) == pytest.approx(1, rel=1e-15)


def test_the_months_are_the_three_after_the_event(run):
    assert run.months == MONTHS
    assert run.flows["month"].unique().sort().to_list() == MONTHS


@pytest.mark.parametrize(("vendor", "monthly"), [("acme", 100), ("bolt", 50), ("crane", 50)])
def test_without_the_event_every_vendor_grows_with_the_market(run, vendor, monthly):
    expected = [monthly * growth for growth in GROWTH]
    assert central(run.projection, "no_event_revenue_usd", vendor_id=vendor) == pytest.approx(expected, rel=TOLERANCE)
    gained = [monthly * (growth - 1) for growth in GROWTH]
    assert central(run.projection, "market_growth_gain_usd", vendor_id=vendor) == pytest.approx(gained, rel=TOLERANCE)


@pytest.mark.parametrize("customer", LEAVING)
def test_what_each_customer_displaces(run, customer):
    spend = [MONTHLY_SPEND[customer] * growth for growth in GROWTH]
    displaced = [displaced_by(customer, month) for month in range(3)]
    unplaced = [flows[customer]["unplaced"] for flows in FLOWS]
    left = [money - waits for money, waits in zip(displaced, unplaced, strict=True)]
    table = run.displacement
    assert central(table, "no_event_spend_usd", customer_id=customer) == pytest.approx(spend, rel=TOLERANCE)
    assert central(table, "displaced_usd", customer_id=customer) == pytest.approx(displaced, rel=TOLERANCE)
    assert central(table, "unplaced_usd", customer_id=customer) == pytest.approx(unplaced, rel=TOLERANCE)
    assert central(table, "left_usd", customer_id=customer) == pytest.approx(left, rel=TOLERANCE)


@pytest.mark.parametrize("customer", LEAVING)
@pytest.mark.parametrize("destination", ["bolt", "crane", "in_house", "not_spent", "unplaced"])
def test_where_each_customers_money_goes(run, customer, destination):
    expected = [flows[customer][destination] for flows in FLOWS]
    found = central(run.flows, "flow_usd", customer_id=customer, destination_id=destination)
    assert found == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE)
    running = [sum(expected[: month + 1]) for month in range(3)]
    found = central(run.flows, "cumulative_flow_usd", customer_id=customer, destination_id=destination)
    assert found == pytest.approx(running, rel=TOLERANCE, abs=TOLERANCE)


def revenues_by_hand(month):
    won = {rival: sum(flow[rival] for flow in FLOWS[month].values()) for rival in ("bolt", "crane")}
    left = sum(displaced_by(c, month) - FLOWS[month][c]["unplaced"] for c in LEAVING)
    return {
        "acme": 100 * GROWTH[month] - left + 5 * (1 - begun_by("south", month + 1)) + 3 * (month + 1) / 12,
        "bolt": 50 * GROWTH[month] + won["bolt"],
        "crane": 50 * GROWTH[month] + won["crane"],
    }


def in_market_by_hand(month):
    """What counts for shares: Acme's new lines are another market."""
    revenue = revenues_by_hand(month)
    return revenue | {"acme": revenue["acme"] - 3 * (month + 1) / 12}


@pytest.mark.parametrize("vendor", ["acme", "bolt", "crane"])
def test_revenues_and_shares_follow_from_the_ledger(run, vendor):
    revenue = [revenues_by_hand(month) for month in range(3)]
    expected = [by_vendor[vendor] for by_vendor in revenue]
    assert central(run.projection, "revenue_usd", vendor_id=vendor) == pytest.approx(expected, rel=TOLERANCE)
    shares = [by_vendor[vendor] / sum(by_vendor.values()) for by_vendor in map(in_market_by_hand, range(3))]
    assert central(run.shares, "share", vendor_id=vendor) == pytest.approx(shares, rel=TOLERANCE)


def test_acmes_other_gains_are_the_owner_and_new_business(run):
    """South owns Acme, and tops up only as long as it has not begun to leave as a customer."""
    expected = [5 * (1 - begun_by("south", month)) + 3 * month / 12 for month in (1, 2, 3)]
    assert central(run.projection, "other_gain_usd", vendor_id="acme") == pytest.approx(expected, rel=TOLERANCE)
    for rival in ("bolt", "crane"):
        assert central(run.projection, "other_gain_usd", vendor_id=rival) == pytest.approx([0, 0, 0], abs=TOLERANCE)


def test_concentration_is_the_sum_of_squared_shares(run):
    expected = []
    for month in range(3):
        revenue = in_market_by_hand(month)
        total = sum(revenue.values())
        expected.append(10_000 * sum((value / total) ** 2 for value in revenue.values()))
    assert central(run.concentration, "hhi") == pytest.approx(expected, rel=TOLERANCE)
    effective = [10_000 / index for index in expected]
    assert central(run.concentration, "effective_number") == pytest.approx(effective, rel=TOLERANCE)


def test_the_headline_figures_are_sums_over_the_three_months(run):
    found = dict(run.summary.select("figure", "central_value").iter_rows())
    displaced = sum(pool_of(month) for month in range(3))
    unplaced = sum(flow["unplaced"] for flows in FLOWS for flow in flows.values())
    revenue = [revenues_by_hand(month) for month in range(3)]
    expected = {
        "incumbent_no_event": 100 * sum(GROWTH),
        "displaced": displaced,
        "left_incumbent": displaced - unplaced,
        "to_rivals": sum(flow[rival] for flows in FLOWS for flow in flows.values() for rival in ("bolt", "crane")),
        "in_house": sum(flow["in_house"] for flows in FLOWS for flow in flows.values()),
        "not_spent": sum(flow["not_spent"] for flows in FLOWS for flow in flows.values()),
        "unplaced": unplaced,
        "incumbent_revenue": sum(by_vendor["acme"] for by_vendor in revenue),
        "incumbent_change": sum(by_vendor["acme"] for by_vendor in revenue) - 100 * sum(GROWTH),
        "incumbent_run_rate_at_horizon": 12 * revenue[2]["acme"],
        "displaced_share": displaced / (100 * sum(GROWTH)),
        "incumbent_share_at_horizon": in_market_by_hand(2)["acme"] / sum(in_market_by_hand(2).values()),
        "incumbent_share_with_new_lines": revenue[2]["acme"] / sum(revenue[2].values()),
        "customers_leaving": sum(begun_by(customer, 3) for customer in CHANCE),
        "sources_contradict": 0,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=TOLERANCE)


def test_with_room_at_crane_the_overflow_goes_there_and_to_not_spent(tiny):
    """With Crane's slack at 2 only Bolt and in-house work are full, and nobody is turned away twice."""
    run = project(tiny, Scenario(title="Room at Crane", vendors={"crane": {"slack": 2.0}}), draws=16)
    for month in (1, 2):
        expected = placed_by_hand(month, crane_slack=2.0)
        assert expected["crane"] < room(month, "crane", slack=2.0)
        of_month = run.flows.filter(pl.col("month") == MONTHS[month])
        found = dict(of_month.group_by("destination_id").agg(pl.col("central_flow_usd").sum()).iter_rows())
        assert found == pytest.approx(expected, rel=TOLERANCE)


def test_an_owner_that_leaves_pays_nothing_on_top(tiny):
    """South owns Acme: where it is sure to have left nothing is added, where it is sure to stay all is."""
    for leaves, expected in ((1.0, 0.0), (0.0, 1.0)):
        run = project(tiny, Scenario(customers={"south": {"exit": leaves}}), draws=64)
        paid = run.sample.owner_top_up / 12 * expected
        assert run.sample.top_up[-1] == pytest.approx(paid, abs=1e-9)
        added = run.incumbent_revenue - run.incumbent_no_event + run.left - run.new_lines
        assert added == pytest.approx(np.broadcast_to(paid, added.shape), abs=1e-9)


def test_new_lines_count_for_shares_only_where_the_market_says_so(tiny):
    whole = project(replace(tiny, new_lines_in_market=True), draws=64)
    apart = project(tiny, draws=64)
    with_them = headline(apart, "incumbent_share_with_new_lines")
    assert headline(whole, "incumbent_share_at_horizon") == with_them > headline(apart, "incumbent_share_at_horizon")


def headline(run, figure):
    return run.summary.row(by_predicate=pl.col("figure") == figure, named=True)["mean_value"]
