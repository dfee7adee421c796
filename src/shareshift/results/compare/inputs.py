"""Which inputs two scenarios set differently, as a frame, and what readers call them."""

import polars as pl

from shareshift.basics.formats import quantity
from shareshift.market.market import Market
from shareshift.results.compare.settings import HORIZON, Group, changes_between, kind_of, months_of
from shareshift.results.rows import numbers, texts
from shareshift.scenario.forms import FORMS
from shareshift.scenario.scenario import Scenario
from shareshift.scenario.values import Place, Value

AS_IN_TABLES = "sourced value"
# The word and the unit of every setting that is no slider.
SETTINGS = {
    "exit": ("chance to leave", "probability"),
    "spend_usd_per_year": ("spend at {incumbent}", "usd_per_year"),
    "excluded": ("out of the race", ""),
    "slack": ("spare capacity at once", "share"),
    "capacity_growth": ("monthly growth it can manage", "share_per_month"),
    "form": ("how money chooses among rivals", ""),
    "capacity": ("rivals can be full", ""),
}
KINDS = {"customers": "single customers", "vendors": "single rivals"}
INPUTS = texts("input_id", "kind", "label", "unit") | numbers("reference_value", "scenario_value")
INPUTS |= texts("reference_words", "scenario_words")


def inputs_frame(market: Market, reference: Scenario, scenario: Scenario) -> pl.DataFrame:
    """Return one row per input that two scenarios set differently.

    `input_id` is its place in a scenario file, `kind` what it belongs to. The settings stand as numbers in `unit`,
    a switch as 0 or 1, and in words; a setting that is left to the market's tables has no number. Months looked
    ahead are listed where they differ, though no difference is put down to them: the months in common are compared.
    """
    rows: list[tuple[object, ...]] = []
    for change in changes_between(market, reference, scenario):
        place, sides = change.place, (change.reference, change.scenario)
        label, unit = input_label(market, place), unit_of(market, place)
        values = [float(value) if isinstance(value, int | float) else None for value in sides]
        words = [value_words(value, unit) for value in sides]
        rows.append((place.path, kind_of(market, place), label, unit, *values, *words))
    horizons = (months_of(market, reference), months_of(market, scenario))
    if horizons[0] != horizons[1]:
        words = [f"{months} months" for months in horizons]
        rows.append((HORIZON, "horizon", "Months looked ahead", "months", *map(float, horizons), *words))
    return pl.DataFrame(rows, schema=INPUTS, orient="row")


def input_label(market: Market, place: Place) -> str:
    """Return what readers call an input, such as Google: chance to leave."""
    if place.part == "parameters":
        return market.parameters[place.name].label
    word = SETTINGS.get(place.name, (place.name.replace("_", " "), ""))[0]
    word = word.format(incumbent=market.names[market.incumbent])
    return f"{market.names.get(place.owner, place.owner)}: {word}" if place.owner else word.capitalize()


def group_label(market: Market, group: Group) -> str:
    """Return what readers call an input, or a kind of inputs with how many there are."""
    first, count = group.changes[0].place, len(group.changes)
    if count == 1 and first.path == group.group_id:
        return input_label(market, first)
    name = KINDS.get(group.group_id, group.group_id.replace("_", " ")).capitalize()
    return f"{name}: {count} input{'s' if count > 1 else ''}"


def value_words(value: Value, unit: str) -> str:
    """Return a setting in its unit, and None as what the tables say."""
    if value is None:
        return AS_IN_TABLES
    if isinstance(value, bool):
        return "yes" if value else "no"
    return FORMS.get(value, value) if isinstance(value, str) else quantity(value, unit)


def unit_of(market: Market, place: Place) -> str:
    """Return the unit of a setting; empty for a switch or a word."""
    own = market.parameters[place.name].unit if place.part == "parameters" else None
    return own or SETTINGS.get(place.name, ("", ""))[1]
