"""All claims at once, as a frame: the smallest pool that holds them, which conflict, which to drop."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.results.claims.claim import Measured
from shareshift.results.claims.conflicts import Demands, fits, smallest_conflict, smallest_drop, smallest_pool
from shareshift.results.claims.credibility import by_weight, credibility
from shareshift.results.claims.subscription import Subscription
from shareshift.results.projection import Projection
from shareshift.results.rows import days, flags, numbers, texts

LEVELS = ("mean", "p95")
PROGRAMME = (
    texts("scenario", "basis", "unit")
    | days("deadline")
    | texts("level", "claims")
    | numbers("pool_available", "smallest_pool", "smallest_pool_without_room")
    | flags("all_hold")
    | texts("beyond_room", "conflict", "drop")
)


def programme_table(run: Projection, parts: Iterable[Subscription], measured: Iterable[Measured]) -> pl.DataFrame:
    """Return one row per basis, deadline and level (mean or 95th percentile of displaced money and every capacity).

    `smallest_pool` is the smallest pool in which all counted claims hold within the capacity there is at that level,
    empty where a claim exceeds its own capacity; `smallest_pool_without_room` ignores capacity. `conflict` names a
    smallest set of claims that cannot hold together in the pool available, `beyond_room` the claims above their own
    capacity and `drop` the fewest claims to drop so that the rest fits; names are joined by ;. In-house claims take
    part on the recognised basis, because their share is one of money displaced by the deadline.
    """
    waves = [item for item in measured if item.claim.metric == "in_house_flow" and item.tested]
    rows = []
    for part in parts:
        for level in LEVELS:
            demands, pool = demands_of(part, waves, level), _at(part.displaced, level)
            conflict = smallest_conflict(len(demands.claims), partial(_is_too_much, demands, pool))
            free = replace(demands, capacity=(np.inf,) * len(demands.capacity), in_house_capacity=np.inf)
            rows.append(
                {
                    "scenario": run.scenario.title,
                    "basis": part.basis,
                    "unit": part.unit,
                    "deadline": part.deadline,
                    "level": level,
                    "claims": _joined(demands, range(len(demands.claims))),
                    "pool_available": pool,
                    "smallest_pool": smallest_pool(demands),
                    "smallest_pool_without_room": smallest_pool(free),
                    "all_hold": not conflict,
                    "beyond_room": _joined(demands, _beyond_capacity(demands)),
                    "conflict": _joined(demands, conflict),
                    "drop": _joined(demands, smallest_drop(demands, pool)),
                }
            )
    return pl.DataFrame(rows, schema=PROGRAMME)


def demands_of(part: Subscription, waves: Iterable[Measured], level: str) -> Demands:
    """Return what the counted claims of one basis and deadline ask, with everybody's capacity at a level."""
    demands = Demands(
        names=tuple(item.claim.claim_id for item in part.counted),
        low=tuple(item.claim.least for item in part.counted),
        capacity=tuple(_at(_capacity(item), level) for item in part.counted),
        weight=tuple(credibility(item.claim.grade) or 0.0 for item in part.counted),
    )
    due = {w.claim.key: w for w in waves if part.basis == "recognised" and w.claim.basis != "run_rate"}
    due = {k: w for k, w in due.items() if np.isfinite(w.claim.least) and w.claim.deadline == part.deadline}
    if not due:
        return demands
    best = by_weight(item.claim for item in due.values())[0]
    # Capacity of an in-house claim is a share of the displaced money; here it is wanted in dollars. Where nothing is
    # displaced the share stands as it is; infinite capacity times no money would be no number.
    capacity = _capacity(due[best.key]) * np.where(part.displaced > 0, part.displaced, 1.0)
    return replace(
        demands,
        in_house=best.claim_id,
        in_house_share=best.least,
        in_house_capacity=_at(capacity, level),
        in_house_weight=credibility(best.grade) or 0.0,
    )


def _capacity(item: Measured) -> Floats:
    """Return what the winner can take on; (draws + 1,), without end where nothing was said of it."""
    known = item.winnings.capacity if item.winnings else None
    return np.full_like(item.value, np.inf) if known is None else known


def _is_too_much(demands: Demands, pool: float, kept: Sequence[int]) -> bool:
    return not fits(demands.only(kept), pool)


def _beyond_capacity(demands: Demands) -> list[int]:
    return [i for i, (low, most) in enumerate(zip(demands.low, demands.capacity, strict=True)) if low > most]


def _at(values: Floats, level: str) -> float:
    drawn = values[:-1]
    # Without capacity limits all capacity is infinite, and between two infinities lies no quantile.
    if np.isinf(drawn).all():
        return np.inf
    return float(drawn.mean() if level == "mean" else np.quantile(drawn, 0.95))


def _joined(demands: Demands, positions: Iterable[int]) -> str | None:
    return ";".join(demands.claims[i] for i in positions) or None
