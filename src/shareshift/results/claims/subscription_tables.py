"""Over-subscription as frames: the ratio as a distribution, and the claims stacked beside the pool."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from shareshift.results.claims.certainty import counted
from shareshift.results.claims.claim import Claim
from shareshift.results.claims.subscription import Subscription
from shareshift.results.claims.tables import histogram, in_words
from shareshift.results.counting.statistics import PERCENTILES, summarise
from shareshift.results.projection import Projection


def oversubscription_table(run: Projection, parts: Iterable[Subscription]) -> pl.DataFrame:
    """Return one row per basis and deadline: what is claimed, the pool, and the ratio of the two as a distribution.

    `probability_over_one` is the share of draws in which the claims' low ends alone exceed the pool, with its
    standard error or bound (see `claims_table`) and its words; `p5_ratio` to `p95_ratio` are percentiles of claimed
    low over pool, infinite ones left empty; `ratio_of_means` is claimed low over the mean pool. `claimed_high` is
    empty where an end is open.
    """
    rows = []
    for part in parts:
        pool = summarise(part.pool, run.scramblings)
        over, mean = counted(part.pool[:-1] < part.low, run.scramblings), float(pool["mean"])
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
                "probability_over_one": over.value,
                **over.columns,
                "likelihood": in_words(over.value),
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
    "probability_bound": pl.Float64(),
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
