"""What every claim is tested on: the model's own value of the claimed quantity, draw by draw."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.basics.errors import ClaimError
from shareshift.basics.months import MONTHS_PER_YEAR, part_over
from shareshift.results.claims.claim import Claim, Measured, Winnings, claim_fault, known_claims
from shareshift.results.projection import Projection


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline in months of the run: how many there are with its own, and which part of the last is over by it."""

    count: int
    part: float

    def total(self, monthly: Floats) -> Floats:
        """Return what adds up by the deadline, the last month by its days; (count, n) to (n,)."""
        return np.asarray(monthly[:-1].sum(axis=0) + self.part * monthly[-1])


def due_of(deadline: date, first_month: date) -> Due:
    """Return where a deadline lies; its day itself counts."""
    count = (deadline.year - first_month.year) * MONTHS_PER_YEAR + deadline.month - first_month.month + 1
    return Due(count=count, part=part_over(deadline))


# What a monthly amount (months, n) is called on a basis of money, and how it becomes one number per draw.
PERIODS: dict[str, tuple[str, Callable[[Due, Floats], Floats]]] = {
    "recognised": ("earned from the event to the deadline", Due.total),
    "run_rate": (
        "run rate: twelve times the month of the deadline",
        lambda _, monthly: monthly[-1] * MONTHS_PER_YEAR,
    ),
    "bookings": (
        "contracts signed: delivered by the deadline plus twelve months at the run rate then reached",
        lambda due, monthly: due.total(monthly) + monthly[-1] * MONTHS_PER_YEAR,
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
    due = due_of(deadline, months[0])
    if due.count < 1:
        reason = f"The deadline {deadline} lies before the first month of the run, {months[0]:%Y-%m}."
        return Measured(claim=claim, reason=reason)
    if due.count > len(months):
        reason = f"The deadline {deadline} lies beyond the last month of the run, {months[-1]:%Y-%m}."
        return Measured(claim=claim, reason=reason)
    return MEASURES[claim.metric](paths, claim, due)


def _won(paths: Paths, claim: Claim, due: Due) -> Measured:
    words, total = PERIODS[claim.basis]
    vendor, over = _vendor(paths, claim), partial(total, due)
    value = over(paths.run.displaced_gain[vendor, : due.count])
    winnings = paths.winnings(vendor - 1, due.count, over, np.zeros_like(value))
    return Measured(claim=claim, what=f"Displaced money won, {words}", value=value, winnings=winnings)


def _revenue(paths: Paths, claim: Claim, due: Due) -> Measured:
    words, total = PERIODS[claim.basis]
    count, over = due.count, partial(total, due)
    vendor = 0 if claim.metric == "incumbent_revenue" else _vendor(paths, claim)
    start = over(paths.run.no_event[vendor, :count])
    # What the incumbent takes in is nothing that it wins.
    winnings = paths.winnings(vendor - 1, count, over, start) if vendor else None
    value = over(paths.run.revenue[vendor, :count])
    return Measured(claim=claim, what=f"Revenue, {words}", value=value, winnings=winnings)


def _share(paths: Paths, claim: Claim, due: Due) -> Measured:
    adds_up = claim.basis == "recognised"
    months = [paths.run.month_in_market(month) for month in range(0 if adds_up else due.count - 1, due.count)]
    revenue = due.total(np.stack(months)) if adds_up else months[-1]
    total = revenue.sum(axis=0)
    when = "from the event to the deadline" if adds_up else "in the month of the deadline"
    value = revenue[_vendor(paths, claim)] / np.where(total > 0, total, 1.0)
    return Measured(claim=claim, what=f"Share of the market {when}", value=value)


def _demand(paths: Paths, claim: Claim, due: Due) -> Measured:
    run, vendor, count = paths.run, _vendor(paths, claim), due.count
    at_event = run.sample.run_rate[vendor - 1] / MONTHS_PER_YEAR
    monthly = np.where(at_event > 0, at_event, 1.0)
    start = run.no_event[vendor, count - 1] / monthly
    return Measured(
        claim=claim,
        what="Demand before capacity in the month of the deadline, over the monthly run rate at the event",
        value=start + paths.wanted[count - 1, vendor - 1] / monthly,
        winnings=Winnings(start=start, displaced=paths.displaced[count - 1] / monthly),
    )


def _exit(paths: Paths, claim: Claim, due: Due) -> Measured:
    customer = paths.run.inputs.customers.index(str(claim.customer_id))
    what = "Whether the customer begins to leave by the deadline, of many firms whether most do"
    exits = paths.run.sample.begun(due.count - 2 + due.part)[customer]
    # A row of many firms leaves in part; the central path has chances.
    return Measured(claim=claim, what=what, value=np.append(np.round(exits[:-1]), exits[-1]))


def _in_house(paths: Paths, claim: Claim, due: Due) -> Measured:
    adds_up = claim.basis != "run_rate"

    def over(monthly: Floats) -> Floats:
        return due.total(monthly[: due.count]) if adds_up else np.asarray(monthly[due.count - 1])

    displaced = over(paths.displaced)
    part = np.where(displaced > 0, displaced, 1.0)
    when = "from the event to the deadline" if adds_up else "in the month of the deadline"
    return Measured(
        claim=claim,
        what=f"Part of the displaced money that is built in-house {when}",
        value=over(paths.run.migration.to_options[:, -1]) / part,
        winnings=Winnings(
            start=np.zeros_like(displaced),
            displaced=(displaced > 0).astype(np.float64),
            wanted=over(paths.wanted[:, -1]) / part,
            capacity=over(paths.capacity[:, -1]) / part,
        ),
    )


def _vendor(paths: Paths, claim: Claim) -> int:
    """Return where a vendor stands among the vendors; a rival stands one place earlier among the options."""
    return paths.run.vendors.index(str(claim.vendor_id))


MEASURES: dict[str, Callable[[Paths, Claim, Due], Measured]] = {
    "won_from_incumbent": _won,
    "revenue": _revenue,
    "incumbent_revenue": _revenue,
    "share": _share,
    "demand_ratio": _demand,
    "exit": _exit,
    "in_house_flow": _in_house,
}
