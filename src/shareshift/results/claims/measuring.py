"""What every claim is tested on: the model's own value of the claimed quantity, draw by draw."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.basics.errors import ClaimError
from shareshift.basics.months import MONTHS_PER_YEAR
from shareshift.results.claims.claim import Claim, Measured, claim_fault, known_claims
from shareshift.results.projection import Projection

# How a monthly amount (months, n) becomes one number per draw, and the unit it then has.
PERIODS: dict[str, tuple[str, str, Callable[[Floats], Floats]]] = {
    "recognised": ("usd", "earned from the event to the deadline", lambda monthly: monthly.sum(axis=0)),
    "run_rate": (
        "usd_per_year",
        "yearly pace: twelve times the month of the deadline",
        lambda monthly: monthly[-1] * MONTHS_PER_YEAR,
    ),
    "bookings": (
        "usd",
        "contracts signed: delivered by the deadline plus twelve months at the pace then reached",
        lambda monthly: monthly.sum(axis=0) + monthly[-1] * MONTHS_PER_YEAR,
    ),
}


def measure_claims(run: Projection, claims: Sequence[Claim] | None = None) -> tuple[Measured, ...]:
    """Test claims, by default all that are known by the market's date, against a run.

    A deadline outside the months of the run is not tested, and the result says so. Raises `ClaimError` naming
    every reading whose basis, unit and metric do not go together.
    """
    claims = known_claims(run.market) if claims is None else claims
    if faults := [fault for claim in claims if (fault := claim_fault(claim, run.market.incumbent))]:
        raise ClaimError("\n".join(faults))
    paths = _Paths(run)
    return tuple(_measured(paths, claim) for claim in claims)


class _Paths:
    """The monthly paths that claims are tested on, each reckoned once."""

    def __init__(self, run: Projection) -> None:
        self.run = run

    @cached_property
    def pool(self) -> Floats:
        """All displaced money; (months, n), USD."""
        return self.run.sample.displaced_total

    @cached_property
    def wanted(self) -> Floats:
        """Demand before anybody is full; (months, options, n), USD."""
        return self.run.migration.wanted

    @cached_property
    def room(self) -> Floats:
        """What each option can take on; (months, options, n), USD."""
        return self.run.migration.room

    def count(self, deadline: date) -> int:
        """Return how many months there are up to and with the deadline's."""
        first = self.run.months[0]
        return (deadline.year - first.year) * MONTHS_PER_YEAR + deadline.month - first.month + 1


def _measured(paths: _Paths, claim: Claim) -> Measured:
    months, count = paths.run.months, paths.count(claim.deadline)
    if count < 1:
        reason = f"The deadline {claim.deadline} lies before the first month of the run, {months[0]:%Y-%m}."
        return Measured(claim=claim, reason=reason)
    if count > len(months):
        reason = f"The deadline {claim.deadline} lies beyond the last month of the run, {months[-1]:%Y-%m}."
        return Measured(claim=claim, reason=reason)
    return METRICS[claim.metric](paths, claim, count)


def _won(paths: _Paths, claim: Claim, count: int) -> Measured:
    run, (_, words, over) = paths.run, PERIODS[claim.basis]
    vendor, option = _positions(run, claim)
    pool = over(paths.pool[:count])
    return Measured(
        claim=claim,
        what=f"Displaced money won, {words}",
        value=over(run.displaced_gain[vendor, :count]),
        start=np.zeros_like(pool),
        pool=pool,
        wanted=over(paths.wanted[:count, option]),
        room=over(paths.room[:count, option]),
    )


def _revenue(paths: _Paths, claim: Claim, count: int) -> Measured:
    run, (_, words, over) = paths.run, PERIODS[claim.basis]
    own = claim.metric == "incumbent_revenue" or claim.vendor_id == run.market.incumbent
    vendor = 0 if own else _positions(run, claim)[0]
    value = over(run.revenue[vendor, :count])
    what = f"Revenue, {words}"
    if own:
        return Measured(claim=claim, what=what, value=value)
    return Measured(
        claim=claim,
        what=what,
        value=value,
        start=over(run.no_event[vendor, :count]),
        pool=over(paths.pool[:count]),
        wanted=over(paths.wanted[:count, vendor - 1]),
        room=over(paths.room[:count, vendor - 1]),
    )


def _share(paths: _Paths, claim: Claim, count: int) -> Measured:
    revenue = paths.run.revenue[:, :count] if claim.basis == "recognised" else paths.run.revenue[:, count - 1 : count]
    total = revenue.sum(axis=(0, 1))
    vendor = paths.run.vendors.index(str(claim.vendor_id))
    when = "from the event to the deadline" if claim.basis == "recognised" else "in the month of the deadline"
    value = revenue[vendor].sum(axis=0) / np.where(total > 0, total, 1.0)
    return Measured(claim=claim, what=f"Share of outsourced revenue {when}", value=value)


def _demand(paths: _Paths, claim: Claim, count: int) -> Measured:
    run = paths.run
    vendor, option = _positions(run, claim)
    at_event = run.sample.run_rate[option] / MONTHS_PER_YEAR
    monthly = np.where(at_event > 0, at_event, 1.0)
    start = run.no_event[vendor, count - 1] / monthly
    return Measured(
        claim=claim,
        what="Demand before capacity in the month of the deadline, over the monthly run rate at the event",
        value=start + paths.wanted[count - 1, option] / monthly,
        start=start,
        pool=paths.pool[count - 1] / monthly,
    )


def _exit(paths: _Paths, claim: Claim, _: int) -> Measured:
    customer = paths.run.inputs.customers.index(str(claim.customer_id))
    what = "Whether the customer leaves; the model settles that once, not by a date"
    return Measured(claim=claim, what=what, value=paths.run.sample.exits[customer])


def _in_house(paths: _Paths, claim: Claim, count: int) -> Measured:
    months = slice(count - 1, count) if claim.basis == "run_rate" else slice(0, count)
    pool = paths.pool[months].sum(axis=0)
    part = np.where(pool > 0, pool, 1.0)
    when = "in the month of the deadline" if claim.basis == "run_rate" else "from the event to the deadline"
    return Measured(
        claim=claim,
        what=f"Part of the displaced money that is built in-house {when}",
        value=paths.run.migration.to_options[months, -1].sum(axis=0) / part,
        start=np.zeros_like(pool),
        pool=(pool > 0).astype(np.float64),
        wanted=paths.wanted[months, -1].sum(axis=0) / part,
        room=paths.room[months, -1].sum(axis=0) / part,
    )


def _positions(run: Projection, claim: Claim) -> tuple[int, int]:
    """Return where a rival stands among the vendors and among the options."""
    vendor = run.vendors.index(str(claim.vendor_id))
    return vendor, vendor - 1


METRICS: dict[str, Callable[[_Paths, Claim, int], Measured]] = {
    "won_from_incumbent": _won,
    "revenue": _revenue,
    "incumbent_revenue": _revenue,
    "share": _share,
    "demand_ratio": _demand,
    "exit": _exit,
    "in_house_flow": _in_house,
}
