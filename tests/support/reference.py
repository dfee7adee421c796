"""The model once more, in slow plain Python: one draw, one month, one customer, one option at a time.

Written from the method and from nothing else, so that the engine has somebody to agree with. It shares with the
engine what is uncertain (the ranges by name) and the drawn value of each input; every equation after that is its
own. Money is USD, months count from 1, and the last draw is the central path.
"""

import math
from dataclasses import dataclass, replace
from statistics import NormalDist

from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import build_inputs
from shareshift.scenario.scenario import Scenario

IN_HOUSE, NOT_SPENT, UNPLACED = "in_house", "not_spent", "unplaced"
OWN_NEST = "(in-house)"
STANDARD_NORMAL = NormalDist()

Amounts = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is certain about a market under a scenario."""

    incumbent: str
    customers: list[str]
    remainder: str
    rivals: list[str]
    nest: dict[str, str]
    independent: dict[str, bool]
    conflict: Amounts
    needs: dict[str, set[str]]
    offers: dict[str, set[str]]
    stance: dict[str, str]
    excluded: set[str]
    months: int
    form: str = "nested_logit"
    capacity: bool = True


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month of one draw: `flow[customer][destination]`, and revenue and share per vendor."""

    displaced: Amounts
    flow: dict[str, Amounts]
    revenue: Amounts
    share: Amounts
    hhi: float


def reference(market: Market, scenario: Scenario, draws: Draws, *, limit: int | None = None) -> list[list[Month]]:
    """Return the months of every draw, the central path last; `limit` stops after so many draws."""
    facts = facts_of(market, scenario)
    values = values_of(market, scenario, facts, draws)
    chosen = list(range(draws.count + 1))[:limit]
    return [one_draw(facts, {name: column[d] for name, column in values.items()}, d == draws.count) for d in chosen]


def facts_of(market: Market, scenario: Scenario) -> Facts:
    vendors = {row["vendor_id"]: row for row in market.tables["vendors"].iter_rows(named=True)}
    customers = {row["customer_id"]: row for row in market.tables["customers"].iter_rows(named=True)}
    stance = dict.fromkeys(customers, "unknown")
    events = [row for row in market.tables["events"].iter_rows(named=True) if row["kind"] == "stance" and row["used"]]
    for row in sorted(events, key=lambda row: (row["known_from"], row["date"])):
        if row["known_from"] <= market.as_of:
            stance[row["customer_id"]] = row["stance"]
    return Facts(
        incumbent=market.incumbent,
        customers=list(customers),
        remainder=next(c for c, row in customers.items() if row["is_remainder"]),
        rivals=[v for v in vendors if v != market.incumbent],
        nest={v: row["nest"] for v, row in vendors.items()} | {IN_HOUSE: OWN_NEST},
        independent={v: row["independent"] for v, row in vendors.items()},
        conflict={c: row["competes_with_owner"] for c, row in customers.items()},
        needs={c: words(row["segments"]) for c, row in customers.items()},
        offers={v: words(row["segments"]) for v, row in vendors.items()},
        stance=stance,
        excluded={v for v, override in scenario.vendors.items() if override.get("excluded")},
        months=scenario.horizon_months or market.horizon_months,
        form=scenario.form,
        capacity=scenario.capacity,
    )


def words(cell: str | None) -> set[str]:
    return set(cell.split(";")) if cell else set()


def values_of(market: Market, scenario: Scenario, facts: Facts, draws: Draws) -> dict[str, list[float]]:
    """Return every input's drawn values, the central one last; a latent normal is 0 on the central path."""
    # The ranges of the baseline's form: what another form makes of them is worked out here.
    ranges = dict(build_inputs(market, replace(scenario, form="nested_logit", capacity=True)).ranges)
    if facts.form == "diversion_matrix":
        every = build_inputs(market, scenario).ranges
        ranges |= {name: figure for name, figure in every.items() if name.startswith("diversion:")}
    values = {name: draws.value(name, figure).tolist() for name, figure in ranges.items()}
    latent = ["exits"]
    latent += [f"exits:{c}" for c in facts.customers] + [f"momentum:{k}" for k in facts.rivals]
    for name in latent:
        values[name] = [STANDARD_NORMAL.inv_cdf(u) for u in draws.uniform(name).tolist()] + [0.0]
    return values


def one_draw(facts: Facts, value: Amounts, central: bool) -> list[Month]:
    spend = spend_at_incumbent(facts, value)
    exits = {c: exit_of(facts, value, c, central) for c in facts.customers}
    choices = {c: choice_of(facts, value, spend[c], c) for c in facts.customers}
    months = []
    for t in range(1, facts.months + 1):
        gone = moved_by(value, t)
        grown = growth_factor(value, t)
        displaced = {c: spend[c] / 12 * grown * exits[c] * value["moved_share"] * gone for c in facts.customers}
        room = {k: headroom(facts, value, k, t) for k in [*facts.rivals, IN_HOUSE]}
        if not facts.capacity:
            room = dict.fromkeys(room, math.inf)
        flow = place(facts, displaced, choices, room, value["patience"], correlation(facts, value))
        months.append(month_of(facts, value, t, displaced, flow))
    return months


def spend_at_incumbent(facts: Facts, value: Amounts) -> Amounts:
    total = value["incumbent_revenue"]
    spend = {c: value[f"spend:{c}"] for c in facts.customers if c != facts.remainder}
    named = sum(spend.values())
    if named > total:
        spend = {c: amount * total / named for c, amount in spend.items()}
    spend[facts.remainder] = max(total - named, 0.0)
    return spend


def exit_of(facts: Facts, value: Amounts, customer: str, central: bool) -> float:
    p = value.get(f"exit:{customer}", value[f"exit_{facts.stance[customer]}"])
    if 0 < p < 1:
        odds = p / (1 - p) * math.exp(value["exodus"])
        p = odds / (1 + odds)
    if central or p in (0, 1):
        return p
    together = value["contagion"]
    pull = math.sqrt(together) * value["exits"] + math.sqrt(1 - together) * value[f"exits:{customer}"]
    return 1.0 if math.erfc(-pull / math.sqrt(2)) / 2 < p else 0.0


def moved_by(value: Amounts, t: int) -> float:
    since = max(t - 0.5 - value["lag"], 0.0)
    return 1 - 2 ** -((since / value["half_life"]) ** value["timing_shape"])


def growth_factor(value: Amounts, t: int) -> float:
    return (1 + value["growth"]) ** ((t - 0.5) / 12)


def run_rate(facts: Facts, value: Amounts, vendor: str) -> float:
    return value["incumbent_revenue" if vendor == facts.incumbent else f"revenue:{vendor}"]


def choice_of(facts: Facts, value: Amounts, spend: float, customer: str) -> Amounts:
    """Return where a displaced dollar of this customer wants to go; empty when there is nowhere."""
    in_house, not_spent = value["built_in_house"], value["not_spent"]
    if facts.form == "diversion_matrix":
        first = second_choices(facts, value, customer)
    elif facts.form == "fair_share":
        first = normalised({k: 0.0 if k in facts.excluded else run_rate(facts, value, k) for k in facts.rivals})
    else:
        first = first_choices(facts, value, spend, customer)
    if first:
        choice = {k: first[k] * (1 - in_house - not_spent) for k in facts.rivals}
        return choice | {IN_HOUSE: in_house, NOT_SPENT: not_spent}
    both = in_house + not_spent
    if both == 0:
        return {}
    return dict.fromkeys(facts.rivals, 0.0) | {IN_HOUSE: in_house / both, NOT_SPENT: not_spent / both}


def correlation(facts: Facts, value: Amounts) -> float:
    """Return rho: nests matter in the nested logit alone."""
    return value["nest_correlation"] if facts.form == "nested_logit" else 0.0


def second_choices(facts: Facts, value: Amounts, customer: str) -> Amounts:
    """Return the customer's row of the diversion matrix, or everybody's, without the excluded."""
    for whose in (customer, "*"):
        row = {k: value[f"diversion:{whose}:{k}"] for k in facts.rivals if f"diversion:{whose}:{k}" in value}
        if row:
            open_to = normalised({k: share for k, share in row.items() if k not in facts.excluded})
            return dict.fromkeys(facts.rivals, 0.0) | open_to if open_to else {}
    raise AssertionError(customer)


def first_choices(facts: Facts, value: Amounts, spend: float, customer: str) -> Amounts:
    wallet = {k: value.get(f"wallet:{customer}:{k}", 0.0) for k in facts.rivals}
    preference = preference_of(facts, value, wallet, customer)
    if not preference:
        return {}
    elsewhere, own = sum(wallet.values()), spend
    if elsewhere == 0:
        elsewhere = sum(run_rate(facts, value, k) for k in facts.rivals)
        own = value["incumbent_revenue"]
    total = own + elsewhere
    if own == 0:
        return preference  # Nothing can be displaced, so it does not matter.
    incumbent_share, rivals_share = own / total, elsewhere / total
    share = {k: rivals_share * preference[k] for k in facts.rivals}
    rho, nest = correlation(facts, value), facts.nest
    if rivals_share == 0:
        # The limit of the removal as the rivals' shares vanish: the incumbent's nest takes everything.
        near = {k: preference[k] if nest[k] == nest[facts.incumbent] else 0.0 for k in facts.rivals}
        return normalised(near) if rho > 0 and sum(near.values()) > 0 else preference
    return normalised(removal(share | {facts.incumbent: incumbent_share}, 0.0, {facts.incumbent}, nest, rho)[0])


def preference_of(facts: Facts, value: Amounts, wallet: Amounts, customer: str) -> Amounts:
    attraction, known = {}, {}
    for k in facts.rivals:
        shut = k in facts.excluded
        needs = facts.needs[customer]
        match = len(needs & facts.offers[k]) / len(needs) if needs else 0.0
        score = value["neutrality"] * facts.conflict[customer] * facts.independent[k] + value["fit"] * match
        score += value["momentum_spread"] * value[f"momentum:{k}"]
        attraction[k] = 0.0 if shut else value[f"revenue:{k}"] ** value["size_pull"] * math.exp(score)
        known[k] = 0.0 if shut else wallet[k]
    attraction, known = normalised(attraction), normalised(known)
    weight = value["loyalty"] if known else 0.0
    mixed = {k: (1 - weight) * attraction.get(k, 0.0) + weight * known.get(k, 0.0) for k in facts.rivals}
    return normalised(mixed)


def normalised(amounts: Amounts) -> Amounts:
    """Return amounts scaled to a total of 1; empty when there is nothing to scale."""
    total = sum(amounts.values())
    return {key: amount / total for key, amount in amounts.items()} if total > 0 else {}


def removal(
    share: Amounts, outside: float, removed: set[str], nest: dict[str, str], rho: float
) -> tuple[Amounts, float]:
    """Return the diversion from the removed options to each one left, and to the outside.

    The closed form of the nested logit: shares before in, diversion ratios out.
    """
    size: Amounts = {}
    kept: Amounts = {}
    for k, s in share.items():
        size[nest[k]] = size.get(nest[k], 0.0) + s
        kept[nest[k]] = kept.get(nest[k], 0.0) + (0.0 if k in removed else s)
    # 1 - w of the method, from what is kept: the difference would lose every digit of a nest almost emptied.
    remaining = {g: kept[g] / size[g] if size[g] > 0 else 1.0 for g in size}
    denominator = outside + sum(size[g] * remaining[g] ** (1 - rho) for g in size)
    gone = sum(share[k] for k in removed)
    diverted = {}
    for k, s in share.items():
        if k not in removed:
            after = s * remaining[nest[k]] ** -rho / denominator if s > 0 else 0.0
            diverted[k] = (after - s) / gone
    return diverted, (outside / denominator - outside) / gone


def headroom(facts: Facts, value: Amounts, option: str, t: int) -> float:
    if option == IN_HOUSE:
        base, slack = value["in_house_base"] * value["incumbent_revenue"], 0.0
        gamma = value["in_house_growth"]
    else:
        base = run_rate(facts, value, option)
        slack = value.get(f"slack:{option}", value["slack"])
        gamma = value.get(f"capacity_growth:{option}", value["capacity_growth"])
    return max(base / 12 * (1 + slack) * (1 + gamma) ** t - base / 12 * growth_factor(value, t), 0.0)


def place(
    facts: Facts, displaced: Amounts, choices: dict[str, Amounts], room: Amounts, patience: float, rho: float
) -> dict[str, Amounts]:
    """Return what flows from each customer to each destination in one month of one draw."""
    flow = {c: dict.fromkeys([*room, NOT_SPENT, UNPLACED], 0.0) for c in displaced}
    free, full = dict(room), set()
    # What each customer now asks of each destination.
    asked: dict[str, Amounts] = {}
    for c, money in displaced.items():
        asked[c] = {k: money * share for k, share in choices[c].items()}
        if not choices[c]:
            flow[c][UNPLACED] += money
    first_round = True
    while any(amount > 0 for wishes in asked.values() for amount in wishes.values()):
        demand = {k: sum(wishes.get(k, 0.0) for wishes in asked.values()) for k in room}
        over = {k for k in room if demand[k] > free[k]}
        turned_away = dict.fromkeys(displaced, 0.0)
        for c, wishes in asked.items():
            for k, amount in wishes.items():
                accepted = amount * (free[k] / demand[k]) if k in over else amount
                flow[c][k] += accepted
                turned_away[c] += amount - accepted
        for k in room:
            free[k] = 0.0 if k in over else free[k] - demand[k]
        full |= over
        asked = {}
        for c, money in turned_away.items():
            waits = money * patience if first_round else 0.0
            flow[c][UNPLACED] += waits
            if money > 0:
                asked[c] = choose_again(facts, money - waits, choices[c], full, rho)
                if not asked[c]:
                    flow[c][UNPLACED] += money - waits
        first_round = False
    return flow


def choose_again(facts: Facts, money: float, choice: Amounts, full: set[str], rho: float) -> Amounts:
    """Return what money that was turned away asks of the destinations not full; empty when none is open."""
    if sum(share for k, share in choice.items() if k not in full) == 0:
        return {}
    options = {k: share for k, share in choice.items() if k != NOT_SPENT}
    diverted, outside = removal(options, choice[NOT_SPENT], full, facts.nest, rho)
    return {k: money * ratio for k, ratio in (diverted | {NOT_SPENT: outside}).items()}


def month_of(facts: Facts, value: Amounts, t: int, displaced: Amounts, flow: dict[str, Amounts]) -> Month:
    left = sum(displaced[c] - flow[c][UNPLACED] for c in facts.customers)
    grown = growth_factor(value, t)
    revenue = {facts.incumbent: value["incumbent_revenue"] / 12 * grown - left + value["owner_top_up"] / 12}
    revenue[facts.incumbent] += value["pivot_revenue"] / 12 * min(t / 12, 1.0)
    for k in facts.rivals:
        revenue[k] = value[f"revenue:{k}"] / 12 * grown + sum(flow[c][k] for c in facts.customers)
    total = sum(revenue.values())
    share = {v: amount / total if total > 0 else 0.0 for v, amount in revenue.items()}
    hhi = 1e4 * sum(s * s for s in share.values())
    return Month(displaced=displaced, flow=flow, revenue=revenue, share=share, hhi=hhi)
