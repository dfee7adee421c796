"""Rows lean on other rows: keys, sources, derivations, conflicts."""

from collections import Counter
from collections.abc import Iterator

import polars as pl

from shareshift.basics.errors import Fault
from shareshift.market.rules.cells import KEYS, Setting, Tables, at, each


def every_key_exists(tables: Tables, _: Setting) -> Iterator[Fault]:
    """Every id that names a row of another table names one that is there."""
    for table, frame in tables.items():
        for other in ("sources", "vendors", "customers", "claims"):
            key = KEYS[other]
            if table == other or key not in frame.columns:
                continue
            orphans = frame.filter(pl.col(key).is_not_null()).join(tables[other], on=key, how="anti")
            remedy = f"Add it to {other}.csv or correct the name"
            yield from each(table, orphans, key, f"is not in {other}.csv", remedy)


def every_derivation_exists(tables: Tables, _: Setting) -> Iterator[Fault]:
    """Every row that a figure is computed from is there, and was known no later."""
    figures = [name for name in ("spend", "revenues", "events", "diversion", "serves") if name in tables]
    known = {
        row_id: day for table in figures for row_id, day in tables[table].select(KEYS[table], "known_from").iter_rows()
    }
    for table in (name for name in ("spend", "revenues", "diversion", "serves") if name in tables):
        for row in tables[table].drop_nulls("derived_from").iter_rows(named=True):
            for row_id in set(row["derived_from"].split(";")) - set(known):
                remedy = "Name rows of spend, revenues or events"
                yield at(table, row, "derived_from", f"names {row_id}, which is no row", remedy)
            later = max((known[row_id] for row_id in row["derived_from"].split(";") if row_id in known), default=None)
            if later is not None and row["known_from"] is not None and later > row["known_from"]:
                rule = f"is before {later}, when a row that it is derived from became known"
                yield at(table, row, "known_from", rule, "Nothing is known before what it rests on: write that day")


def every_source_is_used(tables: Tables, _: Setting) -> Iterator[Fault]:
    """A source that no row rests on is a leftover or a forgotten row."""
    used = {source for name, frame in tables.items() if name != "sources" for source in frame["source_id"]}
    left = tables["sources"].filter(~pl.col("source_id").is_in(list(used)))
    yield from each("sources", left, "source_id", "is a source that no row rests on", "Add its rows or remove it")


def conflicts_have_two_sides(tables: Tables, _: Setting) -> Iterator[Fault]:
    """A conflict joins at least two rows, and the row the model runs on explains the choice."""
    dated = {name: frame for name, frame in tables.items() if "conflict_id" in frame.columns}
    sides = Counter(c for frame in dated.values() for c in frame["conflict_id"].drop_nulls())
    for table, frame in dated.items():
        for row in frame.drop_nulls("conflict_id").iter_rows(named=True):
            if sides[row["conflict_id"]] < 2:
                yield at(table, row, "conflict_id", "names a conflict with one side", "Mark the other row too")
            if row.get("used") and not row["note"]:
                rule = "does not say why this side of a conflict is used"
                yield at(table, row, "note", rule, "Explain the choice")


def assumptions_are_labelled(tables: Tables, _: Setting) -> Iterator[Fault]:
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
                yield at(table, row, "source_id", rule, "Name the source of kind assumption, or another basis")
            if kind == "assumption" and not (row.get("note") or row.get("reason")):
                yield at(table, row, "note", "gives no reason for an assumption", "Say why this value and range")
            if reliability and row["grade"] and row["grade"][0] != reliability:
                rule = f"does not begin with the source's reliability {reliability}"
                yield at(table, row, "grade", rule, "Use the same letter in both places")
