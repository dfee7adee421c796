"""Over-subscription: what rivals say they won, over the money there is, one basis at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.results.claims.claim import Claim, Measured
from shareshift.results.claims.credibility import by_weight

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
