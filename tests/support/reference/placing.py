"""Who gets the displaced money of a month while there is capacity, and what waits."""

from support.reference.choices import choose_again
from support.reference.facts import NOT_SPENT, UNPLACED, Amounts, Facts


def place(
    facts: Facts,
    displaced: Amounts,
    choices: dict[str, Amounts],
    shares: dict[str, Amounts],
    room: Amounts,
    patience: float,
    rho: float,
) -> dict[str, Amounts]:
    """Return what flows from each customer to each destination in one month of one draw."""
    flow = {c: dict.fromkeys([*room, NOT_SPENT, UNPLACED], 0.0) for c in displaced}
    free, full = dict(room), set(facts.excluded)
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
        before, full = full, full | over
        asked = {}
        for c, money in turned_away.items():
            waits = money * patience if first_round else 0.0
            flow[c][UNPLACED] += waits
            if money > 0:
                asked[c] = choose_again(facts, money - waits, choices[c], shares[c], (before, full), rho)
                if not asked[c]:
                    flow[c][UNPLACED] += money - waits
        first_round = False
    return flow
