"""What every claim is tested on: the model's own value of the claimed quantity, draw by draw."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.basics.errors import ClaimError
from shareshift.basics.months import MONTHS_PER_YEAR
from shareshift.results.claims.claim import Claim, Measured, Winnings, claim_fault, known_claims
from shareshift.results.projection import Projection

# What a monthly amount (months, n) is called on a basis of money, and how it becomes one number per draw.
PERIODS: dict[str, tuple[str, Callable[[Floats], Floats]]] = {
    "recognised": ("earned from the event to the deadline", lambda monthly: monthly.sum(axis=0)),
    "run_rate": (
        "run rate: twelve times the month of the deadline",
        lambda monthly: monthly[-1] * MONTHS_PER_YEAR,
    ),
    "bookings": (
        "contracts signed: delivered by the deadline plus twelve months at the run rate then reached",
        lambda monthly: monthly.sum(axis=0) + monthly[-1] * MONTHS_PER_YEAR,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Paths:
    """The monthly paths that claims are tested on, in USD.

    `displaced` (months, n) is all displaced money; `wanted` and `capacity` (months, options, n) are what customers
    would bring each option before anybody is full, and what it can take on.
    """

    run: Projection
    displaced: Floats
    wanted: Floats
    capacity: Floats

    def winnings(self, option: int, count: int, over: Callable[[Floats], Floats], start: Floats) -> Winnings:
        """Return what an option wins in so many months, made one number per draw by `over`."""
        return Winnings(
            start=start,
            displaced=over(self.displaced[:count]),
            wanted=over(self.wanted[:count, option]),
            capacity=over(self.capacity[:count, option]),
        )


def measure_claims(run: Projection, claims: Sequence[Claim] | None = None) -> tuple[Measured, ...]:
    """Test claims, by default all that are known by the market's date, against a run.

    A deadline outside the months of the run is not tested, and the result says so. Raises `ClaimError` naming
    every reading whose basis, unit and metric do not go together.
    """
    claims = known_claims(run.market) if claims is None else claims
    if faults := [fault for claim in claims if (fault := claim_fault(claim, run.market.incumbent))]:
        raise ClaimError("\n".join(faults))
    placed = run.migration
    paths = Paths(run=run, displaced=run.sample.displaced_total, wanted=placed.wanted, capacity=placed.headroom)
    return tuple(_measured(paths, claim) for claim in claims)


def _measured(paths: Paths, claim: Claim) -> Measured:
    months, deadline = paths.run.months, claim.deadline
    count = (deadline.year - months[0].year) * MONTHS_PER_YEAR + deadline.month - months[0].month + 1
    if count < 1:
        reason = f"The deadline {deadline} lies before the first month of the run, {months[0]:%Y-%m}."
        return Measured(claim=claim, reason=reason)
    if count > len(months):
        reason = f"The deadline {deadline} lies beyond the last month of the run, {months[-1]:%Y-%m}."
        return Measured(claim=claim, reason=reason)
    return MEASURES[claim.metric](paths, claim, count)


def _won(paths: Paths, claim: Claim, count: int) -> Measured:
    words, over = PERIODS[claim.basis]
    vendor = _vendor(paths, claim)
    value = over(paths.run.displaced_gain[vendor, :count])
    winnings = paths.winnings(vendor - 1, count, over, np.zeros_like(value))
    return Measured(claim=claim, what=f"Displaced money won, {words}", value=value, winnings=winnings)


def _revenue(paths: Paths, claim: Claim, count: int) -> Measured:
    words, over = PERIODS[claim.basis]
    vendor = 0 if claim.metric == "incumbent_revenue" else _vendor(paths, claim)
    start = over(paths.run.no_event[vendor, :count])
    # What the incumbent takes in is nothing that it wins.
    winnings = paths.winnings(vendor - 1, count, over, start) if vendor else None
    value = over(paths.run.revenue[vendor, :count])
    return Measured(claim=claim, what=f"Revenue, {words}", value=value, winnings=winnings)


def _share(paths: Paths, claim: Claim, count: int) -> Measured:
    months = range(count) if claim.basis == "recognised" else (count - 1,)
    revenue = np.stack([paths.run.month_in_market(month) for month in months], axis=1)
    total = revenue.sum(axis=(0, 1))
    when = "from the event to the deadline" if claim.basis == "recognised" else "in the month of the deadline"
    value = revenue[_vendor(paths, claim)].sum(axis=0) / np.where(total > 0, total, 1.0)
    return Measured(claim=claim, what=f"Share of the market {when}", value=value)


def _demand(paths: Paths, claim: Claim, count: int) -> Measured:
    run, vendor = paths.run, _vendor(paths, claim)
    at_event = run.sample.run_rate[vendor - 1] / MONTHS_PER_YEAR
    monthly = np.where(at_event > 0, at_event, 1.0)
    start = run.no_event[vendor, count - 1] / monthly
    return Measured(
        claim=claim,
        what="Demand before capacity in the month of the deadline, over the monthly run rate at the event",
        value=start + paths.wanted[count - 1, vendor - 1] / monthly,
        winnings=Winnings(start=start, displaced=paths.displaced[count - 1] / monthly),
    )


def _exit(paths: Paths, claim: Claim, count: int) -> Measured:
    customer = paths.run.inputs.customers.index(str(claim.customer_id))
    what = "Whether the customer begins to leave by the end of the deadline's month, of many firms whether most do"
    exits = paths.run.sample.begun(count - 1)[customer]
    # A row of many firms leaves in part; the central path has chances.
    return Measured(claim=claim, what=what, value=np.append(np.round(exits[:-1]), exits[-1]))


def _in_house(paths: Paths, claim: Claim, count: int) -> Measured:
    months = slice(count - 1, count) if claim.basis == "run_rate" else slice(0, count)
    displaced = paths.displaced[months].sum(axis=0)
    part = np.where(displaced > 0, displaced, 1.0)
    when = "in the month of the deadline" if claim.basis == "run_rate" else "from the event to the deadline"
    return Measured(
        claim=claim,
        what=f"Part of the displaced money that is built in-house {when}",
        value=paths.run.migration.to_options[months, -1].sum(axis=0) / part,
        winnings=Winnings(
            start=np.zeros_like(displaced),
            displaced=(displaced > 0).astype(np.float64),
            wanted=paths.wanted[months, -1].sum(axis=0) / part,
            capacity=paths.capacity[months, -1].sum(axis=0) / part,
        ),
    )


def _vendor(paths: Paths, claim: Claim) -> int:
    """Return where a vendor stands among the vendors; a rival stands one place earlier among the options."""
    return paths.run.vendors.index(str(claim.vendor_id))


MEASURES: dict[str, Callable[[Paths, Claim, int], Measured]] = {
    "won_from_incumbent": _won,
    "revenue": _revenue,
    "incumbent_revenue": _revenue,
    "share": _share,
    "demand_ratio": _demand,
    "exit": _exit,
    "in_house_flow": _in_house,
}
