"""Capacity explained: who is full and why, what is turned away, where that goes, and what more capacity would bring."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats, Indices
from shareshift.basics.months import MONTHS_PER_YEAR
from shareshift.basics.vocabulary import RESERVED
from shareshift.model.equations.capacity import grown, spare
from shareshift.model.run import Run
from shareshift.results.counting.statistics import STATISTICS, summarise
from shareshift.results.tables.frames import frame_of, tidy

IN_HOUSE = next(iter(RESERVED))
# What a room is made of, and so what binds where it is full; the order settles ties.
LIMITS = ("slack", "monthly_growth", "run_rate")
FIRST_FULL = (5, 50, 95)


@dataclass(frozen=True, kw_only=True)
class Fullness:
    """When each option is full; n = draws + 1, the last being the central path.

    An option is full in a month in which it turns money away. `full_months`, `first_full` (the first such month from
    0, -1 where there is none) and `worth` are (options, n), `limits` (limits, options, n) counts the full months by
    what binds in them, `room_usd` (options, n) is the room of all months.

    `worth` is what an option would win over all months per USD of capacity that it had more in every month. One more
    unit brings one unit in each month in which the option ends full and its capacity at least carries its own
    customers, and nothing in any other; a full option takes what its room is, whatever others do, so nothing that
    happens at others' doors comes back to it.
    """

    full_months: Indices
    first_full: Indices
    worth: Floats
    limits: Indices
    room_usd: Floats


def fullness(run: Run) -> Fullness:
    """Return when each option is full and what binds then.

    Slack binds where most of the room is the slack at the event, monthly growth where most of it has been added
    since, and the run rate where there is no room, because the option's own customers take all it can deliver.
    """
    sample, placed = run.sample, run.migration
    full = placed.turned_away > 0
    options, count = full.shape[1:]
    worth, room = np.zeros((options, count)), np.zeros((options, count))
    limits = np.zeros((len(LIMITS), options, count), dtype=np.int64)
    steady = sample.base / MONTHS_PER_YEAR
    from_slack = steady * sample.slack
    able = steady + from_slack
    for month, growth in enumerate(sample.path[:, 1:]) if run.inputs.capacity else ():
        able = grown(able, sample.capacity_growth)
        left = spare(able, steady, growth, growth[-1])
        idle = from_slack >= able - steady - from_slack
        worth += full[month] & (left >= 0)
        room += np.maximum(left, 0.0)
        binding = np.select([left <= 0, idle], [LIMITS.index("run_rate"), LIMITS.index("slack")], 1)
        for limit in range(len(LIMITS)):
            limits[limit] += full[month] & (binding == limit)
    return Fullness(
        full_months=full.sum(axis=0),
        first_full=np.where(full.any(axis=0), full.argmax(axis=0), -1),
        worth=worth,
        limits=limits,
        room_usd=room if run.inputs.capacity else np.full((options, count), np.inf),
    )


def capacity_table(run: Run) -> pl.DataFrame:
    """Return one row per rival and in-house: how often it is full, what it turns away, and what more would bring.

    `ever_full` is 1 in a draw in which it is full in some month, so its mean is the share of draws; `full_months` is
    the share of months; `turned_away_usd` counts money at every door it comes to, `first_turned_away_usd` at its first
    choice only; `room_used` is what is won over the room there is, 1 where there is none; `worth_usd` is what one USD
    more of capacity in every month would bring over all months. `bound_by_LIMIT` is the share of full months in all
    draws in which a limit binds, 0 where an option is never full, and `limit` the one that binds most often. The
    months in which it is first full are percentiles of the draws in which it ever is.

    Without capacity nobody is full and `room_usd` is empty.
    """
    found, placed = fullness(run), run.migration
    taken, room = placed.to_options.sum(axis=0), found.room_usd
    used = np.divide(taken, room, out=np.ones_like(taken), where=room > 0)
    quantities = {
        "ever_full": (found.first_full >= 0).astype(np.float64),
        "full_months": found.full_months / len(run.months),
        "first_turned_away_usd": placed.followed.sum(axis=1),
        "turned_away_usd": placed.turned_away.sum(axis=0),
        "room_usd": room if run.inputs.capacity else np.zeros_like(room),
        # A full option holds its room to the last bit in a month, but sums of months round.
        "room_used": np.minimum(used, 1.0),
        "worth_usd": found.worth,
    }
    statistics = {name: summarise(values, run.scramblings) for name, values in quantities.items()}
    if not run.inputs.capacity:
        statistics["room_usd"] = {name: np.full(len(room), np.nan) for name in STATISTICS}
    options = options_of(run)
    frame = frame_of(run.scenario.title, {"option_id": options}, statistics)
    counted = found.limits[:, :, :-1].sum(axis=2)
    total = counted.sum(axis=0)
    parts = counted / np.maximum(total, 1)
    limit = [LIMITS[most] if any_ else None for most, any_ in zip(counted.argmax(axis=0), total, strict=True)]
    first = [_first_months(run, found.first_full[option, :-1]) for option in range(len(options))]
    return frame.with_columns(
        *(pl.Series(f"bound_by_{name}", part) for name, part in zip(LIMITS, parts, strict=True)),
        pl.Series("limit", limit, dtype=pl.String),
        *(
            pl.Series(f"p{level}_first_full", [months[at] for months in first], dtype=pl.Date)
            for at, level in enumerate(FIRST_FULL)
        ),
    )


def spill_table(run: Run) -> pl.DataFrame:
    """Return one row per option and place: what the option turned away of first choices and what became of it, USD.

    Over all months. The rows of an option add up to its `first_turned_away_usd`.
    """
    keys = {"option_id": options_of(run), "destination_id": run.destinations}
    frame = tidy(run.scenario.title, keys, {"spill_usd": run.migration.followed}, run.scramblings)
    # Who is full takes nothing back.
    return frame.filter(pl.col("option_id") != pl.col("destination_id"))


def options_of(run: Run) -> tuple[str, ...]:
    """Return who has room: the rivals, then in-house."""
    return (*run.inputs.rivals, IN_HOUSE)


def _first_months(run: Run, first: Indices) -> list[object]:
    """Return the months in which an option is first full at each level of `FIRST_FULL`; a month is one of a draw."""
    when = first[first >= 0]
    if not when.size:
        return [None] * len(FIRST_FULL)
    return [run.months[at] for at in np.percentile(when, FIRST_FULL, method="inverted_cdf").astype(int)]
