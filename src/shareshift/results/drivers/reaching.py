"""Which sliders reach a figure's target: each alone, or the fewest together, and how near they come where none can."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from shareshift.market.market import Market
from shareshift.results.drivers.figures import figure_values
from shareshift.results.projection import Projection
from shareshift.results.rows import flags, headed, numbers, texts
from shareshift.results.targets import Reach, Scan, Target, find_target, movable

# Halvings of the way from where the sliders stand to where they do most.
HALVINGS = 10
MOST_TOGETHER = 4
Progress = Callable[[float], object]
REACH = (
    texts("figure", "figure_unit")
    | numbers("target")
    | texts("parameter_id", "label", "unit")
    | numbers("present_value", "value", "result", "move_share")
    | flags("reached")
)


@dataclass(frozen=True, kw_only=True)
class Together:
    """The fewest sliders found that reach a target: where each goes, and what the figure then is."""

    values: Mapping[str, float]
    result: float
    reached: bool


def figure_means(run: Projection) -> Mapping[Hashable, Reach]:
    """Return the mean of every figure of a run."""
    units, values = figure_values(run)
    return {name: Reach(result=float(row.mean())) for name, row in zip(units, values, strict=True)}


def each_alone(scan: Scan, figure: str, target: float, progress: Progress = lambda _: None) -> list[Target]:
    """Return what each slider in view does for the mean of a figure."""
    names = movable(scan.market)
    found = []
    for done, name in enumerate(names, start=1):
        found.append(find_target(scan, figure, name, target))
        progress(done / len(names))
    return found


def fewest_together(scan: Scan, figure: str, target: float, alone: list[Target]) -> Together:
    """Return the fewest sliders that bring the mean of a figure to a target, moved as little as they can be together.

    One slider alone where one can: the one that moves least of its range. Else the slider that brings it nearest goes
    where it does so, then the next, each chosen with the ones before it moved; then all are drawn back alike, as far as
    the target lets them. At most four; where they do not reach it, the answer is how near they come.
    """
    if able := [one for one in alone if one.value is not None and one.reached is not None]:
        best = min(
            able, key=lambda one: (_moved(scan.market, one.parameter_id, one.present, one.value), one.parameter_id)
        )
        return Together(values={best.parameter_id: best.value or 0.0}, result=best.reached or 0.0, reached=True)
    now = scan.at(figure, None).result
    values: dict[str, float] = {}
    result = now
    while len(values) < MOST_TOGETHER:
        here = scan.moved(values)
        rest = [one for one in alone if one.parameter_id not in values]
        tried = {one.parameter_id: here.at(figure, (one.parameter_id, one.best_value)).result for one in rest}
        known = {name: abs(found - target) for name, found in tried.items() if not np.isnan(found)}
        name = min(known, key=lambda name: (known[name], name), default=None)
        if name is None or known[name] >= abs(result - target):
            break
        values[name], result = next(one.best_value for one in rest if one.parameter_id == name), tried[name]
        if (result < target) != (now < target):
            present = {one.parameter_id: one.present for one in alone}
            return _drawn_back(scan, figure, target, values, {name: present[name] for name in values})
    return Together(values=values, result=result, reached=False)


def reach_tables(
    scan: Scan, figure: str, unit: str, target: float, progress: Progress = lambda _: None
) -> dict[str, pl.DataFrame]:
    """Return what reaches a target of the mean of a figure, by the name of its file: sliders alone, and together.

    `value` is where a slider reaches it, or where it comes nearest; `move_share` is how much of its range it moves for
    that, `result` the mean that is then reached.
    """
    alone = each_alone(scan, figure, target, progress)
    together = fewest_together(scan, figure, target, alone)
    present = {one.parameter_id: one.present for one in alone}

    def row(name: str, value: float, result: float, reached: bool) -> tuple[object, ...]:
        slider = scan.market.parameters[name]
        moved = _moved(scan.market, name, present[name], value)
        return figure, unit, target, name, slider.label, slider.unit, present[name], value, result, moved, reached

    rows = {
        "targets": [
            row(one.parameter_id, one.best_value, one.best, False)
            if one.value is None or one.reached is None
            else row(one.parameter_id, one.value, one.reached, True)
            for one in alone
        ],
        "targets_together": [
            row(name, value, together.result, together.reached) for name, value in together.values.items()
        ],
    }
    frames = {name: pl.DataFrame(found, schema=REACH, orient="row") for name, found in rows.items()}
    frames["targets"] = frames["targets"].sort(
        ~pl.col("reached"),
        pl.when("reached").then("move_share").otherwise((pl.col("result") - target).abs()),
        "parameter_id",
        nulls_last=True,
    )
    return {name: headed(frame, scenario=scan.scenario.title) for name, frame in frames.items()}


def _moved(market: Market, name: str, present: float, value: float | None) -> float:
    slider = market.parameters[name]
    return 0.0 if value is None else abs(value - present) / (slider.maximum - slider.minimum)


def _drawn_back(
    scan: Scan, figure: str, target: float, ends: Mapping[str, float], present: Mapping[str, float]
) -> Together:
    """Draw sliders back from where together they pass a target, all by the same part of their way."""
    beyond = scan.moved(ends).at(figure, None).result < target

    def at(part: float) -> tuple[dict[str, float], float]:
        places = {
            name: _on_step(scan.market, name, start + part * (ends[name] - start)) for name, start in present.items()
        }
        return places, scan.moved(places).at(figure, None).result

    low, high, best = 0.0, 1.0, at(1.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        found = at(middle)
        if (found[1] < target) == beyond and not np.isnan(found[1]):
            high, best = middle, found
        else:
            low = middle
    return Together(values=best[0], result=best[1], reached=True)


def _on_step(market: Market, name: str, value: float) -> float:
    parameter = market.parameters[name]
    step = round((value - parameter.minimum) / parameter.step)
    return min(round(parameter.minimum + step * parameter.step, 10), parameter.maximum)
