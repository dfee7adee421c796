"""The range of every uncertain number of a market, under its key."""

from shareshift.market.market import Market
from shareshift.market.parameters import Range, range_of
from shareshift.market.second_choices import second_choice_rows
from shareshift.model.keys import INCUMBENT_REVENUE, InputKey


def ranges_of(market: Market) -> dict[InputKey, Range]:
    """Return the ranges as the tables have them, before any scenario."""
    ranges = {InputKey(name): parameter.range for name, parameter in market.parameters.items()}
    for row in market.current("revenues", ["vendor_id"]).iter_rows(named=True):
        vendor = row["vendor_id"]
        key = INCUMBENT_REVENUE if vendor == market.incumbent else InputKey("revenue", vendor=vendor)
        ranges[key] = range_of(row, "_usd_per_year")
    for row in market.current("spend", ["customer_id", "vendor_id"]).iter_rows(named=True):
        customer, vendor = row["customer_id"], row["vendor_id"]
        key = InputKey("spend", customer) if vendor == market.incumbent else InputKey("wallet", customer, vendor)
        ranges[key] = range_of(row, "_usd_per_year")
    for kind in ("capacity_growth", "slack"):
        for row in market.events(kind).iter_rows(named=True):
            if row["vendor_id"] != market.incumbent:
                ranges[InputKey(kind, vendor=row["vendor_id"])] = range_of(row, "")
    for row in market.events("exit_probability").iter_rows(named=True):
        ranges[InputKey("exit", row["customer_id"])] = range_of(row, "")
    second_choices = second_choice_rows(market)
    for row in () if second_choices is None else second_choices.iter_rows(named=True):
        ranges[InputKey("diversion", row["customer_id"], row["vendor_id"])] = range_of(row, "")
    return ranges
