"""A scenario whose inputs are moved: its draws, its uncertain inputs, and runs on uniforms that are given."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.market.market import Market
from shareshift.market.parameters import DEFAULT_DRAWS, Range
from shareshift.model.draws.given import GivenDraws
from shareshift.model.draws.quantiles import quantile
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import Inputs, market_inputs
from shareshift.model.keys import InputKey
from shareshift.results.drivers.figures import figure_values
from shareshift.results.input_words import input_label
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario

# Of what is drawn without a range of its own, which belongs to a customer.
OF_CUSTOMERS = ("exits",)
# The unit of an input without a range: how far up among all draws it lies, 0..1.
CHANCE = "draw"


@dataclass(frozen=True, kw_only=True)
class Driver:
    """An uncertain input: its key, what readers call it, its unit, and its range where it has one of its own."""

    key: InputKey
    label: str
    unit: str
    figure: Range | None

    @property
    def input_id(self) -> str:
        """The key as text, which is the name of its uniforms."""
        return str(self.key)

    def value(self, uniform: Floats) -> Floats:
        """Return the input in its unit; without a range of its own, how far up among all draws it lies, 0..1."""
        return uniform if self.figure is None else quantile(self.figure, uniform)


@dataclass(frozen=True, kw_only=True)
class Study:
    """The draws of a scenario: `values` (figures, draws) in `units`, and `uniforms` (drivers, draws)."""

    market: Market = field(repr=False)
    scenario: Scenario
    held: Draws = field(repr=False)
    drivers: tuple[Driver, ...] = field(repr=False)
    units: dict[str, str] = field(repr=False)
    uniforms: Floats = field(repr=False)
    values: Floats = field(repr=False)

    def row(self, figure: str) -> int:
        """Return the row of a figure in `values`."""
        return list(self.units).index(figure)

    def run(self, count: int, give: Callable[[str], Floats]) -> Floats:
        """Return every figure on uniforms that are given; (figures, count)."""
        return _run(self.market, self.scenario, self.held, GivenDraws(count, give, self.held.seed))[2]


def open_study(market: Market, scenario: Scenario, held: Draws | None = None) -> Study:
    """Run a scenario and find its uncertain inputs; raises `ScenarioError` and `ModelError` as `project` does.

    `held` are the draws to take, the default ones where none are given.
    """
    held = held or Draws(DEFAULT_DRAWS)
    given = GivenDraws(held.count, held.uniform, held.seed)
    inputs, units, values = _run(market, scenario, held, given)
    drivers = tuple(_drivers(market, inputs, given.asked))
    uniforms = np.array([given.uniform(driver.input_id) for driver in drivers]).reshape(len(drivers), held.count)
    return Study(
        market=market, scenario=scenario, held=held, drivers=drivers, units=units, uniforms=uniforms, values=values
    )


def _run(market: Market, scenario: Scenario, held: Draws, given: GivenDraws) -> tuple[Inputs, dict[str, str], Floats]:
    # What the tables say is the same for every run.
    tables = held.stage("baseline", market.digest, lambda: market_inputs(market))
    given.stage("baseline", market.digest, lambda: tables)
    run = project(market, scenario, given.count, given.seed, held=given, flows=False)
    return run.inputs, *figure_values(run)


def _drivers(market: Market, inputs: Inputs, asked: Iterable[str]) -> Iterable[Driver]:
    """Yield the inputs that the model has drawn and that are not certain."""
    known = {str(key): key for key in inputs.ranges}
    for name in asked:
        kind, _, owner = name.partition(":")
        place = "customer" if kind in OF_CUSTOMERS else "vendor"
        key = known.get(name) or InputKey(kind, **{place: owner})
        figure = inputs.ranges.get(key)
        if figure is None or figure.low < figure.high:
            label, unit = input_label(market, key)
            yield Driver(key=key, label=label, unit=unit if figure else CHANCE, figure=figure)
