"""Which inputs two scenarios set differently, and a scenario on the way from one to the other.

Whatever a scenario can hold is found by walking through its values, so that a new kind of setting is compared without
a word here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shareshift.market.market import Market
from shareshift.scenario.scenario import WORDS, Scenario, checked
from shareshift.scenario.values import PLAIN, Place, Value, scenario_of, values_of

Settings = dict[Place, Value]
HORIZON = "horizon_months"
MODEL = "model form"
# Beyond so many single inputs a reader is better served by their kinds.
MANY_INPUTS = 12


@dataclass(frozen=True, kw_only=True)
class Change:
    """One input that two scenarios set differently; None stands for what the market's tables say."""

    place: Place
    reference: Value
    scenario: Value


@dataclass(frozen=True, kw_only=True)
class Group:
    """Inputs that are changed together: one alone, or all of a kind."""

    group_id: str
    changes: tuple[Change, ...]


def months_of(market: Market, scenario: Scenario) -> int:
    """Return how many months a scenario looks ahead."""
    return scenario.horizon_months or market.horizon_months


def settings_of(market: Market, scenario: Scenario) -> Settings:
    """Return what a scenario sets by place, apart from words and horizon, without what the tables say anyway."""
    beside = {Place(name=name) for name in (*WORDS, HORIZON)}
    values = {place: value for place, value in values_of(scenario).items() if place not in beside}
    # Not to be excluded is what the tables say of everybody.
    return {p: v for p, v in values.items() if (v if p.name == "excluded" else v != _standing(market, p))}


def changes_between(market: Market, reference: Scenario, scenario: Scenario) -> tuple[Change, ...]:
    """Return every input that two scenarios set differently, in the order of their paths; the horizon is none."""
    before, after = settings_of(market, reference), settings_of(market, scenario)
    places = sorted(before.keys() | after.keys(), key=lambda place: (place.part or place.name, place.owner, place.name))
    standing = {place: _standing(market, place) for place in places}
    return tuple(
        Change(place=place, reference=(standing | before)[place], scenario=(standing | after)[place])
        for place in places
        if before.get(place) != after.get(place)
    )


def grouped(market: Market, changes: Sequence[Change]) -> tuple[Group, ...]:
    """Return the inputs one by one, or by kind where there are more than twelve."""
    if len(changes) <= MANY_INPUTS:
        return tuple(Group(group_id=change.place.path, changes=(change,)) for change in changes)
    kinds: dict[str, list[Change]] = {}
    for change in changes:
        kinds.setdefault(kind_of(market, change.place), []).append(change)
    return tuple(Group(group_id=kind, changes=tuple(members)) for kind, members in kinds.items())


def kind_of(market: Market, place: Place) -> str:
    """Return the kind of an input: the group of its slider, or the part of the scenario that holds it."""
    if not place.part:
        return MODEL
    return market.parameters[place.name].group if place.part == "parameters" else place.part


def on_the_way(market: Market, start: Scenario, end: Scenario, changes: Iterable[Change]) -> Scenario:
    """Return the first scenario with some of its inputs set as the second has them.

    Raises `ScenarioError` where the market does not allow the mixture.
    """
    settings, goal = settings_of(market, start), settings_of(market, end)
    for change in changes:
        settings.pop(change.place, None)
        if change.place in goal:
            settings[change.place] = goal[change.place]
    about: Settings = {Place(name="title"): start.title, Place(name=HORIZON): months_of(market, start)}
    return checked(scenario_of(settings | about), market)


def _standing(market: Market, place: Place) -> Value:
    """Return what holds where a scenario says nothing; None where the tables have a range of their own."""
    if place.part == "parameters":
        return market.parameters[place.name].range.central
    return None if place.part else PLAIN.get(place.name)
