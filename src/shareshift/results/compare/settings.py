"""Which inputs two scenarios set differently, and a scenario on the way from one to the other.

Whatever a scenario can hold is found by walking through its plain values, so that a new kind of setting is compared
without a word here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shareshift.market.market import Market
from shareshift.scenario.scenario import WORDS, Scenario, scenario_from

Path = tuple[str, ...]
Settings = dict[Path, Any]
HORIZON = "horizon_months"
MODEL = "model form"
# Beyond so many single inputs a reader is better served by their kinds.
MANY_INPUTS = 12


@dataclass(frozen=True, kw_only=True)
class Change:
    """One input that two scenarios set differently; None stands for what the market's tables say."""

    path: Path
    reference: Any
    scenario: Any

    @property
    def input_id(self) -> str:
        """The input's place in a scenario file, such as customers.google.exit."""
        return ".".join(self.path)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Inputs that are changed together: one alone, or all of a kind."""

    group_id: str
    changes: tuple[Change, ...]


def months_of(market: Market, scenario: Scenario) -> int:
    """Return how many months a scenario looks ahead."""
    return scenario.horizon_months or market.horizon_months


def settings_of(market: Market, scenario: Scenario) -> Settings:
    """Return what a scenario sets by path, apart from words and horizon, without what the tables say anyway."""
    content = {key: value for key, value in scenario.to_dict().items() if key not in {*WORDS, HORIZON}}
    return {path: value for path, value in _leaves(content) if not _changes_nothing(market, path, value)}


def changes_between(market: Market, reference: Scenario, scenario: Scenario) -> tuple[Change, ...]:
    """Return every input that two scenarios set differently, in the order of their paths; the horizon is none."""
    before, after = settings_of(market, reference), settings_of(market, scenario)

    def value(settings: Settings, path: Path) -> Any:
        return settings[path] if path in settings else _standing(market, path)

    paths = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    return tuple(Change(path=path, reference=value(before, path), scenario=value(after, path)) for path in paths)


def grouped(market: Market, changes: Sequence[Change]) -> tuple[Group, ...]:
    """Return the inputs one by one, or by kind where there are more than twelve."""
    if len(changes) <= MANY_INPUTS:
        return tuple(Group(group_id=change.input_id, changes=(change,)) for change in changes)
    kinds: dict[str, list[Change]] = {}
    for change in changes:
        kinds.setdefault(kind_of(market, change.path), []).append(change)
    return tuple(Group(group_id=kind, changes=tuple(members)) for kind, members in kinds.items())


def kind_of(market: Market, path: Path) -> str:
    """Return the kind of an input: the group of its slider, or the part of the scenario that holds it."""
    if len(path) == 1:
        return MODEL
    return market.parameters[path[1]].group if path[0] == "parameters" else path[0]


def on_the_way(market: Market, start: Scenario, end: Scenario, changes: Iterable[Change]) -> Scenario:
    """Return the first scenario with some of its inputs set as the second has them.

    Raises `ScenarioError` where the market does not allow the mixture.
    """
    settings, goal = settings_of(market, start), settings_of(market, end)
    for change in changes:
        settings.pop(change.path, None)
        if change.path in goal:
            settings[change.path] = goal[change.path]
    content: dict[str, Any] = {"title": start.title, HORIZON: months_of(market, start)}
    for path, value in settings.items():
        inner = content
        for key in path[:-1]:
            inner = inner.setdefault(key, {})
        inner[path[-1]] = value
    return scenario_from(content, market)


def _standing(market: Market, path: Path) -> Any:
    """Return what holds where a scenario says nothing; None where the tables have a range of their own."""
    if path[0] == "parameters":
        return market.parameters[path[1]].range.central
    return getattr(Scenario(), path[0], None) if len(path) == 1 else None


def _leaves(content: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    for key, value in content.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _changes_nothing(market: Market, path: Path, value: Any) -> bool:
    if path[-1] == "excluded":
        return not value
    return bool(value == _standing(market, path))
