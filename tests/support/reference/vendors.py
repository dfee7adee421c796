"""What a vendor bills, how the market grows, and what an option can still take."""

from support.reference.facts import IN_HOUSE, Amounts, Facts


def run_rate(facts: Facts, value: Amounts, vendor: str) -> float:
    return value["incumbent_revenue" if vendor == facts.incumbent else f"revenue:{vendor}"]


def growth_factor(value: Amounts, t: int) -> float:
    return (1 + value["growth"]) ** ((t - 0.5) / 12)


def headroom(facts: Facts, value: Amounts, option: str, t: int) -> float:
    if option == IN_HOUSE:
        base, slack = value["in_house_base"] * value["incumbent_revenue"], 0.0
        gamma = value["in_house_growth"]
    else:
        base = run_rate(facts, value, option)
        slack = value.get(f"slack:{option}", value["slack"])
        gamma = value.get(f"capacity_growth:{option}", value["capacity_growth"])
    return max(base / 12 * (1 + slack) * (1 + gamma) ** t - base / 12 * growth_factor(value, t), 0.0)
