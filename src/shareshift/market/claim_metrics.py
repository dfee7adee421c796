"""What can be claimed: one record per metric, from which the tables, the rules and the tests of claims all follow.

A metric needs this record and, in `results.claims.measuring`, the function that measures it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

MONEY = {"recognised": "usd", "run_rate": "usd_per_year"}
SHARE = dict.fromkeys(("recognised", "run_rate", "event"), "share")


@dataclass(frozen=True, kw_only=True)
class Metric:
    """Whom a metric is about, and the bases on which it can be tested, each with the unit it is measured in.

    `subject` is the column that names whom, None where nobody need be named; `of_rivals` and `of_incumbent` say
    that it can be claimed of nobody else.
    """

    units: Mapping[str, str]
    subject: str | None = None
    of_rivals: bool = False
    of_incumbent: bool = False


METRICS: Mapping[str, Metric] = {
    "won_from_incumbent": Metric(subject="vendor_id", units=MONEY | {"bookings": "usd"}, of_rivals=True),
    "revenue": Metric(subject="vendor_id", units=MONEY),
    "share": Metric(subject="vendor_id", units=SHARE),
    "demand_ratio": Metric(subject="vendor_id", units={"demand": "ratio"}, of_rivals=True),
    "exit": Metric(subject="customer_id", units={"event": "probability"}),
    "in_house_flow": Metric(units=SHARE),
    "incumbent_revenue": Metric(units=MONEY, of_incumbent=True),
}


def untestable(
    *, metric: str, basis: str, unit: str, vendor_id: str | None, incumbent: str
) -> tuple[str, str, str] | None:
    """Return the column in which a claim cannot be tested as it is written, the rule it breaks, and what to do."""
    law = METRICS[metric]
    if basis not in law.units:
        return "basis", f"has no stated conversion to {metric}", f"Use {' or '.join(law.units)}"
    if unit != law.units[basis]:
        return "unit", f"does not measure {metric} on the basis {basis}", f"Use {law.units[basis]}"
    if law.of_rivals and vendor_id == incumbent:
        return "vendor_id", "is the incumbent and cannot win its own customers", "Name a rival"
    if law.of_incumbent and vendor_id not in {None, incumbent}:
        return "vendor_id", "is not the incumbent", "Use the metric revenue"
    return None
