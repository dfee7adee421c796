"""The target finder: the value of one slider at which a chosen result is reached, or how near it comes.

Every run uses the same draws (common random numbers), so that the result moves with the slider alone. A coarse scan
of the slider's range brackets the target; bisection narrows the bracket to one step of the slider.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from shareshift.basics.errors import ModelError
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.projection import Projection, project
from shareshift.scenario.scenario import Scenario

TARGET_DRAWS = 1024
SCANNED = 5


@dataclass(frozen=True, kw_only=True)
class Reach:
    """A result of one run; `nearest` and `distance` say, in a claim's unit, how near the nearest draw comes
    where none will do.
    """

    result: float
    nearest: float | None = None
    distance: float = 0.0


Name = Hashable
Measure = Callable[[Projection], Mapping[Name, Reach]]


@dataclass(frozen=True, kw_only=True)
class Target:
    """What one slider can do for a result, all else as in the scenario.

    `value` is the step of the slider nearest to its present place at which the result has crossed the target, None
    where it never does; `reached` is the result there. `best_value` and `best` say how near the slider brings it, and
    `nearest`, where a claim holds in no draw even there, the value of the nearest draw. `present` and `now` say where
    the slider and the result stand.
    """

    parameter_id: str
    present: float
    now: float
    value: float | None
    reached: float | None
    best_value: float
    best: float
    nearest: float | None


class Scan:
    """Runs that differ from a scenario in one slider, each measured once for all results and then let go."""

    def __init__(
        self, market: Market, scenario: Scenario, measure: Measure, *, draws: int = TARGET_DRAWS, seed: int = 0
    ) -> None:
        """Take what every run shares; nothing runs yet."""
        self.market, self.scenario, self.measure = market, scenario, measure
        self._held = Draws(draws, seed)
        self._reaches: dict[tuple[str, float] | None, Mapping[Name, Reach]] = {}

    def moved(self, places: Mapping[str, float]) -> "Scan":
        """Return runs on the same draws that differ from the scenario with these sliders at these values."""
        found = Scan(self.market, self.scenario.with_parameters(**places), self.measure)
        found._held = self._held
        return found

    def at(self, result: Name, place: tuple[str, float] | None) -> Reach:
        """Return a result with one slider at a value, or, for None, with the scenario as it is.

        NaN where the model has no answer for such an input.
        """
        if place not in self._reaches:
            moved = self.scenario if place is None else self.scenario.with_parameters(**dict([place]))
            try:
                run = project(self.market, moved, self._held.count, self._held.seed, held=self._held)
                self._reaches[place] = self.measure(run)
            except ModelError:
                self._reaches[place] = {}
        return self._reaches[place].get(result, Reach(result=float("nan")))


def movable(market: Market) -> tuple[str, ...]:
    """Return the sliders in view that can be moved at all."""
    return tuple(one.parameter_id for one in market.parameters.values() if one.in_view and one.minimum < one.maximum)


def find_target(scan: Scan, result: Name, name: str, target: float) -> Target:
    """Scan one slider on its own steps, bracket the target nearest to where it stands, and bisect."""
    slider, now = scan.market.parameters[name], scan.at(result, None)
    present = float(scan.scenario.parameters.get(name, slider.range.central))
    last = round((slider.maximum - slider.minimum) / slider.step)
    place = min(max(round((present - slider.minimum) / slider.step), 0), last)

    def value(step: int) -> float:
        # Rounded, because 0.1 + 2 * 0.05 is not 0.2 in binary and a link would carry all its digits.
        return min(round(slider.minimum + step * slider.step, 10), slider.maximum)

    reaches: dict[int, Reach] = {}

    def gap(step: int) -> float:
        reaches[step] = now if step == place else scan.at(result, (name, value(step)))
        return reaches[step].result - target

    scanned = {*(round(i * last / (SCANNED - 1)) for i in range(SCANNED)), place}
    gaps = {step: found for step in sorted(scanned) if not np.isnan(found := gap(step))}
    crossed = _crossing(gaps, place, gap)
    if crossed is not None:
        best = crossed
    else:
        # Where no draw reaches the claim, the nearest draw still says which way is nearer.
        best = min(gaps, key=lambda step: (abs(gaps[step]), reaches[step].distance, abs(step - place)), default=place)
    reach = reaches[best]
    return Target(
        parameter_id=name,
        present=present,
        now=now.result,
        value=None if crossed is None else value(crossed),
        reached=None if crossed is None else reach.result,
        best_value=value(best) if gaps else present,
        best=reach.result,
        nearest=reach.nearest,
    )


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
