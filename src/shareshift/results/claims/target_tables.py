"""The target finder's answer as a frame with a sentence for each slider."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from shareshift.basics.formats import percent, quantity
from shareshift.market.market import Market
from shareshift.market.parameters import Parameter
from shareshift.results.claims.targets import EVEN, Target
from shareshift.scenario.scenario import Scenario


def targets_table(
    market: Market, scenario: Scenario, targets: Iterable[Target], *, target: float = EVEN
) -> pl.DataFrame:
    """Return one row per slider: where it stands, the value that reaches the target, and a sentence.

    `value` is empty where the target is outside this slider's reach; `best_value` and `best` say how near it comes.
    Results are probabilities where the target is one.
    """
    rows = []
    for found in targets:
        parameter = market.parameters[found.parameter_id]
        rows.append(
            {
                "scenario": scenario.title,
                "parameter_id": found.parameter_id,
                "label": parameter.label,
                "unit": parameter.unit,
                "target": target,
                "present_value": found.present,
                "present_result": found.now,
                "value": found.value,
                "result": found.reached,
                "best_value": found.best_value,
                "best_result": found.best,
                "nearest_value": found.nearest,
                "words": _words(parameter, found),
            }
        )
    return pl.DataFrame(rows, schema=_SCHEMA)


def _words(parameter: Parameter, found: Target) -> str:
    if np.isnan(found.now) and np.isnan(found.best):
        return "It cannot be tested in this run."
    best_value = quantity(found.best_value, parameter.unit)
    if found.value is None and found.best == 0:
        return f"Not within this slider's range: it holds in no draw; the nearest comes at {best_value}."
    if found.value is None:
        return f"Not within this slider's range: at best {_chance(found.best)}, at {best_value}."
    now = quantity(found.present, parameter.unit)
    return f"Even odds at {quantity(found.value, parameter.unit)} ({_chance(found.best)}; now {now})."


def _chance(probability: float) -> str:
    return percent(probability, 0 if probability in {0.0, 1.0} or 0.01 <= probability <= 0.99 else 1)


_SCHEMA: dict[str, pl.DataType] = {
    **{name: pl.String() for name in ("scenario", "parameter_id", "label", "unit")},
    **{name: pl.Float64() for name in ("target", "present_value", "present_result", "value", "result")},
    "best_value": pl.Float64(),
    "best_result": pl.Float64(),
    "nearest_value": pl.Float64(),
    "words": pl.String(),
}
