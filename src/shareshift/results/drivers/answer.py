"""What decides the figures of one scenario: every frame of the answer, for the command line and the page alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.drivers.checks import checks_table, register_table, strongest
from shareshift.results.drivers.learning import learning
from shareshift.results.drivers.study import Driver, Study, open_study
from shareshift.results.drivers.tornado import tornado
from shareshift.results.rows import headed, numbers, texts
from shareshift.scenario.scenario import Scenario

# In a market of many customers most inputs do nothing to any figure, and only these are run one by one.
MOST_INPUTS = 160
POINTS, SHOWN = 400, 2
SCATTER = texts("figure", "input_id", "label", "unit", "figure_unit") | numbers("input_value", "figure_value")
Progress = Callable[[float], object]


@dataclass(frozen=True, kw_only=True)
class Drivers:
    """What decides each figure: `tornado`, `check_next`, `register` and `scatter`, as their functions say.

    `ranked` has the inputs of each figure by how much they do to it, the most first, one row each.
    """

    tornado: pl.DataFrame = field(repr=False)
    check_next: pl.DataFrame = field(repr=False)
    register: pl.DataFrame = field(repr=False)
    scatter: pl.DataFrame = field(repr=False)
    ranked: pl.DataFrame = field(repr=False)

    def of(self, figure: str) -> "Drivers":
        """Return the answer for one figure alone."""
        return Drivers(**{name: frame.filter(figure=figure) for name, frame in self.tables.items()})

    @property
    def files(self) -> dict[str, pl.DataFrame]:
        """Every frame that stands in a file of its own, by its name; the ranks follow from the others."""
        return {name: frame for name, frame in self.tables.items() if name != "ranked"}

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Every frame by its name."""
        return dict(vars(self))


def drivers_of(study: Study, progress: Progress = lambda _: None) -> Drivers:
    """Return what decides every figure of a study; `progress` hears the share done."""
    swings = tornado(study, _candidates(study), progress)
    checks = checks_table(study)
    ranked = {figure: strongest(study, swings, checks, figure) for figure in study.units}
    rows = [(figure, driver.input_id) for figure, drivers in ranked.items() for driver in drivers]
    tables = {
        "tornado": swings,
        "check_next": checks,
        "register": register_table(study, swings),
        "scatter": pl.concat([scatter_table(study, figure, drivers[:SHOWN]) for figure, drivers in ranked.items()]),
        "ranked": pl.DataFrame(rows, schema=texts("figure", "input_id"), orient="row"),
    }
    return Drivers(**{name: headed(frame, scenario=study.scenario.title) for name, frame in tables.items()})


def drivers_in(market: Market, scenario: Scenario, held: Draws, progress: Progress = lambda _: None) -> Drivers:
    """Return what decides every figure of a scenario."""
    return drivers_of(open_study(market, scenario, held), progress)


def ranked_drivers(study: Study, found: Drivers, figure: str) -> list[Driver]:
    """Return the inputs of a study by how much they do to a figure, the most first."""
    by_id = {driver.input_id: driver for driver in study.drivers}
    return [by_id[name] for name in found.of(figure).ranked["input_id"]]


def scatter_table(study: Study, figure: str, drivers: Sequence[Driver]) -> pl.DataFrame:
    """Return some draws of some inputs with what the figure came to in each, evenly taken from all draws."""
    count = study.values.shape[1]
    some = np.unique(np.linspace(0, count - 1, min(POINTS, count)).astype(np.int64))
    places = {driver.input_id: place for place, driver in enumerate(study.drivers)}
    frames = []
    for driver in drivers:
        values = driver.value(study.uniforms[places[driver.input_id]][some])
        words = (figure, driver.input_id, driver.label, driver.unit, study.units[figure])
        rows = zip(values.tolist(), study.values[study.row(figure)][some].tolist(), strict=True)
        frames.append(pl.DataFrame([(*words, *row) for row in rows], schema=SCATTER, orient="row"))
    return pl.concat(frames) if frames else pl.DataFrame(schema=SCATTER)


def _candidates(study: Study) -> list[Driver]:
    if len(study.drivers) <= MOST_INPUTS:
        return list(study.drivers)
    shares, _ = learning(study.uniforms, study.values)
    kept = set(np.argsort(-shares.max(axis=0), kind="stable")[:MOST_INPUTS].tolist())
    return [driver for place, driver in enumerate(study.drivers) if place in kept]
