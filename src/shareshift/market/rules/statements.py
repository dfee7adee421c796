"""Events and claims say what their kind needs."""

from collections.abc import Iterator

import polars as pl

from shareshift.basics.errors import Fault
from shareshift.market.parameters import LIMITS
from shareshift.market.rules.naming import Row, Tables, at

EVENT_NEEDS: dict[str, tuple[str, str | None]] = {
    "stance": ("customer_id", None),
    "exit_probability": ("customer_id", "probability"),
    "capacity_growth": ("vendor_id", "share_per_month"),
    "slack": ("vendor_id", "share"),
}
CLAIM_NEEDS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "won_from_incumbent": ("vendor_id", ("usd", "usd_per_year")),
    "revenue": ("vendor_id", ("usd", "usd_per_year")),
    "share": ("vendor_id", ("share",)),
    "demand_ratio": ("vendor_id", ("ratio",)),
    "exit": ("customer_id", ("probability",)),
    "in_house_flow": (None, ("share",)),
    "incumbent_revenue": (None, ("usd", "usd_per_year")),
}


def events_say_what_their_kind_needs(tables: Tables, _: Row) -> Iterator[Fault]:
    """Events the model runs on name whom they concern and carry the quantity they stand for."""
    for row in tables["events"].iter_rows(named=True):
        key, unit = EVENT_NEEDS.get(row["kind"], (None, None))
        if key is None:
            if row["used"]:
                remedy = f"Set used to no, or use one of the kinds {', '.join(EVENT_NEEDS)}"
                yield at("events", row, "used", "is yes although the model does not run on this kind", remedy)
            continue
        for column in (key, "stance") if row["kind"] == "stance" else (key, "central"):
            if row["used"] and row[column] is None:
                yield at("events", row, column, f"is empty although the kind is {row['kind']}", "Fill it in")
        least, most = LIMITS.get(row["kind"], (0.0, 1.0))
        for column in ("low", "high") if row["used"] and unit is not None else ():
            if row[column] is not None and not least <= row[column] <= most:
                rule = f"is outside what the equations allow, {least:g} to {most:g}"
                yield at("events", row, column, rule, "Bring it inside")
        if row["used"] and unit is not None and row["unit"] != unit:
            yield at("events", row, "unit", f"is not {unit}, as the kind {row['kind']} needs", f"Write {unit}")


def claims_can_be_tested(tables: Tables, _: Row) -> Iterator[Fault]:
    """A claim's reading is unique, names its subject, and has the ends its comparator needs."""
    claims = tables["claims"]
    again = claims.filter(pl.struct("claim_id", "reading").is_duplicated())
    for row in again.iter_rows(named=True):
        yield at("claims", row, "reading", "stands more than once for this claim", "Give each reading its own word")
    for row in claims.iter_rows(named=True):
        key, units = CLAIM_NEEDS.get(row["metric"], (None, ()))
        if key is not None and row[key] is None:
            yield at("claims", row, key, f"is empty although the metric is {row['metric']}", "Name the subject")
        if units and row["unit"] not in units:
            rule = f"does not measure {row['metric']}"
            yield at("claims", row, "unit", rule, f"Use {' or '.join(units)}")
        for column, needed_by in (("low", {"at_least", "between"}), ("high", {"at_most", "between"})):
            if row["comparator"] in needed_by and row[column] is None:
                yield at("claims", row, column, f"is empty although it is {row['comparator']}", "Give the number")
        if row["low"] is not None and row["high"] is not None and row["low"] > row["high"]:
            yield at("claims", row, "low", f"is above high {row['high']:g}", "Put the smaller number first")
