"""What decides figures, kept between reruns: small frames by content, never the draws themselves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import polars as pl
import streamlit as st

from shareshift.basics.kept import kept_frames
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.drivers.answer import Drivers, drivers_in, ranked_drivers
from shareshift.results.drivers.indices import Exploration
from shareshift.results.drivers.reaching import figure_means, reach_tables
from shareshift.results.drivers.study import open_study
from shareshift.results.targets import Scan
from shareshift.scenario.scenario import Scenario
from shareshift.ui.shell.cache import Key

K = TypeVar("K")
T = TypeVar("T")
Progress = Callable[[float], object]
# An answer for all figures takes some three megabytes.
MOST = 12


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The scenario that is asked about, on the reader's own draws; `lasting` where its answers outlive the server."""

    market: Market
    scenario: Scenario
    held: Draws
    lasting: bool

    @property
    def key(self) -> Key:
        """What decides over every number."""
        return self.market.digest, self.market.as_of, self.scenario.key, self.held.count, self.held.seed


def drivers_kept(asked: Asked, progress: Progress) -> Drivers:
    """Return what decides every figure of a scenario; `progress` hears how far it is, if it must be run.

    Raises `ScenarioError` and `ModelError` as a projection does.
    """

    def make() -> Mapping[str, pl.DataFrame]:
        return drivers_in(asked.market, asked.scenario, asked.held, progress).tables

    def find() -> Drivers:
        # What a market's own scenarios come to is kept from start to start; what sliders make would fill the disk.
        return Drivers(**(kept_frames(("drivers", *map(str, asked.key)), make) if asked.lasting else make()))

    return _remembered(_answers(), asked.key, find)


def start_exploration(asked: Asked, found: Drivers, figure: str) -> Exploration:
    """Return the runs for one figure's indices, none of which is done."""
    study = open_study(asked.market, asked.scenario, asked.held)
    return Exploration(study=study, figure=figure, drivers=ranked_drivers(study, found, figure))


def indices_kept(asked: Asked, figure: str) -> pl.DataFrame | None:
    """Return a figure's indices where they have been run."""
    return _indices().get((asked.key, figure))


def keep_indices(asked: Asked, figure: str, table: pl.DataFrame) -> None:
    """Keep a figure's indices for whoever asks next."""
    _remembered(_indices(), (asked.key, figure), lambda: table)


def targets_kept(asked: Asked, figure: str, unit: str, target: float, progress: Progress) -> Mapping[str, pl.DataFrame]:
    """Return which sliders bring the mean of a figure to a target; `progress` hears how far it is."""

    def find() -> Mapping[str, pl.DataFrame]:
        scan = Scan(asked.market, asked.scenario, figure_means, seed=asked.held.seed)
        return reach_tables(scan, figure, unit, target, progress)

    return _remembered(_targets(), (asked.key, figure, target), find)


def _remembered(kept: dict[K, T], key: K, find: Callable[[], T]) -> T:
    """Return what is kept under a key, found first where it is not; the oldest go."""
    if key not in kept:
        value = find()
        for oldest in list(kept)[: max(0, len(kept) - MOST + 1)]:
            kept.pop(oldest, None)
        kept[key] = value
        return value
    return kept[key]


# A cached function may not draw on the page while it runs, and these say how far they are.
@st.cache_resource(show_spinner=False)
def _answers() -> dict[Key, Drivers]:
    return {}


@st.cache_resource(show_spinner=False)
def _indices() -> dict[tuple[Key, str], pl.DataFrame]:
    return {}


@st.cache_resource(show_spinner=False)
def _targets() -> dict[tuple[Key, str, float], Mapping[str, pl.DataFrame]]:
    return {}
