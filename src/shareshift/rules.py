"""Rules that one table alone cannot break: keys across tables, ranges, periods, bases, completeness.

Every rule is a function from the tables to faults; `RULES` is the whole law. Tables carry the file's line of
each row in the column `line`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import polars as pl

from shareshift.errors import Fault
from shareshift.parameters import LIMITS
from shareshift.vocabulary import COMPARABLE_BASES, RESERVED

Tables = dict[str, pl.DataFrame]
Row = dict[str, Any]
KEYS = {
    "sources": "source_id",
    "vendors": "vendor_id",
    "customers": "customer_id",
    "spend": "spend_id",
    "revenues": "revenue_id",
    "claims": "claim_id",
    "events": "event_id",
    "outcomes": "outcome_id",
    "parameters": "parameter_id",
}
SHARE_UNITS = ("share", "probability")


def check_rules(tables: Tables, config: Row) -> list[Fault]:
    """Return every broken rule across the tables of a market; `config` is its market.toml."""
    return [fault for rule in RULES for fault in rule(tables, config)]


def current_rows(frame: pl.DataFrame, keys: list[str], as_of: date) -> pl.DataFrame:
    """Return per key the row the model runs on: used, known by `as_of`, latest known first."""
    known = frame.filter(pl.col("used") & (pl.col("known_from") <= as_of))
    order = ["known_from", "date"] if "date" in frame.columns else ["known_from"]
    return known.sort(order, maintain_order=True).unique(keys, keep="last", maintain_order=True).sort(keys)


def every_key_exists(tables: Tables, _: Row) -> Iterator[Fault]:
    """Every id that names a row of another table names one that is there."""
    for table, frame in tables.items():
        for other in ("sources", "vendors", "customers", "claims"):
            key = KEYS[other]
            if table == other or key not in frame.columns:
                continue
            orphans = frame.filter(pl.col(key).is_not_null()).join(tables[other], on=key, how="anti")
            for row in orphans.iter_rows(named=True):
                yield _at(table, row, key, f"is not in {other}.csv", f"Add it to {other}.csv or correct the name")


def every_derivation_exists(tables: Tables, _: Row) -> Iterator[Fault]:
    """Every row that a figure is reckoned from is there."""
    known = {row_id for table in ("spend", "revenues", "events") for row_id in tables[table][KEYS[table]]}
    for table in ("spend", "revenues"):
        for row in tables[table].drop_nulls("derived_from").iter_rows(named=True):
            for row_id in set(row["derived_from"].split(";")) - known:
                remedy = "Name rows of spend, revenues or events"
                yield _at(table, row, "derived_from", f"names {row_id}, which is no row", remedy)


def every_source_is_used(tables: Tables, _: Row) -> Iterator[Fault]:
    """A source that no row rests on is a leftover or a forgotten row."""
    used = {source for name, frame in tables.items() if name != "sources" for source in frame["source_id"]}
    for row in tables["sources"].iter_rows(named=True):
        if row["source_id"] not in used:
            yield _at("sources", row, "source_id", "is a source that no row rests on", "Add its rows or remove it")


def low_central_high(tables: Tables, _: Row) -> Iterator[Fault]:
    """Low is at most central, central at most high, and a range is given whole or not at all."""
    for table, unit in RANGES.items():
        columns = [f"{end}{unit}" for end in ("low", "central", "high")]
        for row in tables[table].iter_rows(named=True):
            values = [row[column] for column in columns]
            if all(value is None for value in values):
                continue
            if None in values:
                column = columns[values.index(None)]
                yield _at(table, row, column, "the range has a gap", "Give low, central and high, or none of them")
                continue
            for (below, low), (above, high) in zip(
                zip(columns, values, strict=True), list(zip(columns, values, strict=True))[1:], strict=False
            ):
                if low > high:
                    rule = f"is above {_bare(above)} {high:g}{_unit_words(unit or row.get('unit'))}"
                    yield _at(table, row, below, rule, "Put the smaller number first")


def shapes_fit_their_ranges(tables: Tables, _: Row) -> Iterator[Fault]:
    """A fixed figure has no width; a log-normal is positive and centred on its median."""
    for table in ("spend", "revenues", "parameters"):
        unit = RANGES[table]
        for row in tables[table].iter_rows(named=True):
            low, central, high = (row[f"{end}{unit}"] for end in ("low", "central", "high"))
            if None in (low, central, high):
                continue
            if row["distribution"] == "fixed" and not low == central == high:
                rule = "has a range but is called fixed"
                yield _at(table, row, "distribution", rule, "Make low, central and high equal or name another shape")
            if row["distribution"] == "lognormal" and not 0 < low < high:
                rule = "needs a positive low end below the high end"
                yield _at(table, row, "distribution", rule, "Give both ends or name another shape")
            elif row["distribution"] == "lognormal" and abs(central / (low * high) ** 0.5 - 1) > 0.05:
                rule = f"is not the median of the log-normal with that 90 % interval, {(low * high) ** 0.5:.6g}"
                yield _at(table, row, f"central{unit}", rule, "Use that median or another shape")


def periods_are_in_order(tables: Tables, _: Row) -> Iterator[Fault]:
    """A period begins before it ends, and what accrues over time says from when."""
    for table in ("spend", "revenues"):
        for row in tables[table].drop_nulls(["period_end", "basis"]).iter_rows(named=True):
            start = row["period_start"]
            if start is not None and start > row["period_end"]:
                yield _at(table, row, "period_start", "is after period_end", "Put the earlier date first")
            if start is None and row["basis"] in {"recognised", "bookings", "planned", "target"}:
                rule = f"is empty although the basis is {row['basis']}"
                yield _at(table, row, "period_start", rule, "Say from when the amount counts")
    for row in tables["claims"].drop_nulls(["said_on", "deadline"]).iter_rows(named=True):
        if row["said_on"] > row["deadline"]:
            yield _at(
                "claims",
                row,
                "deadline",
                "is before the claim was made",
                "Give the date by which it would hold",
            )


def used_figures_share_one_basis(tables: Tables, _: Row) -> Iterator[Fault]:
    """What the model compares is measured alike: a run rate at the event, reported, estimated or assumed."""
    for table in ("spend", "revenues"):
        wrong = tables[table].filter(pl.col("used") & ~pl.col("basis").is_in(COMPARABLE_BASES).fill_null(True))
        for row in wrong.iter_rows(named=True):
            rule = "is used although it is no run rate"
            remedy = "Leave the row for the record (used no) and add an estimate derived from it"
            yield _at(table, row, "basis", rule, remedy)


def assumptions_are_labelled(tables: Tables, _: Row) -> Iterator[Fault]:
    """An assumption says that it is ours, and why; grades agree with the rating of the source."""
    rows = tables["sources"].iter_rows(named=True)
    sources = {row["source_id"]: (row["kind"], row["reliability"]) for row in rows}
    for table, frame in tables.items():
        if table == "sources":
            continue
        for row in frame.iter_rows(named=True):
            kind, reliability = sources.get(row["source_id"], (None, None))
            if row.get("basis") == "assumption" and kind not in {None, "assumption"}:
                rule = "is not an assumption's source"
                yield _at(table, row, "source_id", rule, "Name the source of kind assumption, or another basis")
            if kind == "assumption" and not (row.get("note") or row.get("reason")):
                yield _at(table, row, "note", "gives no reason for an assumption", "Say why this value and range")
            if reliability and row["grade"] and row["grade"][0] != reliability:
                rule = f"does not begin with the source's reliability {reliability}"
                yield _at(table, row, "grade", rule, "Use the same letter in both places")


def conflicts_have_two_sides(tables: Tables, _: Row) -> Iterator[Fault]:
    """A conflict joins at least two rows, and the row the model runs on explains the choice."""
    dated = {name: frame for name, frame in tables.items() if "conflict_id" in frame.columns}
    sides = Counter(c for frame in dated.values() for c in frame["conflict_id"].drop_nulls())
    for table, frame in dated.items():
        for row in frame.drop_nulls("conflict_id").iter_rows(named=True):
            if sides[row["conflict_id"]] < 2:
                yield _at(table, row, "conflict_id", "names a conflict with one side", "Mark the other row too")
            if row.get("used") and not row["note"]:
                rule = "does not say why this side of a conflict is used"
                yield _at(table, row, "note", rule, "Explain the choice")


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
    yield from _one_current_row(tables["revenues"], ["vendor_id"], "revenues")
    yield from _one_current_row(tables["spend"], ["customer_id", "vendor_id"], "spend")
    priced = set(current_rows(tables["revenues"], ["vendor_id"], as_of)["vendor_id"])
    for row in tables["vendors"].iter_rows(named=True):
        if row["vendor_id"] not in priced:
            rule = f"has no used row in revenues.csv known by {as_of}"
            yield _at("vendors", row, "vendor_id", rule, "Add a run rate, as an assumption with a reason if need be")
    spend = current_rows(tables["spend"], ["customer_id", "vendor_id"], as_of)
    payers = set(spend.filter(pl.col("vendor_id") == incumbent)["customer_id"])
    for row in tables["customers"].iter_rows(named=True):
        if row["is_remainder"] and row["customer_id"] in payers:
            rule = "takes the remainder and so can have no used spend at the incumbent"
            yield _at("customers", row, "customer_id", rule, "Remove that row of spend.csv")
        if row["is_remainder"] is False and row["customer_id"] not in payers:
            rule = f"has no used row at {incumbent} in spend.csv known by {as_of}"
            yield _at("customers", row, "customer_id", rule, "Add one, as an assumption with a reason if need be")


def no_vendor_takes_a_reserved_name(tables: Tables, _: Row) -> Iterator[Fault]:
    """What is built in-house, not spent or unplaced is told apart from what vendors win by its name."""
    for row in tables["vendors"].filter(pl.col("vendor_id").is_in(list(RESERVED))).iter_rows(named=True):
        yield _at("vendors", row, "vendor_id", "is the name of a destination that is no vendor", "Choose another id")


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
            yield _at("revenues", row, "high_usd_per_year", rule, remedy)


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
            yield _at("parameters", row, "parameter_id", "is no parameter of the engine", "Remove the row")
            continue
        least, most = LIMITS[name]
        if row["low"] < row["minimum"] or row["high"] > row["maximum"]:
            rule = f"leaves the slider's limits {row['minimum']:g} to {row['maximum']:g}"
            column = "low" if row["low"] < row["minimum"] else "high"
            yield _at("parameters", row, column, rule, "Widen the limits or narrow the range")
        for column, beyond in (("minimum", row["minimum"] < least), ("maximum", row["maximum"] > most)):
            if beyond:
                rule = f"is outside what the equations allow, {least:g} to {most:g}"
                yield _at("parameters", row, column, rule, "Bring it inside")
        if row["distribution"] == "lognormal" and most <= 1:
            rule = "has no upper end, but the parameter has"
            yield _at("parameters", row, "distribution", rule, "Use pert or triangular")
        if row["step"] <= 0:
            continue
        steps = (row["central"] - row["minimum"]) / row["step"]
        if abs(steps - round(steps)) > 1e-6:
            rule = "is not a whole number of steps above the minimum"
            yield _at("parameters", row, "central", rule, "Choose the step so that the slider can rest there")
    by_name = {row["parameter_id"]: row["maximum"] for row in frame.iter_rows(named=True)}
    if (by_name.get("built_in_house") or 0) + (by_name.get("not_spent") or 0) >= 1:
        rule = "the highest built_in_house and the highest not_spent together leave nothing for rivals"
        yield Fault(file="parameters.csv", column="maximum", rule=rule, remedy="Keep their sum below 1")


def events_say_what_their_kind_needs(tables: Tables, _: Row) -> Iterator[Fault]:
    """Events the model runs on name whom they concern and carry the quantity they stand for."""
    for row in tables["events"].iter_rows(named=True):
        key, unit = EVENT_NEEDS.get(row["kind"], (None, None))
        if key is None:
            if row["used"]:
                remedy = f"Set used to no, or use one of the kinds {', '.join(EVENT_NEEDS)}"
                yield _at("events", row, "used", "is yes although the model does not run on this kind", remedy)
            continue
        for column in (key, "stance") if row["kind"] == "stance" else (key, "central"):
            if row["used"] and row[column] is None:
                yield _at("events", row, column, f"is empty although the kind is {row['kind']}", "Fill it in")
        least, most = LIMITS.get(row["kind"], (0.0, 1.0))
        for column in ("low", "high") if row["used"] and unit is not None else ():
            if row[column] is not None and not least <= row[column] <= most:
                rule = f"is outside what the equations allow, {least:g} to {most:g}"
                yield _at("events", row, column, rule, "Bring it inside")
        if row["used"] and unit is not None and row["unit"] != unit:
            yield _at("events", row, "unit", f"is not {unit}, as the kind {row['kind']} needs", f"Write {unit}")


def claims_can_be_tested(tables: Tables, _: Row) -> Iterator[Fault]:
    """A claim's reading is unique, names its subject, and has the ends its comparator needs."""
    claims = tables["claims"]
    again = claims.filter(pl.struct("claim_id", "reading").is_duplicated())
    for row in again.iter_rows(named=True):
        yield _at("claims", row, "reading", "stands more than once for this claim", "Give each reading its own word")
    for row in claims.iter_rows(named=True):
        key, units = CLAIM_NEEDS.get(row["metric"], (None, ()))
        if key is not None and row[key] is None:
            yield _at("claims", row, key, f"is empty although the metric is {row['metric']}", "Name the subject")
        if units and row["unit"] not in units:
            rule = f"does not measure {row['metric']}"
            yield _at("claims", row, "unit", rule, f"Use {' or '.join(units)}")
        for column, needed_by in (("low", {"at_least", "between"}), ("high", {"at_most", "between"})):
            if row["comparator"] in needed_by and row[column] is None:
                yield _at("claims", row, column, f"is empty although it is {row['comparator']}", "Give the number")
        if row["low"] is not None and row["high"] is not None and row["low"] > row["high"]:
            yield _at("claims", row, "low", f"is above high {row['high']:g}", "Put the smaller number first")


def shares_stay_between_0_and_1(tables: Tables, _: Row) -> Iterator[Fault]:
    """A share or probability lies between 0 and 1; 12 means twelve times, not twelve percent."""
    for table in ("events", "outcomes", "claims"):
        for row in tables[table].filter(pl.col("unit").is_in(SHARE_UNITS)).iter_rows(named=True):
            for column in ("low", "central", "high"):
                value = row.get(column)
                if value is not None and not 0 <= value <= 1:
                    yield _at(table, row, column, f"is no {row['unit']}", "Write 0.12 for twelve percent")


RANGES = {
    "spend": "_usd_per_year",
    "revenues": "_usd_per_year",
    "events": "",
    "outcomes": "",
    "parameters": "",
}
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
RULES: tuple[Callable[[Tables, Row], Iterator[Fault]], ...] = (
    every_key_exists,
    every_derivation_exists,
    every_source_is_used,
    low_central_high,
    shapes_fit_their_ranges,
    periods_are_in_order,
    used_figures_share_one_basis,
    assumptions_are_labelled,
    conflicts_have_two_sides,
    the_market_is_whole,
    no_vendor_takes_a_reserved_name,
    customers_fit_the_incumbent,
    parameters_are_the_engines,
    events_say_what_their_kind_needs,
    claims_can_be_tested,
    shares_stay_between_0_and_1,
)


def _one_current_row(frame: pl.DataFrame, keys: list[str], table: str) -> Iterator[Fault]:
    """Two used rows that became known on one day leave it open which one counts."""
    tied = frame.filter(pl.col("used") & pl.struct(*keys, "known_from", "used").is_duplicated())
    for row in tied.iter_rows(named=True):
        rule = "is yes for two rows of the same key that became known on the same day"
        yield _at(table, row, "used", rule, "Use one of them")


def _at(table: str, row: Row, column: str, rule: str, remedy: str) -> Fault:
    value = None if row[column] is None else _plain(row[column])
    return Fault(file=f"{table}.csv", row=row["line"], column=column, value=value, rule=rule, remedy=remedy)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _bare(column: str) -> str:
    return column.partition("_")[0]


def _unit_words(unit: str | None) -> str:
    return f" ({unit.strip('_').replace('_', ' ').replace('usd', 'USD')})" if unit else ""
