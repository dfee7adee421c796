"""Over-subscription as frames: the ratio as a distribution, and the claims stacked beside the displaced money."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from shareshift.results.claims.certainty import CERTAINTY, counted
from shareshift.results.claims.claim import Claim
from shareshift.results.claims.histogram import bins_frame, histogram
from shareshift.results.claims.subscription import Subscription
from shareshift.results.counting.statistics import PERCENTILES, summarise
from shareshift.results.projection import Projection
from shareshift.results.rows import cells, days, flags, headed, numbers, texts

LEVELS = tuple(f"p{level}" for level in PERCENTILES)
KEYS = texts("scenario", "basis", "unit") | days("deadline")
OVERSUBSCRIPTION = (
    KEYS
    | {"claims_counted": pl.Int64()}
    | numbers("claimed_low", "claimed_high")
    | numbers(*(f"{name}_pool" for name in ("central", "mean", *LEVELS, "standard_error")))
    | numbers(*(f"{name}_ratio" for name in (*LEVELS, "central")), "ratio_of_means", "probability_over_one")
    | CERTAINTY
)
BINS = (
    texts("scenario", "basis") | days("deadline") | numbers("bin_low", "bin_high", "share_of_draws")
    | flags("over_one")
)  # fmt: skip
STACK = (
    KEYS
    | texts("claim_id", "reading", "vendor_id", "speaker", "grade")
    | numbers("low", "high")
    | flags("counted")
    | texts("why_not")
    | numbers("stack_from", "stack_to", "mean_pool", "p5_pool", "p95_pool")
)


def oversubscription_table(run: Projection, parts: Iterable[Subscription]) -> pl.DataFrame:
    """Return one row per basis and deadline: what is claimed, the pool, and the ratio of the two as a distribution.

    `probability_over_one` is the share of draws in which the claims' low ends alone exceed the pool, with its
    standard error or bound (see `claims_table`) and its words; `p5_ratio` to `p95_ratio` are percentiles of claimed
    low over pool, infinite ones left empty; `ratio_of_means` is claimed low over the mean pool. `claimed_high` is
    empty where an end is open.
    """
    rows = []
    for part in parts:
        displaced = summarise(part.displaced, run.scramblings)
        over = counted(part.displaced[:-1] < part.low, run.scramblings)
        # The most money makes the smallest ratio, so that percentiles change places.
        ratios = {f"p{level}_ratio": displaced[f"p{100 - level}"] for level in PERCENTILES}
        ratios |= {"central_ratio": displaced["central"], "ratio_of_means": displaced["mean"]}
        rows.append(
            _keys(run, part)
            | {"claims_counted": len(part.counted), "claimed_low": part.low, "claimed_high": part.high}
            | cells(displaced, "{}_pool")
            | {name: part.low / float(money) if money > 0 else None for name, money in ratios.items()}
            | {"probability_over_one": over.value}
            | over.certainty
        )
    return pl.DataFrame(rows, schema=OVERSUBSCRIPTION)


def oversubscription_bins(run: Projection, parts: Iterable[Subscription]) -> pl.DataFrame:
    """Return the histogram of claimed low over pool: one row per basis, deadline and bin.

    `share_of_draws` adds up to 1 over the bins of a basis and deadline, the last bin taking what lies beyond, among
    it the draws without a pool; `over_one` says that the bin begins at 1 or above.
    """
    frames = [pl.DataFrame(schema=BINS)]
    for part in parts:
        displaced = part.displaced[:-1]
        ratio = part.low / np.where(displaced > 0, displaced, np.nan)
        # Next to no money makes the ratio as large as one likes; three times the median is far enough to draw.
        most = 3 * float(np.nanmedian(ratio)) if (displaced > 0).any() else 1.0
        frame = bins_frame(*histogram(np.fmin(ratio, most))).with_columns((pl.col("bin_low") >= 1).alias("over_one"))
        frames.append(headed(frame, scenario=run.scenario.title, basis=part.basis, deadline=part.deadline))
    return pl.concat(frames)


def stack_table(run: Projection, parts: Iterable[Subscription]) -> pl.DataFrame:
    """Return the claimed money as a stack beside the pool: one row per basis, deadline and claim.

    Counted claims stand on one another from `stack_from` to `stack_to` (their low ends), the others say in `why_not`
    why they do not count. `mean_pool`, `p5_pool` and `p95_pool` are the same in all rows of a basis and deadline.
    """
    rows = []
    for part in parts:
        displaced = cells(summarise(part.displaced, run.scramblings), "{}_pool", ("mean", "p5", "p95"))
        shared, top = _keys(run, part) | displaced, 0.0
        for item in part.counted:
            ends = {"counted": True, "stack_from": top, "stack_to": top + item.claim.least}
            top += item.claim.least
            rows.append(shared | _claimed(item.claim) | ends)
        rows += [shared | _claimed(item.claim) | {"counted": False, "why_not": why} for item, why in part.left_out]
    return pl.DataFrame(rows, schema=STACK)


def _keys(run: Projection, part: Subscription) -> dict[str, object]:
    return dict(zip(KEYS, (run.scenario.title, part.basis, part.unit, part.deadline), strict=True))


def _claimed(claim: Claim) -> dict[str, object]:
    names = ("claim_id", "reading", "vendor_id", "speaker", "grade")
    return {name: getattr(claim, name) for name in names} | claim.ends
