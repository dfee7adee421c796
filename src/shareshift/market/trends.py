"""How fast each vendor grew before the event, as its dated rows say, and how far growth differs in a market."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from shareshift.basics.months import DAYS_PER_YEAR
from shareshift.market.parameters import Range

# What was measured; aims, estimates and assumptions say nothing about what a vendor has done.
MEASURED = ("recognised", "run_rate")
# Whether an amount is gross, where nothing is said.
UNKNOWN = "unknown"
# How far a published amount is off, as a part of it, by the reliability of its source: an assumption of ours. Audited
# figures are exact to a few percent; the press rounds to a quarter or a half of the leading digit.
ERROR = {"A": 0.03, "B": 0.05, "C": 0.1, "D": 0.2, "E": 0.4, "F": 0.4}
# How far the growth of the market itself may be off, log per year: an assumption, a quarter of the widest range we use.
MARKET_ERROR = 0.1
GRID = 200
# The share of its market at which a vendor's spread is the slider's and its small-vendor growth is nought.
REFERENCE_SHARE = 0.1


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A vendor's growth before the event: `slope`, log per year, its error `variance`, and the last amount."""

    slope: float
    variance: float
    last: float


def vendor_trends(revenues: pl.DataFrame, as_of: date) -> Mapping[str, Trend]:
    """Return the growth of every vendor with measured amounts of two dates or more that were known by a day.

    Least squares of log amounts on time, each weighted by the reliability of its source; a period counts at its middle.
    Rows that say the same thing of one date count once. Bases are not mixed, nor are
    amounts gross of contractor pay with others: the kind with more dates counts, the later one where they have as many.
    """
    known = revenues.filter(
        (pl.col("known_from") <= as_of) & pl.col("basis").is_in(MEASURED) & (pl.col("central_usd_per_year") > 0)
    )
    found: dict[str, Trend] = {}
    for (vendor,), rows in known.sort("vendor_id", "revenue_id").group_by("vendor_id", maintain_order=True):
        told: dict[tuple[str, str], dict[date, list[tuple[float, float]]]] = {}
        for row in rows.iter_rows(named=True):
            start, end = row["period_start"], row["period_end"]
            middle = end if start is None else start + timedelta(days=(end - start).days // 2)
            amount = (math.log(row["central_usd_per_year"]), ERROR[row["grade"][0]])
            told.setdefault((row["basis"], row["gross"] or UNKNOWN), {}).setdefault(middle, []).append(amount)
        points = max(told.values(), key=lambda dates: (len(dates), max(dates)))
        if len(points) > 1:
            found[str(vendor)] = _line(points)
    return found


def _line(points: Mapping[date, list[tuple[float, float]]]) -> Trend:
    first = min(points)
    times, levels, weights = [], [], []
    for day, told in points.items():
        times.append((day - first).days / DAYS_PER_YEAR)
        levels.append(sum(level for level, _ in told) / len(told))
        weights.append(1 / min(error for _, error in told) ** 2)
    total = sum(weights)
    centre = sum(w * t for w, t in zip(weights, times, strict=True)) / total
    spread = sum(w * (t - centre) ** 2 for w, t in zip(weights, times, strict=True))
    rise = sum(w * (t - centre) * level for w, t, level in zip(weights, times, levels, strict=True))
    return Trend(slope=rise / spread, variance=1 / spread, last=math.exp(levels[times.index(max(times))]))


def growth_spread(prior: Range, size: float, trends: Mapping[str, tuple[Trend, float]], market: float) -> Range:
    """Return the spread of own growth in one market: what holds everywhere, moved by what this market's rows say.

    `prior` is log-normal, `trends` has each vendor's trend and its share over the reference share, `market` is the log
    growth of the market. The posterior is computed on a grid; the answer is log-normal with its 5% and 95% points.
    """
    if not trends:
        return prior
    low, high = math.log(prior.low), math.log(prior.high)
    centre, width = (low + high) / 2, (high - low) / 3.29
    grid = [centre + width * (8 * i / (GRID - 1) - 4) for i in range(GRID)]
    weights = []
    for at in grid:
        score = -(((at - centre) / width) ** 2) / 2
        for trend, relative in trends.values():
            variance = trend.variance + MARKET_ERROR**2 + (math.exp(at) * relative**-size) ** 2
            score -= math.log(variance) / 2 + (trend.slope - market) ** 2 / (2 * variance)
        weights.append(score)
    top = max(weights)
    mass = [math.exp(score - top) for score in weights]
    total, below, ends = sum(mass), 0.0, {}
    for at, part in zip(grid, mass, strict=True):
        for level in (0.05, 0.95):
            if below < level * total <= below + part:
                ends[level] = at
        below += part
    least, most = ends[0.05], ends[0.95]
    return Range(
        low=math.exp(least), central=math.exp((least + most) / 2), high=math.exp(most), distribution="lognormal"
    )
