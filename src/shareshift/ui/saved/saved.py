"""The reader's saved scenarios as choices, each checked against the tables of today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from shareshift.basics.errors import ScenarioError, ShareshiftError
from shareshift.basics.version import __version__
from shareshift.market.market import Market
from shareshift.scenario import address as links
from shareshift.scenario.draft import Origin
from shareshift.scenario.scenario import Scenario
from shareshift.scenario.values import sound_part
from shareshift.store.records import Saved
from shareshift.ui.saved.opening import the_store
from shareshift.ui.saved.owner import this_owner


@dataclass(frozen=True, kw_only=True)
class SavedChoice:
    """The latest version of a saved scenario.

    `scenario` is what of it the tables of today allow, None where it cannot be read at all; `faults` has a sentence
    for every value they do not. `current` says whether it was saved on these tables and this version.
    """

    scenario_id: str
    title: str
    version: int
    market_digest: str
    engine_version: str
    saved_at: datetime
    current: bool
    scenario: Scenario | None
    faults: tuple[str, ...]


def saved_scenarios(market: Market) -> dict[str, SavedChoice]:
    """Return the reader's saved scenarios of this market by id, the last saved first, without archived ones.

    There are none where the store cannot be used; the pages say why in the sidebar.
    """
    try:
        store = the_store()
        found = store.list_saved(this_owner().name)
        choices = {}
        for saved in found:
            if saved.market_name != market.market_id:
                continue
            scenario, faults = _allowed(saved, market)
            choices[saved.scenario_id] = SavedChoice(
                scenario_id=saved.scenario_id,
                title=saved.title,
                version=saved.version,
                market_digest=saved.market_digest,
                engine_version=saved.engine_version,
                saved_at=saved.saved_at,
                current=(saved.market_digest, saved.engine_version) == (market.digest, __version__),
                scenario=scenario,
                faults=tuple(faults),
            )
    except ShareshiftError:
        return {}
    return choices


def _allowed(saved: Saved, market: Market) -> tuple[Scenario | None, list[str]]:
    try:
        return read_content(_content(saved.scenario_id, saved.version), market, saved.title)
    except ShareshiftError as error:
        return None, [str(error)]


def read_content(content: Mapping[str, Any], market: Market, title: str) -> tuple[Scenario | None, list[str]]:
    """Return what the tables of today allow of a kept scenario, None for nothing, and what they do not allow."""
    try:
        return sound_part(content, market, file=title)
    except ScenarioError as error:
        return None, str(error).splitlines()


@st.cache_resource(show_spinner=False, max_entries=256)
def _content(scenario_id: str, version: int) -> Mapping[str, Any]:
    """Return a version's content, which never changes."""
    return the_store().version(scenario_id, version).content


def read_saved(origin: Origin, market: Market) -> tuple[Scenario | None, list[str], links.MadeOn | None]:
    """Return a saved version as far as the tables of today allow, what they do not allow, and what it was made on."""
    try:
        version = the_store().version(origin.saved_id, origin.version)
    except ShareshiftError as error:
        return None, [f"saved={origin.saved_id[:8]}…, version={origin.version}: {error}"], None
    if version.market_name != market.market_id:
        other = f"“{version.title}” was saved for the market {version.market_name}. Open that market."
        return None, [other], None
    scenario, faults = read_content(version.content, market, version.title)
    return scenario, faults, links.MadeOn(digest=version.market_digest, version=version.engine_version)
