"""The model once more, in slow plain Python: one draw, one month, one customer, one option at a time.

Written from the method and from nothing else, so that the engine has somebody to agree with. It shares with the
engine what is uncertain (the ranges by name) and the drawn value of each input; every equation after that is its
own. Money is USD, months count from 1, and the last draw is the central path.
"""

import math

from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.scenario.scenario import Scenario
from support.reference.choices import choice_of, correlation, removal, shares_of
from support.reference.customers import begun_by, moved_by, spend_at_incumbent
from support.reference.facts import IN_HOUSE, NOT_SPENT, UNPLACED, Amounts, Facts, Month, facts_of, values_of
from support.reference.placing import place
from support.reference.vendors import headroom, path

__all__ = ["IN_HOUSE", "NOT_SPENT", "UNPLACED", "Facts", "Month", "place", "reference", "removal"]


def reference(market: Market, scenario: Scenario, draws: Draws, *, limit: int | None = None) -> list[list[Month]]:
    """Return the months of every draw, the central path last; `limit` stops after so many draws."""
    facts = facts_of(market, scenario)
    values = values_of(market, scenario, facts, draws)
    chosen = list(range(draws.count + 1))[:limit]
    return [one_draw(facts, {name: column[d] for name, column in values.items()}, d == draws.count) for d in chosen]


def one_draw(facts: Facts, value: Amounts, central: bool) -> list[Month]:
    spend = spend_at_incumbent(facts, value)
    shares = {c: shares_of(facts, value, spend[c], c) for c in facts.customers}
    choices = {c: choice_of(facts, value, *shares[c]) for c in facts.customers}
    months = []
    for t in range(1, facts.months + 1):
        grown = path(facts, value, facts.incumbent, t)
        closed = t >= facts.closed_from
        moved = {c: 1.0 if closed else value["moved_share"] * moved_by(facts, value, c, t, central) for c in spend}
        displaced = {c: spend[c] / 12 * grown * moved[c] for c in facts.customers}
        room = {k: headroom(facts, value, k, t) for k in [*facts.rivals, IN_HOUSE]}
        if not facts.capacity:
            room = dict.fromkeys(room, math.inf)
        flow = place(
            facts,
            displaced,
            choices,
            {c: among for c, (_, among) in shares.items()},
            room,
            0.0 if closed else value["patience"],
            correlation(facts, value),
        )
        months.append(month_of(facts, value, t, displaced, flow, central))
    return months


def month_of(
    facts: Facts, value: Amounts, t: int, displaced: Amounts, flow: dict[str, Amounts], central: bool
) -> Month:
    closed = t >= facts.closed_from
    left = sum(displaced[c] - (0.0 if closed else flow[c][UNPLACED]) for c in facts.customers)
    grown = path(facts, value, facts.incumbent, t)
    stays = 1 - begun_by(facts, value, facts.owner, facts.months_before + t, central) if facts.owner else 1.0
    stays = 0.0 if closed else stays
    new_lines = 0.0 if closed else value["pivot_revenue"] / 12 * min(t / 12, 1.0)
    revenue = {facts.incumbent: value["incumbent_revenue"] / 12 * grown - left + value["owner_top_up"] / 12 * stays}
    revenue[facts.incumbent] += new_lines
    for k in facts.rivals:
        revenue[k] = value[f"revenue:{k}"] / 12 * path(facts, value, k, t) + sum(flow[c][k] for c in facts.customers)
    # New lines are another market, unless this one says that they are not.
    counted = revenue | {facts.incumbent: revenue[facts.incumbent] - (0.0 if facts.new_lines else new_lines)}
    total = sum(counted.values())
    share = {v: amount / total if total > 0 else 0.0 for v, amount in counted.items()}
    hhi = 1e4 * sum(s * s for s in share.values())
    return Month(displaced=displaced, flow=flow, revenue=revenue, share=share, hhi=hhi)
