"""The target finder: the value of one slider at which a chosen result is reached, or how near it comes.

Every run uses the same draws (common random numbers), so that the result moves with the slider alone. A coarse scan
of the slider's range brackets the target; bisection narrows the bracket to one step of the slider.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from shareshift.claims import known_claims
from shareshift.credibility import Key
from shareshift.draws import Draws
from shareshift.errors import ModelError
from shareshift.formats import percent, quantity
from shareshift.market import Market
from shareshift.measuring import measure_claims
from shareshift.parameters import Parameter
from shareshift.projection import Projection, project
from shareshift.scenario import Scenario

TARGET_DRAWS = 1024
SCANNED = 5
EVEN = 0.5


@dataclass(frozen=True, kw_only=True)
class Reach:
    """A result of one run; `nearest` and `distance` say, in a claim's unit, how near its nearest draw comes."""

    result: float
    nearest: float | None = None
    distance: float = 0.0


Measure = Callable[[Projection], Reach]


@dataclass(frozen=True, kw_only=True)
class Target:
    """What one slider can do for a result, all else as in the scenario.

    `value` is the step of the slider nearest to its present place at which the result has crossed the target, None
    where it never does; `reached` is the result there. `best_value` and `best` say how near the slider brings it, and
    `nearest` the value of the nearest draw there; `present` and `now` say where the slider and the result stand.
    """

    parameter_id: str
    present: float
    now: float
    value: float | None
    reached: float | None
    best_value: float
    best: float
    nearest: float | None


def chance_of(market: Market, key: Key) -> Measure:
    """Return the measure that is the probability of one reading of a claim in a run; NaN where it is not tested."""
    claims = tuple(claim for claim in known_claims(market) if claim.key == key)

    def chance(run: Projection) -> Reach:
        found = measure_claims(run, claims)[0]
        if found.nearest is None:
            return Reach(result=float("nan"))
        distance = max(found.claim.least - found.nearest, found.nearest - found.claim.most, 0.0)
        return Reach(result=float(found.holds.mean()), nearest=found.nearest, distance=distance)

    return chance


def find_targets(
    market: Market,
    scenario: Scenario,
    measure: Measure,
    *,
    target: float = EVEN,
    parameters: Iterable[str] | None = None,
    draws: int = TARGET_DRAWS,
    seed: int = 0,
) -> tuple[Target, ...]:
    """Return for each slider, by default those in view, what it takes to bring a result to a target.

    `measure` is any number of a run, such as `chance_of(market, key)`. Sliders of no width are left out. Takes about
    ten runs a slider that reaches the target, five for one that does not.
    """
    held = Draws(draws, seed)
    names = [name for name, p in market.parameters.items() if p.in_view] if parameters is None else list(parameters)

    @cache
    def at(name: str | None, value: float | None) -> Reach:
        moved = scenario if name is None or value is None else scenario.with_parameters(**{name: value})
        try:
            return measure(project(market, moved, draws, seed, held=held))
        except ModelError:
            return Reach(result=float("nan"))

    found = []
    for name in names:
        parameter = market.parameters[name]
        if parameter.minimum < parameter.maximum:
            present = scenario.parameters.get(name, parameter.range.central)
            found.append(_search(parameter, present, at(None, None), lambda v, n=name: at(n, v), target))  # type: ignore[misc]
    return tuple(found)


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


def _search(
    parameter: Parameter, present: float, now: Reach, result: Callable[[float], Reach], target: float
) -> Target:
    """Scan a slider on its own steps, bracket the target nearest to the present place, and bisect."""
    last = round((parameter.maximum - parameter.minimum) / parameter.step)
    place = min(max(round((present - parameter.minimum) / parameter.step), 0), last)

    def value(step: int) -> float:
        # Rounded, because 0.1 + 2 * 0.05 is not 0.2 in binary and a link would carry all its digits.
        return min(round(parameter.minimum + step * parameter.step, 10), parameter.maximum)

    reaches: dict[int, Reach] = {}

    def gap(step: int) -> float:
        reaches[step] = now if step == place else result(value(step))
        return reaches[step].result - target

    scanned = {*(round(i * last / (SCANNED - 1)) for i in range(SCANNED)), place}
    gaps = {step: found for step in sorted(scanned) if not np.isnan(found := gap(step))}
    far = _crossing(gaps, place, gap)
    ends = {"parameter_id": parameter.parameter_id, "present": present, "now": now.result}
    if not gaps:
        nowhere = Reach(result=float("nan"))
        return _target(ends, None, present, nowhere)
    # Where no draw reaches the claim, the nearest draw still says which way is nearer.
    best = min(gaps, key=lambda step: (abs(gaps[step]), reaches[step].distance, abs(step - place)))
    best = best if far is None else far
    return _target(ends, None if far is None else value(far), value(best), reaches[best])


def _crossing(gaps: dict[int, float], place: int, gap: Callable[[int], float]) -> int | None:
    """Bisect the bracket nearest to the present place; return the first step beyond the target, None without one."""
    pairs = [(a, b) for a, b in pairwise(sorted(gaps)) if (gaps[a] < 0) != (gaps[b] < 0)]
    if not pairs:
        return None
    near, far = min(pairs, key=lambda pair: min(abs(pair[0] - place), abs(pair[1] - place)))
    if abs(far - place) < abs(near - place):
        near, far = far, near
    while abs(far - near) > 1:
        middle = (near + far) // 2
        gaps[middle] = gap(middle)
        if (gaps[middle] < 0) == (gaps[near] < 0):
            near = middle
        else:
            far = middle
    return far


def _target(ends: dict[str, Any], value: float | None, best_value: float, best: Reach) -> Target:
    reached = None if value is None else best.result
    return Target(**ends, value=value, reached=reached, best_value=best_value, best=best.result, nearest=best.nearest)


def _words(parameter: Parameter, found: Target) -> str:
    if np.isnan(found.now) and np.isnan(found.best):
        return "It cannot be tested in this run."
    best_value = quantity(found.best_value, parameter.unit)
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
