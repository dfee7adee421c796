"""Claims, typed: who says what of whom, on which basis, and whether it holds in each draw.

A reading is tested on its own basis only. Money is recognised (USD earned from the first month to the deadline, whose
month counts by its days), a run rate (USD per year: twelve times the deadline's month) or bookings (USD, by the one
stated conversion: what is delivered by the deadline plus twelve months at the pace then reached). Demand is tested
before anybody's capacity, exits on exits, the in-house wave on its share of the displaced money.
"""

from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats, Mask
from shareshift.market.claim_metrics import untestable
from shareshift.market.market import Market
from shareshift.results.rows import finite

# A claim and which reading of it.
Key = tuple[str, str]


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
    kind: str | None = None

    @property
    def key(self) -> Key:
        """The claim and which reading of it this is."""
        return self.claim_id, self.reading

    @property
    def ends(self) -> dict[str, float | None]:
        """The range in which the claim holds as cells of a table, an open end empty."""
        return {"low": finite(self.least), "high": finite(self.most)}

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

    def again(self, other: "Claim", *, counts: str = "counts") -> str | None:
        """Return a sentence where another claim that `counts` is a reading or a report of this one."""
        if self.claim_id == other.claim_id:
            return f"Another reading of the claim {counts}: {other.reading}."
        if self.story == other.story:
            return f"It tells the same story as {other.claim_id}, which counts once."
        return None

    def distance(self, values: Floats) -> Floats:
        """Return how far values lie outside the range in which the claim holds, in its unit; shape as `values`."""
        return np.maximum(np.maximum(self.least - values, values - self.most), 0.0)


@dataclass(frozen=True, kw_only=True)
class Winnings:
    """What a vendor or in-house work wins, draw by draw; each (draws + 1,), in the claim's unit.

    `start` is what it has without the event, `displaced` all displaced money, `wanted` what customers would bring it
    before anybody is full and `capacity` what it can take on; the last two are None where the claim is not on money
    that arrives.
    """

    start: Floats
    displaced: Floats
    wanted: Floats | None = None
    capacity: Floats | None = None


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A claim beside what the model says of it.

    `value` is what is claimed about, in the claim's unit, (draws + 1,) with the central path last, and empty where
    nothing was tested; `what` says what was measured, `reason` why nothing was.
    """

    claim: Claim
    what: str = ""
    reason: str | None = None
    value: Floats = field(default_factory=lambda: np.zeros(0), repr=False)
    winnings: Winnings | None = field(default=None, repr=False)

    @property
    def tested(self) -> bool:
        """Whether anything was measured."""
        return self.value.size > 0

    @property
    def drawn(self) -> Floats:
        """The values without the central path; (draws,)."""
        return self.value[:-1]

    @cached_property
    def holds(self) -> Mask:
        """In which draws the claim is true; (draws,), empty where it is not tested."""
        return np.asarray((self.drawn >= self.claim.least) & (self.drawn <= self.claim.most))

    @cached_property
    def nearest(self) -> float:
        """The value of the draw that lies nearest to the claimed range, in the claim's unit; NaN if not tested."""
        return float(self.drawn[self.claim.distance(self.drawn).argmin()]) if self.tested else np.nan


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
