"""Several scenarios made comparable: over the months all have, under titles that tell them apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shareshift.basics.errors import ScenarioError
from shareshift.market.market import Market
from shareshift.results.compare.settings import months_of
from shareshift.scenario.scenario import Scenario

FEWEST, MOST = 2, 4


@dataclass(frozen=True, kw_only=True)
class Alike:
    """Scenarios over the months in common, the first the reference, and a title for each."""

    titles: tuple[str, ...]
    scenarios: tuple[Scenario, ...]


def alike_scenarios(market: Market, scenarios: Sequence[Scenario]) -> Alike:
    """Return two to four scenarios made comparable; raises `ScenarioError` for fewer or more."""
    check_count(len(scenarios))
    return Alike(titles=distinct_titles(scenarios), scenarios=over_common_months(market, scenarios))


def check_count(count: int) -> None:
    """Raise `ScenarioError` unless so many scenarios can be compared."""
    if not FEWEST <= count <= MOST:
        raise ScenarioError(f"{count} scenario{'' if count == 1 else 's'} to compare. Choose two to four.")


def over_common_months(market: Market, scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Return the scenarios over the months that all of them have; a longer run begins with the shorter one."""
    common = min(months_of(market, scenario) for scenario in scenarios)
    return tuple(replace(scenario, horizon_months=common) for scenario in scenarios)


def distinct_titles(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return the titles, a number behind every further scenario of the same title."""
    titles: list[str] = []
    for scenario in scenarios:
        title, number = scenario.title, 1
        while title in titles:
            number += 1
            title = f"{scenario.title} ({number})"
        titles.append(title)
    return tuple(titles)
