"""What a customer spends, whether it leaves, and how fast."""

import math

from support.reference.facts import STANDARD_NORMAL as NORMAL
from support.reference.facts import Amounts, Facts


def spend_at_incumbent(facts: Facts, value: Amounts) -> Amounts:
    total = value["incumbent_revenue"]
    spend = {c: value[f"spend:{c}"] for c in facts.customers if c != facts.remainder}
    named = sum(spend.values())
    if named > total:
        spend = {c: amount * total / named for c, amount in spend.items()}
    spend[facts.remainder] = max(total - named, 0.0)
    return spend


def chance_of(facts: Facts, value: Amounts, customer: str) -> float:
    p = value.get(f"exit:{customer}", value[f"exit_{facts.stance[customer]}"])
    if 0 < p < 1:
        odds = p / (1 - p) * math.exp(value["exodus"])
        p = odds / (1 + odds)
    return p


def begun_by(facts: Facts, value: Amounts, customer: str, at: float, central: bool) -> float:
    """Return which part of a customer has begun to leave so many months after the event."""
    p = chance_of(facts, value, customer)
    if facts.stance[customer] not in ("left", "leaving") and p < 1:
        p = 1 - (1 - p) ** (at / value["decision_months"])
    if central or p in (0, 1):
        return p
    together, firms = value["contagion"], facts.firms[customer]
    if firms != 1:
        pull = (NORMAL.inv_cdf(p) - math.sqrt(together) * value["exits"]) / math.sqrt(1 - together)
        chance = math.erfc(-pull / math.sqrt(2)) / 2
        return chance if firms == math.inf else binomial(value[f"uniform:exits:{customer}"], int(firms), chance) / firms
    pull = math.sqrt(together) * value["exits"] + math.sqrt(1 - together) * value[f"exits:{customer}"]
    return 1.0 if math.erfc(-pull / math.sqrt(2)) / 2 < p else 0.0


def moved_by(facts: Facts, value: Amounts, customer: str, t: int, central: bool) -> float:
    """Return which part of its leaving budget a customer has moved by month t: starts are taken mid-month."""
    begun = begun_by(facts, value, customer, 0.0, central)
    moved = begun * share_moved(value, facts.months_before + t - 0.5)
    for start in range(1, t + 1):
        now = begun_by(facts, value, customer, facts.months_before + start, central)
        moved += (now - begun) * share_moved(value, t - start)
        begun = now
    return moved


def binomial(uniform: float, trials: int, chance: float) -> int:
    """Return the quantile of a binomial distribution, term by term."""
    below = 0.0
    for count in range(trials):
        below += math.comb(trials, count) * chance**count * (1 - chance) ** (trials - count)
        if uniform <= below:
            return count
    return trials


def share_moved(value: Amounts, months: float) -> float:
    since = max(months - value["lag"], 0.0)
    return 1 - 2 ** -((since / value["half_life"]) ** value["timing_shape"])
