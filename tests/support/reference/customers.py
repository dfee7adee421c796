"""What a customer spends, whether it leaves, and how fast."""

import math

from support.reference.facts import Amounts, Facts


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
