"""The claims as frames: each reading's probability, what it would need, what stops it, and where it falls."""

import numpy as np
import polars as pl

from shareshift.basics.formats import MONEY_UNITS
from shareshift.results.claims.certainty import CERTAINTY, counted
from shareshift.results.claims.claim import Claim, Measured, Winnings
from shareshift.results.claims.histogram import bins_frame, histogram
from shareshift.results.claims.reaching import reach_words
from shareshift.results.counting.statistics import STATISTICS, summarise
from shareshift.results.projection import Projection
from shareshift.results.rows import cells, days, headed, numbers, texts

# What may stop a claim, in the order in which a failing draw is put down to one of them.
STOPPERS = ("pool", "capacity", "preference", "range")
SHOWN = (
    texts("claim_id", "reading", "metric", "vendor_id", "customer_id", "comparator")
    | numbers("low", "high") | texts("unit") | days("deadline") | texts("basis")
)  # fmt: skip
EVIDENCE = texts("grade", "source_id", "origin_id", "conflict_id", "speaker") | days("said_on") | texts("words", "note")
CLAIMS = (
    SHOWN
    | texts("what", "not_tested")
    | numbers("probability")
    | CERTAINTY
    | numbers(*(f"{name}_value" for name in STATISTICS), "nearest_value", "mean_pool", "p5_pool", "p95_pool")
    | texts("reach")
    | numbers("needed_capture_share", "pool_too_small_share", "room_too_small_share", "shortfall_usd")
    | texts("stopped_by")
    | numbers(*(f"stopped_by_{name}_share" for name in STOPPERS))
    | EVIDENCE
)
BINS = (
    texts("scenario", "claim_id", "reading", "unit")
    | numbers("bin_low", "bin_high", "share_of_draws", "holds_share", "claimed_low", "claimed_high")
)  # fmt: skip


def claims_table(run: Projection, measured: tuple[Measured, ...]) -> pl.DataFrame:
    """Return one row per claim and reading, in the order of the table.

    `probability` is the share of draws in which it holds, with its Monte Carlo `standard_error` from independent
    scramblings and in the words of ICD 203 (`likelihood`); where it holds in no draw or in every draw there is no error
    but `probability_bound`, what the probability is at most or at least with a confidence of 95%. Statistics of the
    tested quantity stand in `mean_value` and so on, in `unit`; `nearest_value`, where the claim holds in no draw, is
    the nearest draw's, and `reach` says the same in words. For what a rival or in-house work wins: `mean_pool`,
    `p5_pool` and `p95_pool` on the claim's own basis; `needed_capture_share`, the part of the mean pool it takes to
    reach the low end (above 1: more than there is); `pool_too_small_share` and `room_too_small_share`, the draws in
    which the whole pool, or all the room, would not do; `stopped_by`, to what most failing draws are put down, and the
    shares of failing draws. `shortfall_usd` is the mean of (low - value)+ for money. Cells that have no meaning for a
    reading are empty; `not_tested` says why nothing was tested.
    """
    rows = [_row(item, run.scramblings) for item in measured]
    return headed(pl.DataFrame(rows, schema=CLAIMS), scenario=run.scenario.title)


def distributions_table(run: Projection, measured: tuple[Measured, ...]) -> pl.DataFrame:
    """Return the histogram of every tested reading: one row per claim, reading and bin, in the claim's unit.

    `share_of_draws` adds up to 1 over a reading's bins; the first and last bin also take the few draws that lie
    beyond them. `holds_share` is the part of the bin's draws in which the claim holds. `claimed_low` and
    `claimed_high` repeat the claimed range, empty where it is open.
    """
    parts = [headed(_bins(item), scenario=run.scenario.title) for item in measured if item.tested]
    return pl.concat([pl.DataFrame(schema=BINS), *parts])


def _row(item: Measured, scramblings: int) -> dict[str, object]:
    claim = item.claim
    row: dict[str, object] = {name: getattr(claim, name) for name in (*SHOWN, *EVIDENCE)}
    row |= {"what": item.what or None, "not_tested": item.reason}
    if not item.tested:
        return row
    held = counted(item.holds, scramblings)
    row |= cells(summarise(item.value, scramblings), "{}_value")
    row |= {"probability": held.value, "nearest_value": None if item.holds.any() else item.nearest}
    row |= {"reach": reach_words(item) or None, **held.certainty}
    if claim.unit in MONEY_UNITS and np.isfinite(claim.least):
        row["shortfall_usd"] = float(np.maximum(claim.least - item.drawn, 0.0).mean())
    if item.winnings is not None:
        row |= _needs(claim, item.winnings) | _stopped(item, item.winnings)
    return row


def _needs(claim: Claim, won: Winnings) -> dict[str, object]:
    """Return what part of the displaced money the claim takes, and how often that or the capacity would not do."""
    if not np.isfinite(claim.least):
        return {}
    displaced = won.displaced[:-1]
    needed = np.maximum(claim.least - won.start[:-1], 0.0)
    mean = float(displaced.mean())
    capture = float(needed.mean()) / mean if mean > 0 else None
    row: dict[str, object] = {
        "mean_pool": mean,
        "p5_pool": float(np.quantile(displaced, 0.05)),
        "p95_pool": float(np.quantile(displaced, 0.95)),
        "needed_capture_share": claim.least if claim.metric == "in_house_flow" else capture,
        "pool_too_small_share": float((displaced < needed).mean()),
    }
    if won.capacity is not None:
        row["room_too_small_share"] = float((won.capacity[:-1] < needed).mean())
    return row


def _stopped(item: Measured, won: Winnings) -> dict[str, object]:
    """Put every failing draw down to one cause: the pool, else capacity, else preference; or beyond the range."""
    failing = ~item.holds
    if not failing.any():
        return {"stopped_by": "nothing"}
    low = item.claim.least
    below = failing & (item.drawn < low)
    pool = below & ((won.start + won.displaced)[:-1] < low)
    reached = np.zeros_like(below) if won.wanted is None else (won.start + won.wanted)[:-1] >= low
    capacity = below & ~pool & reached
    causes = (pool, capacity, below & ~pool & ~capacity, failing & ~below)
    shares = [float(cause.sum() / failing.sum()) for cause in causes]
    words = {f"stopped_by_{name}_share": share for name, share in zip(STOPPERS, shares, strict=True)}
    return {"stopped_by": STOPPERS[int(np.argmax(shares))], **words}


def _bins(item: Measured) -> pl.DataFrame:
    claim = item.claim
    edges, bins = histogram(item.drawn)
    draws, holding = (np.bincount(bins, weights, minlength=len(edges) - 1) for weights in (None, item.holds))
    frame = bins_frame(edges, bins).with_columns(
        pl.Series("holds_share", holding / np.maximum(draws, 1)),
        *(pl.lit(end, pl.Float64).alias(f"claimed_{name}") for name, end in claim.ends.items()),
    )
    return headed(frame, claim_id=claim.claim_id, reading=claim.reading, unit=claim.unit)
