"""A scenario as single values, each under a name of its own, and back.

The names are those of an address: `growth` for a slider, `exit.google` and `spend.google` for a customer,
`excluded.surge`, `slack.surge` and `capacity_growth.surge` for a vendor, and the plain fields as they are.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from shareshift.basics.errors import ScenarioError
from shareshift.market.market import Market
from shareshift.scenario.scenario import CUSTOMER_LIMITS, VENDOR_LIMITS, WORDS, Scenario, scenario_faults, scenario_from

Value = str | float | bool | None
# The first word of an override's name, and where it stands in a scenario.
OVERRIDES = {
    **{("spend" if name == "spend_usd_per_year" else name): ("customers", name) for name in CUSTOMER_LIMITS},
    **{name: ("vendors", name) for name in VENDOR_LIMITS},
}
NESTED = ("parameters", "customers", "vendors")
# Values that stand by themselves, and what they are where nothing is said.
PLAIN: Mapping[str, Value] = {
    item.name: getattr(Scenario(), item.name) for item in fields(Scenario) if item.name not in NESTED
}


def flat(scenario: Scenario) -> dict[str, Value]:
    """Return every value of a scenario under its name; what is not set is left out."""
    values: dict[str, Value] = {name: getattr(scenario, name) for name in PLAIN if getattr(scenario, name) is not None}
    values |= scenario.parameters
    for word, (part, name) in OVERRIDES.items():
        for key, own in getattr(scenario, part).items():
            if name in own:
                values[f"{word}.{key}"] = own[name]
    return values


def unflat(values: Mapping[str, Value]) -> Scenario:
    """Return the scenario whose values stand under their names, unchecked."""
    content: dict[str, Any] = {name: {} for name in NESTED}
    for key, value in values.items():
        word, _, own = key.partition(".")
        if own:
            part, name = OVERRIDES[word]
            content[part].setdefault(own, {})[name] = value
        elif key in PLAIN:
            content[key] = value
        else:
            content["parameters"][key] = value
    return Scenario(**content)


def sound_part(content: Mapping[str, Any], market: Market, *, file: str) -> tuple[Scenario, list[str]]:
    """Return as much of a kept scenario as the market still allows, and a sentence for each value it does not.

    Raises `ScenarioError` where the content is no scenario at all.
    """
    try:
        return scenario_from(content, market, file=file), []
    except ScenarioError as error:
        try:
            kept = Scenario(**content)
            values = flat(kept)
        except (TypeError, AttributeError):
            raise error from None
        if not all(isinstance(values[word], str) for word in WORDS):
            raise
    faults = {key: scenario_faults(unflat({key: value}), market) for key, value in values.items()}
    named = [fault for found in faults.values() for fault in found]
    # Overrides of a kind that is not known any more have no name to stand under.
    named += [fault for fault in scenario_faults(kept, market) if fault not in named]
    sound = unflat({key: value for key, value in values.items() if not faults[key]})
    if left := scenario_faults(sound, market):
        raise ScenarioError("\n".join(f"{file}: {fault}" for fault in left))
    return sound, named
