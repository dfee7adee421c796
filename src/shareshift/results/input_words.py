"""What readers call an uncertain number of the model, and its unit: one name, whichever page or file shows it."""

from shareshift.market.market import Market
from shareshift.market.second_choices import EVERYBODY
from shareshift.model.keys import InputKey

NAMED = {"incumbent_revenue": "revenue", "revenue": "revenue", "exit": "chance of leaving"}
# What is drawn without a range of its own.
DRAWN = {"exits": "leaves", "momentum": "attraction beyond size and fit", "own_growth": "growth beyond the market’s"}


def input_label(market: Market, key: InputKey) -> tuple[str, str]:
    """Return an input in words and its unit: `spend:google` is Google: spend at the incumbent, in USD per year."""
    names, parameters = market.names, market.parameters
    kind, customer, vendor = key
    if kind in parameters:
        label, unit = parameters[kind].label, parameters[kind].unit
        return (f"{names[vendor]}: {label[0].lower()}{label[1:]}" if vendor else label), unit
    incumbent = names[market.incumbent]
    if kind == "diversion":
        whose = "every customer" if customer == EVERYBODY else names[customer]
        return f"{whose[0].upper()}{whose[1:]}: second choice of {names[vendor]}", "share"
    if kind == "exits" and not customer:
        return "A mood to leave that all customers share", "log_scale"
    who = names[customer or vendor or market.incumbent]
    if kind in DRAWN:
        return f"{who}: {DRAWN[kind]}", "probability" if kind == "exits" else "log_scale"
    if kind in {"spend", "wallet"}:
        return f"{who}: spend at {names[vendor] if vendor else incumbent}", "usd_per_year"
    return f"{who}: {NAMED[kind]}", "probability" if kind == "exit" else "usd_per_year"
