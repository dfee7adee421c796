"""The claims as frames: each reading's probability, what it would need, what stops it, and where it falls."""

import numpy as np
import numpy.typing as npt
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.basics.formats import likelihood
from shareshift.results.claims.certainty import counted
from shareshift.results.claims.claim import MONEY_UNITS, Claim, Measured
from shareshift.results.counting.statistics import STATISTICS, summarise
from shareshift.results.projection import Projection

BINS = 40
# What may stop a claim, in the order in which a failing draw is put down to one of them.
STOPPERS = ("pool", "capacity", "preference", "range")
SHOWN = (
    "claim_id", "reading", "metric", "vendor_id", "customer_id", "comparator", "low", "high", "unit", "deadline",
    "basis",
)  # fmt: skip
EVIDENCE = ("grade", "source_id", "origin_id", "conflict_id", "speaker", "said_on", "words", "note")


def claims_table(run: Projection, measured: tuple[Measured, ...]) -> pl.DataFrame:
    """Return one row per claim and reading, in the order of the table.

    `probability` is the share of draws in which it holds, with its Monte Carlo `standard_error` from independent
    scramblings and in the words of ICD 203 (`likelihood`); where it holds in no draw or in every draw there is no
    error but `probability_bound`, what the probability is at most or at least with a confidence of 95 %. Statistics
    of the tested quantity stand in `mean_value` and so on, in `unit`; `nearest_value`, where the claim holds in no
    draw, is the nearest draw's. For what a rival or in-house work wins: `mean_pool`, `p5_pool` and `p95_pool` on the
    claim's own basis; `needed_capture_share`, the part of the mean pool it takes to reach the low end (above 1: more
    than there is); `pool_too_small_share` and `room_too_small_share`, the draws in which the whole pool, or all the
    room, would not do; `stopped_by`, to what most failing draws are put down, and the shares of failing draws.
    `shortfall_usd` is the mean of (low - value)+ for money. Cells that have no meaning for a reading are empty;
    `not_tested` says why nothing was tested.
    """
    rows = [_row(item, run.scramblings) for item in measured]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return frame.select(pl.lit(run.scenario.title).alias("scenario"), pl.all())


def distributions_table(run: Projection, measured: tuple[Measured, ...]) -> pl.DataFrame:
    """Return the histogram of every tested reading: one row per claim, reading and bin, in the claim's unit.

    `share_of_draws` adds up to 1 over a reading's bins; the first and last bin also take the few draws that lie
    beyond them. `holds_share` is the part of the bin's draws in which the claim holds. `claimed_low` and
    `claimed_high` repeat the claimed range, empty where it is open.
    """
    parts = [_bins(item) for item in measured if item.value is not None]
    frame = pl.concat(parts) if parts else pl.DataFrame(schema=_BIN_SCHEMA)
    return frame.select(pl.lit(run.scenario.title).alias("scenario"), pl.all())


def in_words(probability: float) -> str:
    """Return a probability in the words of ICD 203 with the number; no draw and every draw say so."""
    if probability <= 0.0:
        return "in no draw"
    if probability >= 1.0:
        return "in every draw"
    if probability < 0.005:
        return likelihood(probability).partition(" (")[0] + " (under 1%)"
    if probability > 0.995:
        return likelihood(probability).partition(" (")[0] + " (over 99%)"
    return likelihood(probability)


def histogram(values: Floats, bins: int = BINS) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Return the edges (bins + 1,) of a histogram of `values` (draws,) and each draw's bin (draws,).

    The edges span the middle 98 % of the draws; what lies beyond goes to the first or last bin. Values that are all
    0 or 1 take two bins.
    """
    if np.isin(values, (0.0, 1.0)).all():
        return np.array([-0.5, 0.5, 1.5]), values.astype(np.intp)
    ends = np.quantile(values, (0.01, 0.99), method="nearest")
    low, high = ends if ends[1] > ends[0] else (values.min(), values.max())
    width = high - low if high > low else max(abs(low), 1.0)
    edges = np.linspace(low, low + width, bins + 1)
    return edges, np.clip(np.searchsorted(edges, values, side="right") - 1, 0, bins - 1)


def _row(item: Measured, scramblings: int) -> dict[str, object]:
    claim = item.claim
    row: dict[str, object] = {name: getattr(claim, name) for name in (*SHOWN, *EVIDENCE)}
    row |= {"what": item.what or None, "not_tested": item.reason}
    if item.value is None:
        return row
    held = counted(item.holds, scramblings)
    statistics = summarise(item.value, scramblings)
    row |= {f"{name}_value": _number(statistics[name]) for name in STATISTICS}
    row |= {
        "probability": held.value,
        **held.columns,
        "likelihood": in_words(held.value),
        "nearest_value": None if item.holds.any() else item.nearest,
    }
    low = claim.least
    if claim.unit in MONEY_UNITS and np.isfinite(low):
        row["shortfall_usd"] = float(np.maximum(low - item.value[:-1], 0.0).mean())
    return row | _needs(item) | _stopped(item)


def _needs(item: Measured) -> dict[str, object]:
    """Return what part of the displaced pool the claim takes, and how often pool or room would not do."""
    if item.pool is None or item.start is None or not np.isfinite(item.claim.least):
        return {}
    start, pool = item.start[:-1], item.pool[:-1]
    needed = np.maximum(item.claim.least - start, 0.0)
    mean = float(pool.mean())
    capture = float(needed.mean()) / mean if mean > 0 else None
    if item.claim.metric == "in_house_flow":
        capture = item.claim.least
    row: dict[str, object] = {
        "mean_pool": mean,
        "p5_pool": float(np.quantile(pool, 0.05)),
        "p95_pool": float(np.quantile(pool, 0.95)),
        "needed_capture_share": capture,
        "pool_too_small_share": float((pool < needed).mean()),
    }
    if item.room is not None:
        row["room_too_small_share"] = float((item.room[:-1] < needed).mean())
    return row


def _stopped(item: Measured) -> dict[str, object]:
    """Put every failing draw down to one cause: the pool, else capacity, else preference; or beyond the range."""
    if item.pool is None or item.start is None:
        return {}
    assert item.value is not None  # noqa: S101 - a pool is only ever given together with a value
    failing = ~item.holds
    if not failing.any():
        return {"stopped_by": "nothing"}
    low = item.claim.least
    below = failing & (item.value[:-1] < low)
    pool = below & ((item.start + item.pool)[:-1] < low)
    reached = np.zeros_like(below) if item.wanted is None else (item.start + item.wanted)[:-1] >= low
    capacity = below & ~pool & reached
    causes = (pool, capacity, below & ~pool & ~capacity, failing & ~below)
    shares = [float(cause.sum() / failing.sum()) for cause in causes]
    words = {f"stopped_by_{name}_share": share for name, share in zip(STOPPERS, shares, strict=True)}
    return {"stopped_by": STOPPERS[int(np.argmax(shares))], **words}


def _bins(item: Measured) -> pl.DataFrame:
    assert item.value is not None  # noqa: S101 - the caller leaves out what was not tested
    claim: Claim = item.claim
    edges, bins = histogram(item.value[:-1])
    count = len(edges) - 1
    draws = np.bincount(bins, minlength=count)
    holding = np.bincount(bins, weights=item.holds, minlength=count)
    columns = {
        "claim_id": [claim.claim_id] * count,
        "reading": [claim.reading] * count,
        "unit": [claim.unit] * count,
        "bin_low": edges[:-1],
        "bin_high": edges[1:],
        "share_of_draws": draws / bins.size,
        "holds_share": holding / np.maximum(draws, 1),
        "claimed_low": [claim.least if np.isfinite(claim.least) else None] * count,
        "claimed_high": [claim.most if np.isfinite(claim.most) else None] * count,
    }
    return pl.DataFrame(columns, schema=_BIN_SCHEMA)


def _number(value: Floats) -> float | None:
    return None if np.isnan(value) else float(value)


_TEXT = ("claim_id", "reading", "metric", "vendor_id", "customer_id", "comparator", "unit", "basis")
_SCHEMA: dict[str, pl.DataType] = {
    **{name: pl.Date() if name == "deadline" else pl.String() if name in _TEXT else pl.Float64() for name in SHOWN},
    "what": pl.String(),
    "not_tested": pl.String(),
    "probability": pl.Float64(),
    "standard_error": pl.Float64(),
    "probability_bound": pl.Float64(),
    "likelihood": pl.String(),
    **{f"{name}_value": pl.Float64() for name in STATISTICS},
    "nearest_value": pl.Float64(),
    **{f"{name}_pool": pl.Float64() for name in ("mean", "p5", "p95")},
    "needed_capture_share": pl.Float64(),
    "pool_too_small_share": pl.Float64(),
    "room_too_small_share": pl.Float64(),
    "shortfall_usd": pl.Float64(),
    "stopped_by": pl.String(),
    **{f"stopped_by_{name}_share": pl.Float64() for name in STOPPERS},
    **{name: pl.Date() if name == "said_on" else pl.String() for name in EVIDENCE},
}
_BIN_SCHEMA: dict[str, pl.DataType] = {
    **{name: pl.String() for name in ("claim_id", "reading", "unit")},
    **{name: pl.Float64() for name in ("bin_low", "bin_high", "share_of_draws", "holds_share")},
    **{name: pl.Float64() for name in ("claimed_low", "claimed_high")},
}
