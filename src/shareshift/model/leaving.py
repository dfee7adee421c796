"""Who begins to leave and when, and how much of its budget each has moved by each month."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from shareshift.basics.arrays import Floats, Indices, Mask
from shareshift.basics.months import mid_month
from shareshift.basics.threads import each_block
from shareshift.model.choices import KEPT_BYTES
from shareshift.model.draws.quantiles import normal
from shareshift.model.equations.departures import depart, months_of
from shareshift.model.equations.exits import (
    chance_by,
    conditional_exit,
    exit_thresholds,
    share_gone,
    shifted_probability,
    start_months,
)
from shareshift.model.keys import InputKey
from shareshift.model.view import View

# Who has left or is leaving starts with the event; everybody else decides within a time.
DECIDED = ("left", "leaving")
# Which part of its leaving budget each customer has moved in some months, for a block of draws: (months, customers,
# block), 0..1.
Moved = Callable[[slice, slice], Floats]


@dataclass(frozen=True, kw_only=True)
class Departures:
    """Who begins to leave; the last of n = draws + 1 is the central path, which takes every start at its probability.

    `chance` (customers, n) holds by `decision` (n,) months, or at the event where `decided` (customers,); `starts`
    (customers, n) are months after the event, infinite for never. Rows of many `firms` (customers,) begin in part: with
    the `common` factor (draws,) and `contagion` (draws,) known each firm by itself, one more above each of
    `thresholds`.
    """

    chance: Floats
    decision: Floats
    decided: Mask
    starts: Floats
    firms: Floats
    common: Floats
    contagion: Floats
    thresholds: Mapping[int, Floats]

    def probability(self, at: Floats | float) -> Floats:
        """Return the chance of each customer to have begun `at` months after the event; (..., customers, n)."""
        by = chance_by(self.chance, self.decision, at)
        return np.where(self.decided[:, None], self.chance, by)

    def begun(self, at: float) -> Floats:
        """Return which part of each customer has begun to leave `at` months after the event; (customers, n), 0..1."""
        found = (self.starts <= at).astype(np.float64)
        for row in self.pools:
            found[row] = self.begun_of(int(row), at)
        found[:, -1] = self.probability(at)[:, -1]
        return found

    def begun_of(self, row: int, at: Floats | float) -> Floats:
        """Return the same of one row; (n,), or (times, n) for several, (times, 1)."""
        by = chance_by(self.chance[row], self.decision, at)
        by = np.broadcast_to(self.chance[row], by.shape) if self.decided[row] else by
        if self.firms[row] == 1:
            return np.concatenate([(self.starts[row, :-1] <= at).astype(np.float64), by[..., -1:]], axis=-1)
        known = conditional_exit(by[..., :-1], self.common, self.contagion)
        if row in self.thresholds:
            thresholds = self.thresholds[row]
            known = sum((known > one for one in thresholds), np.zeros(known.shape)) / len(thresholds)
        return np.concatenate([known, by[..., -1:]], axis=-1)

    @property
    def pools(self) -> Indices:
        """The rows that stand for many firms."""
        return np.flatnonzero(self.firms > 1)


def departures_of(view: View) -> Departures:
    """Draw who begins to leave, and when."""
    facts = view.facts
    customers, stances = facts.customers, facts.stances
    stated = [view.own_or_common(InputKey("exit", c), f"exit_{stances[c]}") for c in customers]
    chance = shifted_probability(np.array(stated), view.value("exodus"))
    decision, decided = view.value("decision_months"), np.array([stances[c] in DECIDED for c in customers])
    uniform = np.array([view.uniform("exits", customer) for customer in customers])
    common, contagion = normal(view.uniform("exits")), view.value("contagion")[:-1]
    # One-factor Gaussian copula: who leaves is correlated, each with its own chance.
    latent = np.sqrt(contagion) * common + np.sqrt(1 - contagion) * np.array([normal(row) for row in uniform])
    level = np.concatenate([ndtr(latent), np.full((len(customers), 1), 0.5)], axis=1)
    at_once = np.where((level < chance) | (chance >= 1), 0.0, np.inf)
    return Departures(
        chance=chance,
        decision=decision,
        decided=decided,
        starts=np.where(decided[:, None], at_once, start_months(level, chance, decision)),
        firms=facts.firms,
        common=common,
        contagion=contagion,
        thresholds=view.stage("thresholds", _thresholds),
    )


def _thresholds(view: View) -> Mapping[int, Floats]:
    rows = enumerate(zip(view.facts.customers, view.facts.firms, strict=True))
    return {row: exit_thresholds(view.uniform("exits", c), firms) for row, (c, firms) in rows if 1 < firms < np.inf}


def moved_of(view: View) -> Moved:
    """Return which part of each customer's leaving budget has moved by each month."""
    who = view.stage("departures", departures_of)
    months, event, count = view.horizon_months, view.facts.event_date, view.count
    timing = view.value("lag"), view.value("half_life"), view.value("timing_shape")
    middle = mid_month(months, event)
    at_once, later = share_gone(middle, *timing), share_gone(np.arange(months, dtype=np.float64), *timing)
    before = float(middle[0]) - 0.5
    ends = np.array([0.0, *(before + np.arange(1.0, months + 1))])[:, None]
    pool = np.full(len(who.chance), -1)
    pool[who.pools] = np.arange(len(who.pools))
    begun = np.empty((len(who.pools), months + 1, count))
    for row in who.pools:
        begun[pool[row]] = who.begun_of(int(row), ends)
    numbers = months_of(who.starts, before)
    central = who.probability(ends[:, :, None])[..., -1]
    on_average = central[0] * at_once[:, -1:]
    for month, some in enumerate(np.diff(central, axis=0)):
        on_average[month:] += some * later[: months - month, -1:]

    def moved(some: slice, block: slice) -> Floats:
        first, then, pools = (np.ascontiguousarray(part[..., block]) for part in (at_once, later, begun))
        start, stop, _ = some.indices(months)
        found = np.empty((stop - start, len(numbers), first.shape[1]))
        depart(np.ascontiguousarray(numbers[:, block]), start, pool, pools, first, then, found)
        if block.indices(count)[1] == count:
            found[:, :, -1] = on_average[some]
        return found

    if months * numbers.size * 8 > KEPT_BYTES:
        return moved
    whole = np.empty((months, *numbers.shape))

    def fill(block: slice) -> None:
        whole[..., block] = moved(slice(None), block)

    each_block(count, fill)
    return lambda some, block: whole[some, :, block]
