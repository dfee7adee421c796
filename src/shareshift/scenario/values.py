"""A scenario as single values, each at a place of its own, and back.

A place is written in three ways: as a key of an address (`growth`, `exit.google`, `excluded.surge`), as a path in a
scenario file (`parameters.growth`, `customers.google.exit`), and as nested tables of TOML, which `Scenario` reads.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from shareshift.basics.errors import ScenarioError
from shareshift.market.market import Market
from shareshift.scenario.scenario import CUSTOMER_LIMITS, VENDOR_LIMITS, WORDS, Scenario, scenario_faults, scenario_from

Value = str | float | bool | None
# The first word of an override's key in an address, and where it stands in a scenario.
OVERRIDES = {
    **{("spend" if name == "spend_usd_per_year" else name): ("customers", name) for name in CUSTOMER_LIMITS},
    **{name: ("vendors", name) for name in VENDOR_LIMITS},
}
WORD_OF = {place: word for word, place in OVERRIDES.items()}
NESTED = ("parameters", "customers", "vendors")
# Values that stand by themselves, and what they are where nothing is said.
PLAIN: Mapping[str, Value] = {
    item.name: getattr(Scenario(), item.name) for item in fields(Scenario) if item.name not in NESTED
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a value stands: in which part of a scenario, none for a plain field, and whose it is, if anybody's."""

    name: str
    part: str = ""
    owner: str = ""

    @property
    def path(self) -> str:
        """The place in a scenario file, such as customers.google.exit."""
        return ".".join(filter(None, (self.part, self.owner, self.name)))

    @property
    def key(self) -> str:
        """The place in an address, such as exit.google."""
        return f"{WORD_OF.get((self.part, self.name), self.name)}.{self.owner}" if self.owner else self.name

    @classmethod
    def of_key(cls, key: str) -> "Place":
        """Return the place of a key of an address; raises `KeyError` for an override of an unknown kind."""
        word, _, owner = key.partition(".")
        if owner:
            part, name = OVERRIDES[word]
            return cls(part=part, owner=owner, name=name)
        return cls(name=key) if key in PLAIN else cls(part="parameters", name=key)


def values_of(scenario: Scenario) -> dict[Place, Value]:
    """Return every value of a scenario at its place; what is not set is left out.

    Plain fields come first, then sliders, then overrides by their kind. A part that the scenario has besides is
    walked through like the others.
    """
    kinds = list(WORD_OF)

    def rank(place: Place) -> int:
        kind = (place.part, place.name)
        return (kinds.index(kind) if kind in kinds else len(kinds)) if place.owner else -1

    places = dict(_walk(scenario))
    return {place: places[place] for place in sorted(places, key=rank)}


def scenario_of(values: Mapping[Place, Value]) -> Scenario:
    """Return the scenario whose values stand at their places, unchecked."""
    content: dict[str, Any] = {}
    for place, value in values.items():
        inner = content
        for step in filter(None, (place.part, place.owner)):
            inner = inner.setdefault(step, {})
        inner[place.name] = value
    return Scenario(**content)


def flat(scenario: Scenario) -> dict[str, Value]:
    """Return every value of a scenario under its key in an address; what is not set is left out."""
    return {place.key: value for place, value in values_of(scenario).items()}


def unflat(values: Mapping[str, Value]) -> Scenario:
    """Return the scenario whose values stand under their keys in an address, unchecked."""
    return scenario_of({Place.of_key(key): value for key, value in values.items()})


def sound_part(content: Mapping[str, Any], market: Market, *, file: str) -> tuple[Scenario, list[str]]:
    """Return as much of a kept scenario as the market still allows, and a sentence for each value it does not.

    Raises `ScenarioError` where the content is no scenario at all.
    """
    try:
        return scenario_from(content, market, file=file), []
    except ScenarioError as error:
        try:
            values = values_of(Scenario(**content))
        except (TypeError, AttributeError):
            raise error from None
        if not all(isinstance(values.get(Place(name=word)), str) for word in WORDS):
            raise
    faults = {place: scenario_faults(scenario_of({place: value}), market) for place, value in values.items()}
    sound = scenario_of({place: value for place, value in values.items() if not faults[place]})
    if left := scenario_faults(sound, market):
        raise ScenarioError("\n".join(f"{file}: {fault}" for fault in left))
    return sound, [fault for found in faults.values() for fault in found]


def _walk(scenario: Scenario) -> Iterator[tuple[Place, Value]]:
    for item in fields(scenario):
        part = getattr(scenario, item.name)
        if not isinstance(part, Mapping):
            if part is not None:
                yield Place(name=item.name), part
            continue
        for name, value in part.items():
            if isinstance(value, Mapping):
                yield from ((Place(part=item.name, owner=name, name=own), inner) for own, inner in value.items())
            else:
                yield Place(part=item.name, name=name), value
