"""The kinds of events that the model runs on, one record each; events of every other kind stay for the record."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """Whom an event of this kind concerns (a column), what it gives (a column), and the unit of a quantity."""

    subject: str
    gives: str = "central"
    unit: str | None = None


USED_KINDS: Mapping[str, EventKind] = {
    "stance": EventKind(subject="customer_id", gives="stance"),
    "exit_probability": EventKind(subject="customer_id", unit="probability"),
    "capacity_growth": EventKind(subject="vendor_id", unit="share_per_month"),
    "slack": EventKind(subject="vendor_id", unit="share"),
}
