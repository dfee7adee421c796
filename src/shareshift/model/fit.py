"""What rivals can do for each customer, and how large they are there."""

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.market.market import Market

CANNOT = -1.0


def serving(market: Market, rivals: pl.DataFrame) -> tuple[Floats, Floats]:
    """Return which part of what each customer needs each rival serves, and its size there over its run rate.

    (customers, rivals) both; -1 where a rival cannot serve a customer. `rivals` are their rows of vendors. A row of
    serves counts before the segments of both.
    """
    customers = market.tables["customers"]
    needs, offers = (
        [set(words.split(";")) if words else set() for words in table["segments"]] for table in (customers, rivals)
    )
    match = np.array([[len(need & offer) / len(need) if need else 0.0 for offer in offers] for need in needs])
    match = match.reshape(len(needs), len(offers))
    there = np.ones_like(match)
    if "serves" not in market.tables:
        return match, there
    who, whom = customers["customer_id"].to_list(), rivals["vendor_id"].to_list()
    sizes = dict(market.current("revenues", ["vendor_id"]).select("vendor_id", "central_usd_per_year").iter_rows())
    for row in market.current("serves", ["customer_id", "vendor_id"]).iter_rows(named=True):
        at = who.index(row["customer_id"]), whom.index(row["vendor_id"])
        match[at] = row["part"] or CANNOT
        size = sizes.get(row["vendor_id"])
        if row["usd_per_year"] is not None and size:
            there[at] = row["usd_per_year"] / size
    return match, there
