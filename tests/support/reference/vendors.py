"""What a vendor bills, how the market grows, and what an option can still take."""

import math

from support.reference.facts import IN_HOUSE, Amounts, Facts


def run_rate(facts: Facts, value: Amounts, vendor: str) -> float:
    return value["incumbent_revenue" if vendor == facts.incumbent else f"revenue:{vendor}"]


def years(facts: Facts, t: int) -> float:
    """Return the time from the end of the day of the event to the middle of month t."""
    return (facts.months_before + t - 0.5) / 12


def growth_factor(facts: Facts, value: Amounts, t: int) -> float:
    return (1 + value["growth"]) ** years(facts, t)


def share_at_event(facts: Facts, value: Amounts, vendor: str) -> float:
    total = sum(run_rate(facts, value, v) for v in [facts.incumbent, *facts.rivals])
    return run_rate(facts, value, vendor) / total if total > 0 else 0.0


def drift(facts: Facts, value: Amounts, vendor: str) -> float:
    """Return by how much a vendor outgrows the market at the event, log per year."""
    relative = max(share_at_event(facts, value, vendor), 1e-9) / 0.1
    usual = -value["small_growth"] * math.log(relative) / math.sqrt(facts.vendor_firms[vendor])
    if vendor not in facts.trend:
        return usual
    slope, variance = facts.trend[vendor]
    own = (value["growth_spread"] * relative ** -value["growth_size"]) ** 2 / facts.vendor_firms[vendor]
    trust = own / (own + variance)
    return trust * (slope - math.log(1 + value["growth"])) + (1 - trust) * usual


def path(facts: Facts, value: Amounts, vendor: str, t: int) -> float:
    """Return a vendor's revenue without the event over that at the event."""
    share, at = max(share_at_event(facts, value, vendor), 1e-9), years(facts, t)
    half_life = value["growth_half_life"] / 12
    lasting = (1 - 2 ** (-at / half_life)) * half_life / math.log(2)
    relative = share / 0.1
    wide = value["growth_spread"] * relative ** -value["growth_size"] / math.sqrt(facts.vendor_firms[vendor])
    stream = "own_growth" if vendor == facts.incumbent else f"own_growth:{vendor}"
    x = drift(facts, value, vendor) * lasting + value[stream] * math.sqrt(wide**2 * at + value["level_error"] ** 2)
    own = 1 / ((1 - share) * math.exp(-x) + share) if x > 0 else math.exp(x) / (1 - share + share * math.exp(x))
    return growth_factor(facts, value, t) * own


def headroom(facts: Facts, value: Amounts, option: str, t: int) -> float:
    if option == IN_HOUSE:
        base, slack = value["in_house_base"] * value["incumbent_revenue"], 0.0
        gamma = value["in_house_growth"]
    else:
        base = run_rate(facts, value, option)
        slack = value.get(f"slack:{option}", value["slack"])
        gamma = value.get(f"capacity_growth:{option}", value["capacity_growth"])
    market = growth_factor(facts, value, t)
    own = 1.0 if option == IN_HOUSE else path(facts, value, option, t) / market
    return max(base / 12 * own * ((1 + slack) * (1 + gamma) ** t - market), 0.0)
