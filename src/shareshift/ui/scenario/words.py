"""A scenario's values in words: what is fixed besides the sliders, and what the tables say instead."""

from collections.abc import Iterable
from typing import Any

from shareshift.basics.formats import UNIT_WORDS, percent, quantity, quantity_range
from shareshift.market.market import Market
from shareshift.market.parameters import Range
from shareshift.model.inputs import Inputs, market_inputs
from shareshift.model.keys import InputKey
from shareshift.scenario.forms import DEFAULT_FORM, FORMS
from shareshift.scenario.scenario import Scenario
from shareshift.scenario.values import OVERRIDES, PLAIN, flat

IN_TABLES = "sourced value"
WORD_LABELS = {
    "title": "Title",
    "note": "Note",
    "author": "Author",
    "source": "Source",
    "baseline": "Made from",
    "horizon_months": "Months",
    "form": "How money chooses",
    "capacity": "Rivals have limited capacity",
}
OVERRIDE_LABELS = {
    "exit": "chance to leave",
    "spend": "spend at the incumbent",
    "excluded": "excluded",
    "slack": "spare capacity",
    "capacity_growth": "monthly growth it can manage",
}
OVERRIDE_UNITS = {
    "exit": "probability",
    "spend": "usd_per_year",
    "slack": "share",
    "capacity_growth": "share_per_month",
}


def _months(count: int | None) -> str:
    return "1 month" if count == 1 else f"{count} months"


def range_of_override(key: str, inputs: Inputs) -> Range | None:
    """Return what the tables say where a customer or vendor is not overridden; None where they say nothing.

    `key` is a name such as `exit.google`; a vendor without a row of its own has the slider's range.
    """
    word, _, own = key.partition(".")
    if word == "exit" and own in inputs.stances:
        return inputs.range_of(InputKey("exit", own), f"exit_{inputs.stances[own]}")
    if word == "spend":
        return inputs.range_of(InputKey("spend", own))
    return inputs.range_of(InputKey(word, vendor=own), word)


def range_words(figure: Range | None, unit: str) -> str:
    """Return a range as its central value with its ends, such as 50% (25% to 75%)."""
    if figure is None:
        return "follows from the others"
    return f"{quantity(figure.central, unit)} ({quantity_range(figure.low, figure.high, unit)})"


def value_words(key: str, value: Any, market: Market) -> str:
    """Return one value of a scenario in words with its unit; None is sourced value."""
    word, _, own = key.partition(".")
    if value is None or (key in PLAIN and value == PLAIN[key] and key != "title"):
        return _standing(key, market)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key == "form":
        return FORMS.get(str(value), str(value))
    if isinstance(value, str):
        return value or "none"
    if key == "horizon_months":
        return f"{value} months"
    if own:
        return _number(value, OVERRIDE_UNITS[word])
    return _number(value, market.parameters[key].unit) if key in market.parameters else f"{value:g}"


def label_of(key: str, market: Market) -> str:
    """Return what readers call a value of a scenario."""
    word, _, own = key.partition(".")
    if own:
        return f"{market.names.get(own, own)}: {OVERRIDE_LABELS[word]}"
    if key in market.parameters:
        return market.parameters[key].label
    return WORD_LABELS.get(key, key)


def fixed_words(scenario: Scenario, market: Market, start: Scenario | None = None) -> list[str]:
    """Return in words everything of a scenario that no slider shows, those of one kind together.

    What `start` says as well is left out.
    """
    groups: dict[str, list[str]] = {}
    told = flat(start) if start else {}
    for key, value in flat(scenario).items():
        if told.get(key) == value:
            continue
        word, _, own = key.partition(".")
        if own and word in OVERRIDES:
            groups.setdefault(_saying(word, value, market), []).append(market.names.get(own, own))
    found = [f"{_list(names)}{says}" for says, names in groups.items() if says]
    before = start or Scenario()
    if scenario.horizon_months not in (None, market.horizon_months, before.horizon_months):
        found.append(f"{_months(scenario.horizon_months)} instead of {market.horizon_months}")
    if scenario.form not in (DEFAULT_FORM, before.form):
        found.append(f"{FORMS.get(scenario.form, scenario.form).lower()} instead of {FORMS[DEFAULT_FORM].lower()}")
    if not scenario.capacity and before.capacity:
        found.append("capacity is unlimited")
    return found


def _saying(word: str, value: Any, market: Market) -> str:
    if word == "excluded":
        return " excluded" if value else ""
    if word == "exit" and value in (0.0, 1.0):
        return ": leaves for certain" if value else ": stays for certain"
    amount = _number(value, OVERRIDE_UNITS[word])
    return {
        "exit": f": leaves with a chance of {amount}",
        "spend": f": spends {amount} at {market.names.get(market.incumbent, market.incumbent)}",
        "slack": f": {amount} spare capacity",
        "capacity_growth": f": grows by at most {amount}",
    }[word]


def _list(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _standing(key: str, market: Market) -> str:
    """Return what holds where a scenario says nothing."""
    if key in ("note", "author", "source", "baseline"):
        return "none"
    if key == "horizon_months":
        return f"{market.horizon_months} months"
    if key == "form":
        return FORMS[DEFAULT_FORM]
    if key == "capacity":
        return "yes"
    if key.startswith("excluded."):
        return "no"
    word, _, own = key.partition(".")
    figure = range_of_override(key, market_inputs(market)) if own else None
    if figure is not None:
        return f"{IN_TABLES}: {range_words(figure, OVERRIDE_UNITS[word])}"
    if key in market.parameters:
        parameter = market.parameters[key]
        return f"{IN_TABLES}: {_number(parameter.range.central, parameter.unit)}"
    return IN_TABLES


def _number(value: float, unit: str) -> str:
    if unit in ("share", "probability"):
        return percent(value, 0 if abs(100 * value - round(100 * value)) < 1e-9 else 2)
    words = UNIT_WORDS.get(unit, unit)
    return f"{quantity(value, unit)} {words}".rstrip()
