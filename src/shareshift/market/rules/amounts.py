"""Figures hold together: ranges, shapes, periods, bases, shares."""

from collections.abc import Iterator
from itertools import pairwise

import polars as pl

from shareshift.basics.errors import Fault
from shareshift.basics.vocabulary import COMPARABLE_BASES
from shareshift.market.rules.cells import Setting, Tables, at, each

RANGES = {
    "spend": "_usd_per_year",
    "revenues": "_usd_per_year",
    "events": "",
    "outcomes": "",
    "parameters": "",
    "diversion": "",
}
SHARE_UNITS = ("share", "probability")


def low_central_high(tables: Tables, _: Setting) -> Iterator[Fault]:
    """Low is at most central, central at most high, and a range is given whole or not at all."""
    for table, unit in ((name, unit) for name, unit in RANGES.items() if name in tables):
        columns = [f"{end}{unit}" for end in ("low", "central", "high")]
        for row in tables[table].iter_rows(named=True):
            values = [row[column] for column in columns]
            if all(value is None for value in values):
                continue
            if None in values:
                column = columns[values.index(None)]
                yield at(table, row, column, "the range has a gap", "Give low, central and high, or none of them")
                continue
            for (below, low), (above, high) in pairwise(zip(("low", "central", "high"), values, strict=True)):
                if low > high:
                    rule = f"is above {above} {high:g}{_unit_words(unit or row.get('unit'))}"
                    yield at(table, row, f"{below}{unit}", rule, "Put the smaller number first")


def shapes_fit_their_ranges(tables: Tables, _: Setting) -> Iterator[Fault]:
    """A fixed figure has no width; a log-normal is positive and centred on its median."""
    for table in (name for name in ("spend", "revenues", "parameters", "diversion") if name in tables):
        unit = RANGES[table]
        for row in tables[table].iter_rows(named=True):
            low, central, high = (row[f"{end}{unit}"] for end in ("low", "central", "high"))
            if None in (low, central, high):
                continue
            if row["distribution"] == "fixed" and not low == central == high:
                rule = "has a range but is called fixed"
                yield at(table, row, "distribution", rule, "Make low, central and high equal or name another shape")
            if row["distribution"] == "lognormal" and not 0 < low < high:
                rule = "needs a positive low end below the high end"
                yield at(table, row, "distribution", rule, "Give both ends or name another shape")
            elif row["distribution"] == "lognormal" and abs(central / (low * high) ** 0.5 - 1) > 0.05:
                rule = f"is not the median of the log-normal between these ends, {(low * high) ** 0.5:.6g}"
                yield at(table, row, f"central{unit}", rule, "Use that median or another shape")


def periods_are_in_order(tables: Tables, _: Setting) -> Iterator[Fault]:
    """A period begins before it ends, and what accrues over time says from when."""
    for table in ("spend", "revenues"):
        for row in tables[table].drop_nulls(["period_end", "basis"]).iter_rows(named=True):
            start = row["period_start"]
            if start is not None and start > row["period_end"]:
                yield at(table, row, "period_start", "is after period_end", "Put the earlier date first")
            if start is None and row["basis"] in {"recognised", "bookings", "planned", "target"}:
                rule = f"is empty although the basis is {row['basis']}"
                yield at(table, row, "period_start", rule, "Say from when the amount counts")
    early = tables["claims"].filter(pl.col("said_on") > pl.col("deadline"))
    rule, remedy = "is before the claim was made", "Give the date by which it would hold"
    yield from each("claims", early, "deadline", rule, remedy)


def used_figures_share_one_basis(tables: Tables, _: Setting) -> Iterator[Fault]:
    """What the model compares is measured alike: a run rate at the event, reported, estimated or assumed."""
    for table in ("spend", "revenues"):
        wrong = tables[table].filter(pl.col("used") & ~pl.col("basis").is_in(COMPARABLE_BASES).fill_null(True))
        remedy = "Leave the row for the record (used no) and add an estimate derived from it"
        yield from each(table, wrong, "basis", "is used although it is no run rate", remedy)


def gross_and_net_are_not_mixed(tables: Tables, _: Setting) -> Iterator[Fault]:
    """A revenue is not computed from amounts gross of contractor pay and from others that are net of it."""
    kinds = dict(tables["revenues"].select("revenue_id", "gross").iter_rows())
    for row in tables["revenues"].drop_nulls("derived_from").iter_rows(named=True):
        found = {row["gross"], *(kinds.get(row_id) for row_id in row["derived_from"].split(";"))}
        if {"yes", "no"} <= found:
            rule = "is mixed from amounts gross and net of contractor pay"
            yield at("revenues", row, "derived_from", rule, "Convert them first, and say unknown where nobody told")


def shares_stay_between_0_and_1(tables: Tables, _: Setting) -> Iterator[Fault]:
    """A share or probability lies between 0 and 1; 12 means twelve times, not twelve percent."""
    for table in ("events", "outcomes", "claims"):
        shares = tables[table].filter(pl.col("unit").is_in(SHARE_UNITS))
        for column in (name for name in ("low", "central", "high") if name in shares.columns):
            for row in shares.filter(~pl.col(column).is_between(0, 1)).iter_rows(named=True):
                yield at(table, row, column, f"is no {row['unit']}", "Write 0.12 for twelve percent")


def _unit_words(unit: str | None) -> str:
    return f" ({unit.strip('_').replace('_', ' ').replace('usd', 'USD')})" if unit else ""
