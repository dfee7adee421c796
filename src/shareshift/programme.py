"""All claims at once, as a linear programme: the smallest pool that holds them, which conflict, which to drop.

On one basis and by one deadline: rival k wins at least `low[k]` of the pool P, in-house work takes at least its
claimed share of P, and nobody takes more than its room.

    minimise P   subject to   sum_k x[k] + h <= P,   low[k] <= x[k] <= room[k],   share P <= h <= in-house room

Solved with HiGHS (Huangfu and Hall 2018) through scipy.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl

from shareshift.claims import Measured
from shareshift.credibility import by_weight, credibility
from shareshift.projection import Projection
from shareshift.subscription import Subscription

# Sets of claims up to this size are all tried for the smallest conflict; beyond, claims are struck one by one.
TRIED_SIZE = 4
LEVELS = ("mean", "p95")


@dataclass(frozen=True, kw_only=True)
class Demands:
    """What claims ask of one pool: amounts for rivals, at most one share for in-house work, and everybody's room."""

    names: tuple[str, ...]
    low: tuple[float, ...]
    room: tuple[float, ...]
    weight: tuple[float, ...]
    in_house: str | None = None
    in_house_share: float = 0.0
    in_house_room: float = np.inf
    in_house_weight: float = 0.0

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims by name, the in-house one last."""
        return self.names if self.in_house is None else (*self.names, self.in_house)

    def only(self, kept: Sequence[int]) -> "Demands":
        """Return the demands of some of the claims, given by their position among `claims`."""
        rivals = [i for i in kept if i < len(self.names)]
        part = {name: tuple(getattr(self, name)[i] for i in rivals) for name in ("names", "low", "room", "weight")}
        house = {"in_house": None, "in_house_share": 0.0} if len(self.names) not in kept else {}
        return Demands(**{**vars(self), **part, **house})


def smallest_pool(demands: Demands) -> float | None:
    """Return the smallest pool in which all claims hold within everybody's room; None where there is none."""
    from scipy.optimize import linprog

    count = len(demands.names)
    # Unknowns: the pool, what each rival wins, what is built in-house. Scaled, because the solver's tolerances are.
    scale = max([*demands.low, 1.0])
    together = np.concatenate([[-1.0], np.ones(count + 1)])
    wave = np.concatenate([[demands.in_house_share], np.zeros(count), [-1.0]])
    bounds: list[tuple[float, float | None]] = [(0.0, None)]
    for low, room in zip(demands.low, demands.room, strict=True):
        if low > room:
            return None
        bounds.append((low / scale, _finite(room / scale)))
    bounds.append((0.0, _finite(demands.in_house_room / scale)))
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
        kept = rest if conflicts(rest) else kept
    return kept


def smallest_drop(demands: Demands, pool: float) -> tuple[int, ...]:
    """Return the positions of the fewest claims to drop so that the rest fits a pool; the less credible of equals.

    A mixed-integer programme: keep[k] in 0..1, x[k] >= low[k] keep[k], the sum of all within the pool.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    low = [*demands.low, *([] if demands.in_house is None else [demands.in_house_share * pool])]
    room = [*demands.room, *([] if demands.in_house is None else [demands.in_house_room])]
    weight = [*demands.weight, *([] if demands.in_house is None else [demands.in_house_weight])]
    if not low:
        return ()
    scale = max(pool, 1.0)
    # At the optimum every kept claim takes its low end, so that the amounts drop out of the programme.
    fits = np.array([amount <= most for amount, most in zip(low, room, strict=True)], dtype=np.float64)
    reward = 1.0 + np.array(weight) / (2 * len(low))
    found = milp(
        -reward,
        constraints=LinearConstraint(np.array([low]) / scale, ub=pool / scale),
        bounds=Bounds(0.0, fits),
        integrality=np.ones(len(low)),
    )
    return tuple(i for i, keep in enumerate(found.x) if keep < 0.5)


def programme_table(run: Projection, parts: Iterable[Subscription], measured: Iterable[Measured]) -> pl.DataFrame:
    """Return one row per basis, deadline and level (the mean, and the 95th percentile, of pool and of every room).

    `smallest_pool` is the smallest pool in which all counted claims hold within the room there is at that level,
    empty where a claim exceeds its own room; `smallest_pool_without_room` ignores room. `conflict` names a smallest
    set of claims that cannot hold together in the pool available, `beyond_room` the claims above their own room and
    `drop` the fewest claims to drop so that the rest fits; names are joined by ;. In-house claims take part on the
    recognised basis, because their share is one of money displaced by the deadline.
    """
    waves = [item for item in measured if item.claim.metric == "in_house_flow" and item.value is not None]
    rows = []
    for part in parts:
        for level in LEVELS:
            demands, pool = demands_of(part, waves, level), float(_at(part.pool, level))
            conflict = smallest_conflict(
                len(demands.claims),
                lambda kept, d=demands, p=pool: not fits(d.only(kept), p),  # type: ignore[misc]
            )
            free = Demands(**{**vars(demands), "room": (np.inf,) * len(demands.room), "in_house_room": np.inf})
            smallest = smallest_pool(demands)
            rows.append(
                {
                    "scenario": run.scenario.title,
                    "basis": part.basis,
                    "unit": part.unit,
                    "deadline": part.deadline,
                    "level": level,
                    "claims": _joined(demands, range(len(demands.claims))),
                    "pool_available": pool,
                    "smallest_pool": smallest,
                    "smallest_pool_without_room": smallest_pool(free),
                    "all_hold": not conflict,
                    "beyond_room": _joined(demands, _beyond_room(demands)),
                    "conflict": _joined(demands, conflict),
                    "drop": _joined(demands, smallest_drop(demands, pool)),
                }
            )
    return pl.DataFrame(rows, schema=_SCHEMA)


def demands_of(part: Subscription, waves: Iterable[Measured], level: str) -> Demands:
    """Return what the counted claims of one basis and deadline ask, with everybody's room at a level."""
    demands = Demands(
        names=tuple(item.claim.claim_id for item in part.counted),
        low=tuple(item.claim.least for item in part.counted),
        room=tuple(float(_at(item.room, level)) for item in part.counted),
        weight=tuple(credibility(item.claim.grade) or 0.0 for item in part.counted),
    )
    due = [w for w in waves if part.basis == "recognised" and w.claim.basis != "run_rate"]
    due = [w for w in due if np.isfinite(w.claim.least) and w.claim.deadline == part.deadline]
    if not due:
        return demands
    best = by_weight(item.claim for item in due)[0]
    wave = next(item for item in due if item.claim.key == best.key)
    # Room and pool of an in-house claim are shares of the displaced money; here they are wanted in dollars.
    room = np.where(part.pool > 0, np.asarray(wave.room) * part.pool, np.asarray(wave.room))
    house = {
        "in_house": best.claim_id,
        "in_house_share": best.least,
        "in_house_room": float(_at(room, level)),
        "in_house_weight": credibility(best.grade) or 0.0,
    }
    return Demands(**{**vars(demands), **house})


def fits(demands: Demands, pool: float) -> bool:
    """Return whether all claims hold in a pool within everybody's room."""
    smallest = smallest_pool(demands)
    in_house = demands.in_house_share * pool <= demands.in_house_room
    return smallest is not None and smallest <= pool * (1 + 1e-9) and in_house


def _beyond_room(demands: Demands) -> list[int]:
    return [i for i, (low, room) in enumerate(zip(demands.low, demands.room, strict=True)) if low > room]


def _at(values: object, level: str) -> np.float64:
    drawn = np.asarray(values, dtype=np.float64)[:-1]
    return np.float64(drawn.mean() if level == "mean" else np.quantile(drawn, 0.95))


def _joined(demands: Demands, positions: Iterable[int]) -> str | None:
    return ";".join(demands.claims[i] for i in positions) or None


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


_SCHEMA: dict[str, pl.DataType] = {
    "scenario": pl.String(),
    "basis": pl.String(),
    "unit": pl.String(),
    "deadline": pl.Date(),
    "level": pl.String(),
    "claims": pl.String(),
    **{name: pl.Float64() for name in ("pool_available", "smallest_pool", "smallest_pool_without_room")},
    "all_hold": pl.Boolean(),
    **{name: pl.String() for name in ("beyond_room", "conflict", "drop")},
}
