"""All claims at once, as a frame: the smallest pool that holds them, which conflict, which to drop."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from shareshift.results.claims.claim import Measured
from shareshift.results.claims.conflicts import Demands, fits, smallest_conflict, smallest_drop, smallest_pool
from shareshift.results.claims.credibility import by_weight, credibility
from shareshift.results.claims.subscription import Subscription
from shareshift.results.projection import Projection

LEVELS = ("mean", "p95")


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
    # Where nothing is displaced the share stands as it is; infinite room times no money would be no number.
    room = np.asarray(wave.room) * np.where(part.pool > 0, part.pool, 1.0)
    house = {
        "in_house": best.claim_id,
        "in_house_share": best.least,
        "in_house_room": float(_at(room, level)),
        "in_house_weight": credibility(best.grade) or 0.0,
    }
    return Demands(**{**vars(demands), **house})


def _beyond_room(demands: Demands) -> list[int]:
    return [i for i, (low, room) in enumerate(zip(demands.low, demands.room, strict=True)) if low > room]


def _at(values: object, level: str) -> np.float64:
    drawn = np.asarray(values, dtype=np.float64)[:-1]
    # Without capacity all room is infinite, and between two infinities there is no quantile to interpolate.
    if np.isinf(drawn).all():
        return np.float64(np.inf)
    return np.float64(drawn.mean() if level == "mean" else np.quantile(drawn, 0.95))


def _joined(demands: Demands, positions: Iterable[int]) -> str | None:
    return ";".join(demands.claims[i] for i in positions) or None


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
