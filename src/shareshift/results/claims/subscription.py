"""Over-subscription: what rivals say they won, over the money there is, one basis at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.market.claim_metrics import METRICS
from shareshift.results.claims.claim import Claim, Key, Measured
from shareshift.results.claims.credibility import by_weight
from shareshift.results.rows import finite

WON = "won_from_incumbent"


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """The claims on the displaced money on one basis, due by one date.

    `counted` are the claims that add up, `left_out` the others with the reason; `displaced` (draws + 1,) is the
    displaced money on the same basis at the deadline, in `unit`. `high` is None where a counted claim has an open end.
    """

    basis: str
    unit: str
    deadline: date
    counted: tuple[Measured, ...]
    left_out: tuple[tuple[Measured, str], ...]
    displaced: Floats = field(repr=False)

    @property
    def low(self) -> float:
        """The least that the counted claims add up to, in `unit`."""
        return float(sum(item.claim.least for item in self.counted))

    @property
    def high(self) -> float | None:
        """The most that the counted claims add up to, in `unit`."""
        return finite(float(sum(item.claim.most for item in self.counted)))


def subscriptions(measured: Iterable[Measured]) -> tuple[Subscription, ...]:
    """Return the claims of rivals to have won the incumbent's customers, per basis and deadline; never mixed.

    At a deadline every claim due by then counts against the pool at that date: money won earlier stays won. Of one
    claim one reading counts per basis, of one story one report, of one vendor one claim: the better graded, then the
    later. Claims of at most so much ask for nothing and are not counted.
    """
    found = []
    claims = [item for item in measured if item.claim.metric == WON and item.tested]
    for basis, unit in METRICS[WON].units.items():
        on_basis = [item for item in claims if item.claim.basis == basis]
        displaced = {item.claim.deadline: item.winnings.displaced for item in on_basis if item.winnings}
        for deadline in sorted(displaced):
            counted, left_out = _counted({i.claim.key: i for i in on_basis if i.claim.deadline <= deadline})
            found.append(
                Subscription(
                    basis=basis,
                    unit=unit,
                    deadline=deadline,
                    counted=counted,
                    left_out=left_out,
                    displaced=displaced[deadline],
                )
            )
    return tuple(found)


def _counted(due: dict[Key, Measured]) -> tuple[tuple[Measured, ...], tuple[tuple[Measured, str], ...]]:
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
        if why := claim.again(other):
            return why
        if claim.vendor_id == other.vendor_id:
            return f"The vendor's winnings count once, by its better graded or later claim {other.claim_id}."
    return None
