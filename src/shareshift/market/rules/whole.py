"""The market is complete: everybody has a figure, every slider is there."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from shareshift.basics.errors import Fault
from shareshift.basics.vocabulary import RESERVED
from shareshift.market.parameters import LIMITS
from shareshift.market.rules.naming import Row, Tables, at


def current_rows(frame: pl.DataFrame, keys: list[str], as_of: date) -> pl.DataFrame:
    """Return per key the row the model runs on: used, known by `as_of`, latest known first."""
    known = frame.filter(pl.col("used") & (pl.col("known_from") <= as_of))
    order = ["known_from", "date"] if "date" in frame.columns else ["known_from"]
    return known.sort(order, maintain_order=True).unique(keys, keep="last", maintain_order=True).sort(keys)


def the_market_is_whole(tables: Tables, config: Row) -> Iterator[Fault]:
    """The incumbent and its owner are there, one customer takes the remainder, everybody has a figure."""
    incumbent, as_of = config["incumbent"], config["as_of"]
    remainders = tables["customers"].filter(pl.col("is_remainder"))
    if remainders.height != 1:
        rule = f"{remainders.height} rows are marked is_remainder"
        remedy = "Mark exactly one row, the one that takes the rest of the incumbent's revenue"
        yield Fault(file="customers.csv", column="is_remainder", rule=rule, remedy=remedy)
    if incumbent not in tables["vendors"]["vendor_id"]:
        rule = f"names the incumbent {incumbent}, which is not in vendors.csv"
        yield Fault(file="market.toml", rule=rule, remedy="Add it to vendors.csv or correct the name")
    owner = config.get("owner")
    if owner is not None and owner not in tables["customers"]["customer_id"]:
        rule = f"names the owner {owner}, which is not in customers.csv"
        yield Fault(file="market.toml", rule=rule, remedy="Add it to customers.csv or leave the owner out")
    yield from one_current_row(tables["revenues"], ["vendor_id"], "revenues")
    yield from one_current_row(tables["spend"], ["customer_id", "vendor_id"], "spend")
    priced = set(current_rows(tables["revenues"], ["vendor_id"], as_of)["vendor_id"])
    for row in tables["vendors"].iter_rows(named=True):
        if row["vendor_id"] not in priced:
            rule = f"has no used row in revenues.csv known by {as_of}"
            yield at("vendors", row, "vendor_id", rule, "Add a run rate, as an assumption with a reason if need be")
    spend = current_rows(tables["spend"], ["customer_id", "vendor_id"], as_of)
    payers = set(spend.filter(pl.col("vendor_id") == incumbent)["customer_id"])
    for row in tables["customers"].iter_rows(named=True):
        if row["is_remainder"] and row["customer_id"] in payers:
            rule = "takes the remainder and so can have no used spend at the incumbent"
            yield at("customers", row, "customer_id", rule, "Remove that row of spend.csv")
        if row["is_remainder"] is False and row["customer_id"] not in payers:
            rule = f"has no used row at {incumbent} in spend.csv known by {as_of}"
            yield at("customers", row, "customer_id", rule, "Add one, as an assumption with a reason if need be")


def no_vendor_takes_a_reserved_name(tables: Tables, _: Row) -> Iterator[Fault]:
    """What is built in-house, not spent or unplaced is told apart from what vendors win by its name."""
    for row in tables["vendors"].filter(pl.col("vendor_id").is_in(list(RESERVED))).iter_rows(named=True):
        yield at("vendors", row, "vendor_id", "is the name of a destination that is no vendor", "Choose another id")


def customers_fit_the_incumbent(tables: Tables, config: Row) -> Iterator[Fault]:
    """The named customers' spend does not exceed what the incumbent takes in."""
    incumbent, as_of = config["incumbent"], config["as_of"]
    spend = current_rows(tables["spend"], ["customer_id", "vendor_id"], as_of).filter(pl.col("vendor_id") == incumbent)
    total = spend["central_usd_per_year"].sum()
    revenue = current_rows(tables["revenues"], ["vendor_id"], as_of).filter(pl.col("vendor_id") == incumbent)
    for row in revenue.drop_nulls("high_usd_per_year").iter_rows(named=True):
        if total > row["high_usd_per_year"]:
            rule = f"is less than the customers' spend at {incumbent}, {total:,.0f} USD per year"
            remedy = "Lower the spend rows or raise the revenue; the sources contradict each other"
            yield at("revenues", row, "high_usd_per_year", rule, remedy)


def parameters_are_the_engines(tables: Tables, _: Row) -> Iterator[Fault]:
    """Every parameter is one the engine uses, all are there, and each lies within its limits."""
    frame = tables["parameters"]
    for name in LIMITS:
        if name not in frame["parameter_id"]:
            rule = f"the parameter {name} is missing"
            yield Fault(file="parameters.csv", rule=rule, remedy="Add its row")
    for row in frame.drop_nulls(["low", "central", "high", "minimum", "maximum", "step"]).iter_rows(named=True):
        name = row["parameter_id"]
        if name not in LIMITS:
            yield at("parameters", row, "parameter_id", "is no parameter of the engine", "Remove the row")
            continue
        least, most = LIMITS[name]
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
    by_name = {row["parameter_id"]: row["maximum"] for row in frame.iter_rows(named=True)}
    if (by_name.get("built_in_house") or 0) + (by_name.get("not_spent") or 0) >= 1:
        rule = "the highest built_in_house and the highest not_spent together leave nothing for rivals"
        yield Fault(file="parameters.csv", column="maximum", rule=rule, remedy="Keep their sum below 1")


def one_current_row(frame: pl.DataFrame, keys: list[str], table: str) -> Iterator[Fault]:
    """Two used rows that became known on one day leave it open which one counts."""
    tied = frame.filter(pl.col("used") & pl.struct(*keys, "known_from", "used").is_duplicated())
    for row in tied.iter_rows(named=True):
        rule = "is yes for two rows of the same key that became known on the same day"
        yield at(table, row, "used", rule, "Use one of them")
