"""The market is complete: everybody has a figure, every slider is there."""

from collections.abc import Iterator

import polars as pl

from shareshift.basics.errors import Fault
from shareshift.basics.vocabulary import RESERVED
from shareshift.market.parameter_records import PARAMETERS
from shareshift.market.rules.cells import Setting, Tables, at, each
from shareshift.market.rules.current import current_rows, one_current_row


def the_market_is_whole(tables: Tables, setting: Setting) -> Iterator[Fault]:
    """The incumbent and its owner are there, one customer takes the remainder, everybody has a figure."""
    incumbent, as_of = setting.incumbent, setting.as_of
    remainders = tables["customers"].filter(pl.col("is_remainder"))
    if remainders.height != 1:
        rule = f"{remainders.height} rows are marked is_remainder"
        remedy = "Mark exactly one row, the one that takes the rest of the incumbent's revenue"
        yield Fault(file="customers.csv", column="is_remainder", rule=rule, remedy=remedy)
    if incumbent not in tables["vendors"]["vendor_id"]:
        rule = f"names the incumbent {incumbent}, which is not in vendors.csv"
        yield Fault(file="market.toml", rule=rule, remedy="Add it to vendors.csv or correct the name")
    if tables["vendors"].height < 2:
        rule = "the incumbent has no rival"
        yield Fault(file="vendors.csv", rule=rule, remedy="Add at least one vendor that customers may go to")
    if setting.owner is not None and setting.owner not in tables["customers"]["customer_id"]:
        rule = f"names the owner {setting.owner}, which is not in customers.csv"
        yield Fault(file="market.toml", rule=rule, remedy="Add it to customers.csv or leave the owner out")
    yield from one_current_row("revenues", tables["revenues"], ["vendor_id"])
    yield from one_current_row("spend", tables["spend"], ["customer_id", "vendor_id"])
    priced = current_rows(tables["revenues"], ["vendor_id"], as_of)["vendor_id"].implode()
    lost = tables["vendors"].filter(~pl.col("vendor_id").is_in(priced))
    rule = f"has no used row in revenues.csv known by {as_of}"
    remedy = "Add a run rate, as an assumption with a reason if need be"
    yield from each("vendors", lost, "vendor_id", rule, remedy)
    spend = current_rows(tables["spend"], ["customer_id", "vendor_id"], as_of)
    pays = pl.col("customer_id").is_in(spend.filter(pl.col("vendor_id") == incumbent)["customer_id"].implode())
    rule = "takes the remainder and so can have no used spend at the incumbent"
    both = tables["customers"].filter(pl.col("is_remainder") & pays)
    yield from each("customers", both, "customer_id", rule, "Remove that row of spend.csv")
    rule = f"has no used row at {incumbent} in spend.csv known by {as_of}"
    neither = tables["customers"].filter(~pl.col("is_remainder") & ~pays)
    yield from each("customers", neither, "customer_id", rule, "Add one, as an assumption with a reason if need be")


def every_party_has_an_id_of_its_own(tables: Tables, _: Setting) -> Iterator[Fault]:
    """Vendors, customers and the reserved destinations are told apart by their ids, and readers by their names."""
    for table, key in (("vendors", "vendor_id"), ("customers", "customer_id")):
        taken = tables[table].filter(pl.col(key).is_in(list(RESERVED)))
        yield from each(table, taken, key, "is the name of a destination that is no vendor", "Choose another id")
        words = pl.col("name").is_in(list(RESERVED.values()))
        rule = "is what readers call a destination that is no vendor"
        yield from each(table, tables[table].filter(words), "name", rule, "Choose another name")
        same = tables[table].filter(pl.col("name").is_duplicated())
        yield from each(table, same, "name", "stands for two rows, which readers could not tell apart", "Add a word")
    both = tables["customers"].filter(pl.col("customer_id").is_in(tables["vendors"]["vendor_id"].implode()))
    yield from each("customers", both, "customer_id", "is the id of a vendor as well", "Choose another id")


def customers_fit_their_vendors(tables: Tables, setting: Setting) -> Iterator[Fault]:
    """What customers are known to spend at a vendor does not exceed what it takes in."""
    spend = current_rows(tables["spend"], ["customer_id", "vendor_id"], setting.as_of)
    totals = dict(spend.group_by("vendor_id").agg(pl.col("central_usd_per_year").sum()).iter_rows())
    for row in current_rows(tables["revenues"], ["vendor_id"], setting.as_of).iter_rows(named=True):
        vendor, high = row["vendor_id"], row["high_usd_per_year"]
        total = totals.get(vendor) or 0.0
        # A rival without any revenue is one of which none is known, as of one that has only begun.
        unknown = high == 0 and vendor != setting.incumbent
        if high is not None and not unknown and high < total * (1 - 1e-12):
            rule = f"is less than the customers' spend at {vendor}, {total:,.0f} USD per year"
            remedy = "Lower the spend rows or raise the revenue; the sources contradict each other"
            yield at("revenues", row, "high_usd_per_year", rule, remedy)


def parameters_are_the_engines(tables: Tables, _: Setting) -> Iterator[Fault]:
    """Every parameter is one the engine uses, and each lies within its limits."""
    frame = tables["parameters"]
    for row in frame.drop_nulls(["low", "central", "high", "minimum", "maximum", "step"]).iter_rows(named=True):
        name = row["parameter_id"]
        if name not in PARAMETERS:
            yield at("parameters", row, "parameter_id", "is no parameter of the engine", "Remove the row")
            continue
        least, most = PARAMETERS[name].limits
        if row["low"] < row["minimum"] or row["high"] > row["maximum"]:
            rule = f"leaves the slider's limits {row['minimum']:g} to {row['maximum']:g}"
            column = "low" if row["low"] < row["minimum"] else "high"
            yield at("parameters", row, column, rule, "Widen the limits or narrow the range")
        for column, beyond in (("minimum", row["minimum"] < least), ("maximum", row["maximum"] > most)):
            if beyond:
                rule = f"is outside what the equations allow, {least:g} to {most:g}"
                yield at("parameters", row, column, rule, "Bring it inside")
        if row["distribution"] == "lognormal" and most <= 1:
            rule = "has no upper end, but the parameter has"
            yield at("parameters", row, "distribution", rule, "Use pert or triangular")
        if row["step"] <= 0:
            continue
        steps = (row["central"] - row["minimum"]) / row["step"]
        if abs(steps - round(steps)) > 1e-6:
            rule = "is not a whole number of steps above the minimum"
            yield at("parameters", row, "central", rule, "Choose the step so that the slider can rest there")
    given = {row["parameter_id"]: row["maximum"] for row in frame.iter_rows(named=True)}
    own = [given.get(name, PARAMETERS[name].slider[1]) or 0 for name in ("built_in_house", "not_spent")]
    if sum(own) >= 1:
        rule = "the highest built_in_house and the highest not_spent together leave nothing for rivals"
        yield Fault(file="parameters.csv", column="maximum", rule=rule, remedy="Keep their sum below 1")
