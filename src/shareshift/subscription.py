"""Over-subscription: what rivals say they won, over the money there is, one basis at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from shareshift.claim_tables import histogram, in_words
from shareshift.claims import Claim, Measured
from shareshift.credibility import by_weight
from shareshift.projection import Projection
from shareshift.statistics import PERCENTILES, summarise

Floats = npt.NDArray[np.float64]
BASES = ("recognised", "run_rate", "bookings")


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """The claims on the displaced money on one basis, due by one date.

    `counted` are the claims that add up, `left_out` the others with the reason; `pool` (draws + 1,) is the displaced
    money on the same basis at the deadline, in `unit`. `high` is None where a counted claim has an open end.
    """

    basis: str
    unit: str
    deadline: date
    counted: tuple[Measured, ...]
    left_out: tuple[tuple[Measured, str], ...]
    pool: Floats = field(repr=False)

    @property
    def low(self) -> float:
        """The least that the counted claims add up to, in `unit`."""
        return float(sum(item.claim.least for item in self.counted))

    @property
    def high(self) -> float | None:
        """The most that the counted claims add up to, in `unit`."""
        total = float(sum(item.claim.most for item in self.counted))
        return total if np.isfinite(total) else None


def subscriptions(measured: Iterable[Measured]) -> tuple[Subscription, ...]:
    """Return the claims of rivals to have won the incumbent's customers, per basis and deadline; never mixed.

    At a deadline every claim due by then counts against the pool at that date: money won earlier stays won. Of one
    claim one reading counts per basis, of one story one report, of one vendor one claim: the better graded, then the
    later. Claims of at most so much ask for nothing and are not counted.
    """
    claims = [item for item in measured if item.claim.metric == "won_from_incumbent" and item.value is not None]
    found = []
    for basis in BASES:
        on_basis = [item for item in claims if item.claim.basis == basis]
        for deadline in sorted({item.claim.deadline for item in on_basis}):
            due = {item.claim.key: item for item in on_basis if item.claim.deadline <= deadline}
            at_deadline = next(item for item in on_basis if item.claim.deadline == deadline)
            counted, left_out = _counted(due)
            assert at_deadline.pool is not None  # noqa: S101 - what is won always comes out of a pool
            found.append(
                Subscription(
                    basis=basis,
                    unit=at_deadline.claim.unit,
                    deadline=deadline,
                    counted=counted,
                    left_out=left_out,
                    pool=at_deadline.pool,
                )
            )
    return tuple(found)


def oversubscription_table(run: Projection, parts: Iterable[Subscription]) -> pl.DataFrame:
    """Return one row per basis and deadline: what is claimed, the pool, and the ratio of the two as a distribution.

    `probability_over_one` is the share of draws in which the claims' low ends alone exceed the pool, with its
    standard error and its words; `p5_ratio` to `p95_ratio` are percentiles of claimed low over pool, infinite ones
    left empty; `ratio_of_means` is claimed low over the mean pool. `claimed_high` is empty where an end is open.
    """
    rows = []
    for part in parts:
        pool = summarise(part.pool, run.scramblings)
        over = summarise(np.append(part.pool[:-1] < part.low, np.nan).astype(np.float64), run.scramblings)
        probability, mean = float(over["mean"]), float(pool["mean"])
        rows.append(
            {
                "scenario": run.scenario.title,
                "basis": part.basis,
                "unit": part.unit,
                "deadline": part.deadline,
                "claims_counted": len(part.counted),
                "claimed_low": part.low,
                "claimed_high": part.high,
                **{f"{name}_pool": float(value) for name, value in pool.items() if not np.isnan(value)},
                **{f"p{level}_ratio": _ratio(part.low, float(pool[f"p{100 - level}"])) for level in PERCENTILES},
                "central_ratio": _ratio(part.low, float(pool["central"])),
                "ratio_of_means": _ratio(part.low, mean),
                "probability_over_one": probability,
                "standard_error": None if run.scramblings == 1 else float(over["standard_error"]),
                "likelihood": in_words(probability),
            }
        )
    return pl.DataFrame(rows, schema=_SCHEMA)


def oversubscription_bins(run: Projection, parts: Iterable[Subscription]) -> pl.DataFrame:
    """Return the histogram of claimed low over pool: one row per basis, deadline and bin.

    `share_of_draws` adds up to 1 over the bins of a basis and deadline, the last bin taking what lies beyond, among
    it the draws without a pool; `over_one` says that the bin begins at 1 or above.
    """
    frames = []
    for part in parts:
        pool = part.pool[:-1]
        ratio = part.low / np.where(pool > 0, pool, np.nan)
        # A pool near nothing makes the ratio as large as one likes; three times the median is far enough to draw.
        most = 3 * float(np.nanmedian(ratio)) if (pool > 0).any() else 1.0
        edges, bins = histogram(np.fmin(ratio, most))
        frames.append(
            pl.DataFrame(
                {
                    "bin_low": edges[:-1],
                    "bin_high": edges[1:],
                    "share_of_draws": np.bincount(bins, minlength=len(edges) - 1) / bins.size,
                }
            ).select(
                pl.lit(run.scenario.title).alias("scenario"),
                pl.lit(part.basis).alias("basis"),
                pl.lit(part.deadline).alias("deadline"),
                pl.all(),
                (pl.col("bin_low") >= 1).alias("over_one"),
            )
        )
    return pl.concat(frames) if frames else pl.DataFrame(schema=_BIN_SCHEMA)


def stack_table(run: Projection, parts: Iterable[Subscription]) -> pl.DataFrame:
    """Return the claimed money as a stack beside the pool: one row per basis, deadline and claim.

    Counted claims stand on one another from `stack_from` to `stack_to` (their low ends), the others say in `why_not`
    why they do not count. `mean_pool`, `p5_pool` and `p95_pool` are the same in all rows of a basis and deadline.
    """
    rows = []
    for part in parts:
        pool = summarise(part.pool, run.scramblings)
        shared = {
            "scenario": run.scenario.title,
            "basis": part.basis,
            "unit": part.unit,
            "deadline": part.deadline,
            **{f"{name}_pool": float(pool[name]) for name in ("mean", "p5", "p95")},
        }
        top = 0.0
        for item in part.counted:
            ends = {"counted": True, "stack_from": top, "stack_to": top + item.claim.least}
            top += item.claim.least
            rows.append(shared | _claimed(item.claim) | ends)
        rows += [shared | _claimed(item.claim) | {"counted": False, "why_not": why} for item, why in part.left_out]
    return pl.DataFrame(rows, schema=_STACK_SCHEMA)


def _counted(due: dict[tuple[str, str], Measured]) -> tuple[tuple[Measured, ...], tuple[tuple[Measured, str], ...]]:
    counted: list[Claim] = []
    left_out = []
    for claim in by_weight(item.claim for item in due.values()):
        why = _why_not(claim, counted)
        if why is None:
            counted.append(claim)
        else:
            left_out.append((due[claim.key], why))
    largest_first = sorted(counted, key=lambda claim: (-claim.least, claim.key))
    return tuple(due[claim.key] for claim in largest_first), tuple(left_out)


def _why_not(claim: Claim, counted: list[Claim]) -> str | None:
    if not np.isfinite(claim.least):
        return "It names no amount that was won at least."
    for other in counted:
        if claim.claim_id == other.claim_id:
            return f"Another reading of the claim counts: {other.reading}."
        if claim.story == other.story:
            return f"It tells the same story as {other.claim_id}, which counts once."
        if claim.vendor_id == other.vendor_id:
            return f"The vendor's winnings count once, by its better graded or later claim {other.claim_id}."
    return None


def _claimed(claim: Claim) -> dict[str, object]:
    return {
        "claim_id": claim.claim_id,
        "reading": claim.reading,
        "vendor_id": claim.vendor_id,
        "speaker": claim.speaker,
        "grade": claim.grade,
        "low": claim.least if np.isfinite(claim.least) else None,
        "high": claim.most if np.isfinite(claim.most) else None,
    }


def _ratio(claimed: float, pool: float) -> float | None:
    return claimed / pool if pool > 0 else None


_KEYS = {"scenario": pl.String(), "basis": pl.String(), "unit": pl.String(), "deadline": pl.Date()}
_LEVELS = tuple(f"p{level}" for level in PERCENTILES)
_SCHEMA: dict[str, pl.DataType] = {
    **_KEYS,
    "claims_counted": pl.Int64(),
    "claimed_low": pl.Float64(),
    "claimed_high": pl.Float64(),
    **{f"{name}_pool": pl.Float64() for name in ("central", "mean", *_LEVELS, "standard_error")},
    **{f"{name}_ratio": pl.Float64() for name in (*_LEVELS, "central")},
    "ratio_of_means": pl.Float64(),
    "probability_over_one": pl.Float64(),
    "standard_error": pl.Float64(),
    "likelihood": pl.String(),
}
_BIN_SCHEMA: dict[str, pl.DataType] = {
    "scenario": pl.String(),
    "basis": pl.String(),
    "deadline": pl.Date(),
    **{name: pl.Float64() for name in ("bin_low", "bin_high", "share_of_draws")},
    "over_one": pl.Boolean(),
}
_STACK_SCHEMA: dict[str, pl.DataType] = {
    **_KEYS,
    **{name: pl.String() for name in ("claim_id", "reading", "vendor_id", "speaker", "grade")},
    "low": pl.Float64(),
    "high": pl.Float64(),
    "counted": pl.Boolean(),
    "why_not": pl.String(),
    **{name: pl.Float64() for name in ("stack_from", "stack_to", "mean_pool", "p5_pool", "p95_pool")},
}
