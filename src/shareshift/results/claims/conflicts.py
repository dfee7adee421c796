"""All claims at once, as a linear programme: the smallest pool that holds them, which conflict, which to drop.

On one basis and by one deadline: rival k wins at least `low[k]` of the pool P, in-house work takes at least its
claimed share of P, and nobody takes more than its capacity.

    minimise P   subject to   sum_k x[k] + h <= P,   low[k] <= x[k] <= capacity[k],   share P <= h <= in-house capacity

Solved with HiGHS (Huangfu and Hall 2018) through scipy.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from shareshift.results.rows import finite

# Sets of claims up to this size are all tried for the smallest conflict; beyond, claims are struck one by one.
TRIED_SIZE = 4


@dataclass(frozen=True, kw_only=True)
class Demands:
    """What claims ask of one pool: amounts for rivals, at most one share for in-house work, all within capacity."""

    names: tuple[str, ...]
    low: tuple[float, ...]
    capacity: tuple[float, ...]
    weight: tuple[float, ...]
    in_house: str | None = None
    in_house_share: float = 0.0
    in_house_capacity: float = np.inf
    in_house_weight: float = 0.0

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims by name, the in-house one last."""
        return self.names if self.in_house is None else (*self.names, self.in_house)

    def only(self, kept: Sequence[int]) -> "Demands":
        """Return the demands of some of the claims, given by their position among `claims`."""
        rivals = [i for i in kept if i < len(self.names)]
        house = len(self.names) in kept
        return replace(
            self,
            names=tuple(self.names[i] for i in rivals),
            low=tuple(self.low[i] for i in rivals),
            capacity=tuple(self.capacity[i] for i in rivals),
            weight=tuple(self.weight[i] for i in rivals),
            in_house=self.in_house if house else None,
            in_house_share=self.in_house_share if house else 0.0,
        )


def smallest_pool(demands: Demands) -> float | None:
    """Return the smallest pool in which all claims hold within everybody's capacity; None where there is none."""
    from scipy.optimize import linprog

    count = len(demands.names)
    # Unknowns: the pool, what each rival wins, what is built in-house. Scaled, because the solver's tolerances are.
    scale = max([*demands.low, 1.0])
    together = np.concatenate([[-1.0], np.ones(count + 1)])
    wave = np.concatenate([[demands.in_house_share], np.zeros(count), [-1.0]])
    bounds: list[tuple[float, float | None]] = [(0.0, None)]
    for low, capacity in zip(demands.low, demands.capacity, strict=True):
        if low > capacity:
            return None
        bounds.append((low / scale, finite(capacity / scale)))
    bounds.append((0.0, finite(demands.in_house_capacity / scale)))
    cost = np.concatenate([[1.0], np.zeros(count + 1)])
    found = linprog(cost, A_ub=np.array([together, wave]), b_ub=np.zeros(2), bounds=bounds, method="highs")
    return float(found.fun) * scale if found.success else None


def smallest_conflict(count: int, conflicts: Callable[[tuple[int, ...]], bool]) -> tuple[int, ...]:
    """Return a smallest set of positions below `count` that conflict; empty where all together do not.

    Sets of up to TRIED_SIZE are tried in order of size; larger ones by striking whatever the conflict does not need,
    which gives a set that no claim can be taken from, though perhaps not the smallest.
    """
    everything = tuple(range(count))
    if not conflicts(everything):
        return ()
    for size in range(1, min(count, TRIED_SIZE) + 1):
        for chosen in combinations(everything, size):
            if conflicts(chosen):
                return chosen
    kept = everything
    for position in everything:
        rest = tuple(i for i in kept if i != position)
        kept = rest if rest and conflicts(rest) else kept
    return kept


def smallest_drop(demands: Demands, pool: float) -> tuple[int, ...]:
    """Return the positions of the fewest claims to drop so that the rest fits a pool; the less credible of equals.

    A mixed-integer programme: keep[k] in 0..1, x[k] >= low[k] keep[k], the sum of all within the pool.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    low = [*demands.low, *([] if demands.in_house is None else [demands.in_house_share * pool])]
    capacity = [*demands.capacity, *([] if demands.in_house is None else [demands.in_house_capacity])]
    weight = [*demands.weight, *([] if demands.in_house is None else [demands.in_house_weight])]
    if not low:
        return ()
    scale = max(pool, 1.0)
    # At the optimum every kept claim takes its low end, so that the amounts drop out of the programme.
    fits = np.array([amount <= most for amount, most in zip(low, capacity, strict=True)], dtype=np.float64)
    reward = 1.0 + np.array(weight) / (2 * len(low))
    found = milp(
        -reward,
        constraints=LinearConstraint(np.array([low]) / scale, ub=pool / scale),
        bounds=Bounds(0.0, fits),
        integrality=np.ones(len(low)),
    )
    return tuple(i for i, keep in enumerate(found.x) if keep < 0.5)


def fits(demands: Demands, pool: float) -> bool:
    """Return whether all claims hold in a pool within everybody's capacity."""
    smallest = smallest_pool(demands)
    in_house = demands.in_house_share * pool <= demands.in_house_capacity
    return smallest is not None and smallest <= pool * (1 + 1e-9) and in_house
