"""The target finder's answer as a frame with a sentence for each slider."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from shareshift.basics.formats import percent, quantity
from shareshift.market.market import Market
from shareshift.market.parameters import Parameter
from shareshift.results.claims.targets import EVEN
from shareshift.results.rows import numbers, texts
from shareshift.results.targets import Target
from shareshift.scenario.scenario import Scenario

TARGETS = (
    texts("scenario", "parameter_id", "label", "unit")
    | numbers("target", "present_value", "present_result", "value", "result")
    | numbers("best_value", "best_result", "nearest_value")
    | texts("words")
)


def targets_table(market: Market, scenario: Scenario, targets: Iterable[Target]) -> pl.DataFrame:
    """Return one row per slider: where it stands, the value that reaches even odds, and a sentence.

    `value` is empty where even odds are outside this slider's reach; `best_value` and `best_result` say how near it
    comes. Results are probabilities.
    """
    rows = []
    for found in targets:
        parameter = market.parameters[found.parameter_id]
        slider = (scenario.title, found.parameter_id, parameter.label, parameter.unit)
        reached = (EVEN, found.present, found.now, found.value, found.reached)
        rows.append((*slider, *reached, found.best_value, found.best, found.nearest, _words(parameter, found)))
    return pl.DataFrame(rows, schema=TARGETS, orient="row")


def _words(parameter: Parameter, found: Target) -> str:
    if np.isnan(found.now) and np.isnan(found.best):
        return "It cannot be tested in this run."
    best_value = quantity(found.best_value, parameter.unit)
    if found.value is None and found.best == 0:
        return f"Not within this slider's range: it fails in every simulation; closest at {best_value}."
    if found.value is None:
        return f"Not within this slider's range: at best {_chance(found.best)}, at {best_value}."
    now = quantity(found.present, parameter.unit)
    return f"50/50 at {quantity(found.value, parameter.unit)} ({_chance(found.best)}; now {now})."


def _chance(probability: float) -> str:
    return percent(probability, 0 if probability in {0.0, 1.0} or 0.01 <= probability <= 0.99 else 1)
