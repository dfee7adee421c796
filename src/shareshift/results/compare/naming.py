"""What readers call the inputs of a scenario, and their values in words."""

from typing import Any

from shareshift.basics.formats import quantity
from shareshift.market.market import Market
from shareshift.results.compare.settings import Change, Path
from shareshift.scenario.forms import FORMS

AS_IN_TABLES = "as in the tables"
# The word and the unit of every setting of one customer or vendor.
SETTINGS = {
    "exit": ("chance to leave", "probability"),
    "spend_usd_per_year": ("spend at {incumbent}", "usd_per_year"),
    "excluded": ("out of the race", ""),
    "slack": ("room that it has at once", "share"),
    "capacity_growth": ("monthly growth it can manage", "share_per_month"),
    "form": ("how money chooses among rivals", ""),
    "capacity": ("rivals can be full", ""),
}
KINDS = {"customers": "single customers", "vendors": "single rivals"}


def input_label(market: Market, path: Path) -> str:
    """Return what readers call an input, such as Google: chance to leave."""
    if path[0] == "parameters":
        return market.parameters[path[1]].label
    word = SETTINGS[path[-1]][0] if path[-1] in SETTINGS else path[-1].replace("_", " ")
    word = word.format(incumbent=market.names[market.incumbent])
    owners = [market.names.get(key, key) for key in path[1:-1]]
    return ": ".join([*owners, word]) if owners else word.capitalize()


def group_label(market: Market, group_id: str, changes: tuple[Change, ...]) -> str:
    """Return what readers call an input, or a kind of inputs with how many there are."""
    if len(changes) == 1 and changes[0].input_id == group_id:
        return input_label(market, changes[0].path)
    name = KINDS.get(group_id, group_id.replace("_", " ")).capitalize()
    return f"{name}: {len(changes)} input{'s' if len(changes) > 1 else ''}"


def value_words(market: Market, path: Path, value: Any) -> str:
    """Return a setting in its unit, and None as what the tables say."""
    if value is None:
        return AS_IN_TABLES
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return FORMS.get(value, value)
    if path[0] == "parameters":
        return quantity(value, market.parameters[path[1]].unit)
    return quantity(value, SETTINGS[path[-1]][1] if path[-1] in SETTINGS else "")


def unit_of(market: Market, path: Path) -> str:
    """Return the unit of a setting; empty for a switch or a word."""
    if path[0] == "parameters":
        return market.parameters[path[1]].unit
    return SETTINGS[path[-1]][1] if path[-1] in SETTINGS else ""
