"""What can be compared, what the reader chose, and whether it is still what it was when it was chosen."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shareshift.basics.errors import ShareshiftError
from shareshift.basics.version import __version__
from shareshift.market.market import Market
from shareshift.results.compare.alike import FEWEST, MOST
from shareshift.scenario.address import MadeOn
from shareshift.scenario.scenario import Scenario
from shareshift.ui.saved.opening import the_store
from shareshift.ui.saved.saved import read_content, saved_scenarios

if TYPE_CHECKING:
    from shareshift.store.records import Version

CURRENT = "current"
VERSION = "."


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A scenario that can be compared; `scenario` is None, and `faults` say why, where the tables do not allow it.

    `version` is that of a saved scenario, else 0. `other_tables` says that it was saved on other tables or by
    another version of the program; `same_as` names the preset that the sliders do not differ from.
    """

    choice_id: str
    kind: str
    title: str
    scenario: Scenario | None
    version: int = 0
    faults: tuple[str, ...] = ()
    other_tables: bool = False
    same_as: str = ""

    @property
    def label(self) -> str:
        """What the reader picks from."""
        marks = {"current": "as the sliders stand", "saved": f"saved, version {self.version}"}
        words = [marks[self.kind]] if self.kind in marks else []
        words += ["does not fit these tables"] if self.faults else ["other tables"] if self.other_tables else []
        return f"{self.title} ({'; '.join(words)})" if words else self.title

    @property
    def in_link(self) -> str:
        """How an address names it: a saved scenario with its version, so that a link always says the same."""
        return f"{self.choice_id}{VERSION}{self.version}" if self.kind == "saved" else self.choice_id


@dataclass(kw_only=True)
class Chosen:
    """The scenarios on the page, the reference first, each as it was when it was chosen.

    `made_on` names the other tables or version that a link was made on, `seen` is what the address said last, and
    `sliders` what the sliders said last.
    """

    digest: str
    taken: dict[str, Choice]
    refused: list[str] = field(default_factory=list)
    made_on: MadeOn | None = None
    seen: str | None = None
    sliders: Scenario | None = None

    @property
    def usable(self) -> list[Choice]:
        """The scenarios that can be run."""
        return [choice for choice in self.taken.values() if choice.scenario is not None]


def choices_of(market: Market, presets: Mapping[str, Scenario], current: Scenario) -> dict[str, Choice]:
    """Return everything that can be compared: what the sliders say, the market's presets, and saved scenarios."""
    same = next((name for name, preset in presets.items() if preset == current), "")
    found = [Choice(choice_id=CURRENT, kind="current", title=current.title, scenario=current, same_as=same)]
    found += [Choice(choice_id=name, kind="preset", title=one.title, scenario=one) for name, one in presets.items()]
    found += [
        Choice(
            choice_id=key,
            kind="saved",
            title=one.title,
            scenario=None if one.faults else one.scenario,
            version=one.version,
            faults=one.faults,
            other_tables=not one.current,
        )
        for key, one in saved_scenarios(market).items()
    ]
    return {choice.choice_id: choice for choice in found}


def with_guests(choices: Mapping[str, Choice], chosen: Chosen, market: Market) -> dict[str, Choice]:
    """Return the choices with the latest version of every chosen scenario that is not in the reader's own list."""
    guests = {}
    for key, taken in chosen.taken.items():
        if taken.kind == "saved" and key not in choices:
            # Where the store does not answer, the scenario stays as it was chosen.
            with contextlib.suppress(ShareshiftError):
                guests[key] = saved_choice(the_store().latest(key), market)
    return {**choices, **guests}


def saved_choice(found: Version, market: Market) -> Choice:
    """Return a saved version as a choice, checked against the tables of today."""
    scenario, faults = read_content(found.content, market, found.title)
    return Choice(
        choice_id=found.scenario_id,
        kind="saved",
        title=found.title,
        scenario=None if faults else scenario,
        version=found.number,
        faults=tuple(faults),
        other_tables=(found.market_digest, found.engine_version) != (market.digest, __version__),
    )


def follow_sliders(chosen: Chosen, choices: Mapping[str, Choice]) -> None:
    """Let what the sliders say take part as it stands; a move lets it join where there is a place."""
    now = choices[CURRENT]
    moved = chosen.sliders is not None and chosen.sliders != now.scenario
    chosen.sliders = now.scenario
    if CURRENT in chosen.taken or (moved and not now.same_as and len(chosen.taken) < MOST):
        chosen.taken[CURRENT] = now


def offered(chosen: Chosen, choices: Mapping[str, Choice]) -> dict[str, Choice]:
    """Return what can be picked: sliders that say no more than a preset are that preset, unless they take part."""
    others = {key: choice for key, choice in choices.items() if key not in chosen.taken and not choice.same_as}
    return {**chosen.taken, **others}


def sliders_left_out(chosen: Chosen, choices: Mapping[str, Choice]) -> bool:
    """Say whether the sliders say something of their own that takes no part."""
    return CURRENT not in chosen.taken and not choices[CURRENT].same_as


def stale(chosen: Chosen, choices: Mapping[str, Choice]) -> dict[str, str]:
    """Return by id a sentence for every chosen scenario, but the sliders, that has changed since it was chosen."""
    sentences = {}
    for key, taken in chosen.taken.items():
        now = choices.get(key)
        if now is None or (now.scenario, now.version) == (taken.scenario, taken.version):
            continue
        if taken.kind == "saved" and now.version != taken.version:
            words = f"“{taken.title}” has a version {now.version}; the comparison shows version {taken.version}."
        else:
            words = f"“{taken.title}” has changed; the comparison shows it as it was before."
        sentences[key] = words
    return sentences


def take_new(chosen: Chosen, choices: Mapping[str, Choice], keys: list[str]) -> None:
    """Let the comparison go on with scenarios as they are now."""
    for key in keys:
        chosen.taken[key] = choices[key]


def pick(chosen: Chosen, choices: Mapping[str, Choice], keys: list[str]) -> None:
    """Take over which scenarios the reader wants; those that were there already stay as they were chosen."""
    before = chosen.taken
    chosen.taken = {key: before.get(key) or choices[key] for key in keys if key in before or key in choices}
    chosen.refused = []


def refer_to(chosen: Chosen, key: str) -> None:
    """Make a scenario the reference, by putting it first; one that was taken off meanwhile cannot be."""
    if key not in chosen.taken:
        return
    chosen.taken = {key: chosen.taken[key], **chosen.taken}


def count_words(chosen: Chosen) -> str | None:
    """Say what to do where too few scenarios can be compared."""
    if len(chosen.usable) >= FEWEST:
        return None
    names = [f"“{choice.title}”" for choice in chosen.usable]
    return (
        f"Choose two to four scenarios{f' besides {names[0]}' if names else ''} to see what sets them apart.".replace(
            "two to four scenarios besides", "one to three scenarios besides"
        )
    )
