"""Claims, typed: who says what of whom, on which basis, and whether it holds in each draw.

A reading is tested on its own basis only. Money is recognised (USD earned from the first month to the deadline's,
both included), a run rate (USD per year: twelve times the deadline's month) or bookings (USD, by the one stated
conversion: what is delivered by the deadline plus twelve months at the pace then reached). Demand is tested before
anybody's capacity, exits on exits, the in-house wave on its share of the displaced money.
"""

from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats, Mask
from shareshift.market.claim_metrics import untestable
from shareshift.market.market import Market

MONEY_UNITS = ("usd", "usd_per_year")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One reading of one claim: a row of claims.csv."""

    claim_id: str
    reading: str
    vendor_id: str | None
    customer_id: str | None
    metric: str
    comparator: str
    low: float | None
    high: float | None
    unit: str
    deadline: date
    basis: str
    speaker: str
    said_on: date
    words: str
    known_from: date
    conflict_id: str | None
    source_id: str
    grade: str
    origin_id: str
    note: str | None

    @property
    def key(self) -> tuple[str, str]:
        """The claim and which reading of it this is."""
        return self.claim_id, self.reading

    @property
    def least(self) -> float:
        """The smallest value at which the claim holds; minus infinity where there is none."""
        return -np.inf if self.low is None or self.comparator == "at_most" else self.low

    @property
    def most(self) -> float:
        """The largest value at which the claim holds; infinity where there is none."""
        return np.inf if self.high is None or self.comparator == "at_least" else self.high

    @property
    def subject(self) -> tuple[str, str | None, str | None]:
        """What the claim is about: metric, vendor, customer."""
        return self.metric, self.vendor_id, self.customer_id

    @property
    def story(self) -> tuple[object, ...]:
        """What two reports of one statement share: origin, subject and direction. Such reports count once."""
        return self.origin_id, *self.subject, self.comparator


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A claim beside what the model says of it, every array (draws + 1,) in the claim's unit, central path last.

    `value` is what is claimed about. For what a vendor or in-house work wins: `start` is what it has without the
    event, `pool` all displaced money, `wanted` what customers would bring it before anybody is full and `room` what
    it can take on. `what` says what was measured, `reason` why nothing was.
    """

    claim: Claim
    what: str = ""
    reason: str | None = None
    value: Floats | None = field(default=None, repr=False)
    start: Floats | None = field(default=None, repr=False)
    pool: Floats | None = field(default=None, repr=False)
    wanted: Floats | None = field(default=None, repr=False)
    room: Floats | None = field(default=None, repr=False)

    @cached_property
    def holds(self) -> Mask:
        """In which draws the claim is true; (draws,), empty where it is not tested."""
        if self.value is None:
            return np.zeros(0, dtype=np.bool_)
        drawn = self.value[:-1]
        return np.asarray((drawn >= self.claim.least) & (drawn <= self.claim.most))

    @cached_property
    def nearest(self) -> float | None:
        """The value of the draw that lies nearest to the claimed range, in the claim's unit."""
        if self.value is None:
            return None
        drawn = self.value[:-1]
        distance = np.maximum(np.maximum(self.claim.least - drawn, drawn - self.claim.most), 0.0)
        return float(drawn[distance.argmin()])


def known_claims(market: Market) -> tuple[Claim, ...]:
    """Return the readings known by the market's date, in the order of the table."""
    frame = market.tables["claims"].filter(pl.col("known_from") <= market.as_of)
    names = [part.name for part in fields(Claim)]
    return tuple(Claim(**row) for row in frame.select(names).iter_rows(named=True))


def claim_fault(claim: Claim, incumbent: str) -> str | None:
    """Return a sentence when a claim cannot be tested as it is written."""
    fault = untestable(
        metric=claim.metric, basis=claim.basis, unit=claim.unit, vendor_id=claim.vendor_id, incumbent=incumbent
    )
    if fault is None:
        return None
    column, rule, remedy = fault
    return f"claims.csv, {claim.claim_id}, reading {claim.reading}: {getattr(claim, column)} {rule}. {remedy}."
