"""Events and claims say what their kind needs."""

from collections.abc import Iterator

import polars as pl

from shareshift.basics.errors import Fault
from shareshift.basics.vocabulary import CLAIM_BASES
from shareshift.market.claim_metrics import METRICS, untestable
from shareshift.market.event_kinds import USED_KINDS
from shareshift.market.parameter_records import PARAMETERS
from shareshift.market.rules.cells import Row, Setting, Tables, at, each
from shareshift.market.rules.current import one_current_row


def events_say_what_their_kind_needs(tables: Tables, _: Setting) -> Iterator[Fault]:
    """Events the model runs on name whom they concern and carry the quantity they stand for."""
    used = tables["events"].filter("used")
    known = pl.col("kind").is_in(list(USED_KINDS))
    rule = "is yes although the model does not run on this kind"
    remedy = f"Set used to no, or use one of the kinds {', '.join(USED_KINDS)}"
    yield from each("events", used.filter(~known), "used", rule, remedy)
    for name, kind in USED_KINDS.items():
        yield from one_current_row("events", used.filter(pl.col("kind") == name), [kind.subject])
    for row in used.filter(known).iter_rows(named=True):
        kind = USED_KINDS[row["kind"]]
        for column in (kind.subject, kind.gives):
            if row[column] is None:
                yield at("events", row, column, f"is empty although the kind is {row['kind']}", "Fill it in")
        if kind.unit is None:
            continue
        least, most = PARAMETERS[row["kind"]].limits if row["kind"] in PARAMETERS else (0.0, 1.0)
        for column in ("low", "high"):
            if row[column] is not None and not least <= row[column] <= most:
                rule = f"is outside what the equations allow, {least:g} to {most:g}"
                yield at("events", row, column, rule, "Bring it inside")
        if row["unit"] != kind.unit:
            yield at(
                "events", row, "unit", f"is not {kind.unit}, as the kind {row['kind']} needs", f"Write {kind.unit}"
            )


def claims_can_be_tested(tables: Tables, setting: Setting) -> Iterator[Fault]:
    """A claim's reading is unique, names its subject, measures its metric, and has the ends its comparator needs."""
    claims = tables["claims"]
    again = claims.filter(pl.struct("claim_id", "reading").is_duplicated())
    rule = "stands more than once for this claim"
    yield from each("claims", again, "reading", rule, "Give each reading its own word")
    for row in claims.filter(pl.col("metric").is_in(list(METRICS))).iter_rows(named=True):
        subject = METRICS[row["metric"]].subject
        if subject is not None and row[subject] is None:
            yield at("claims", row, subject, f"is empty although the metric is {row['metric']}", "Name the subject")
        said = {name: row[name] for name in ("metric", "basis", "unit", "vendor_id")}
        # A word that the schema does not know is named there.
        if said["basis"] in CLAIM_BASES and (fault := untestable(**said, incumbent=setting.incumbent)):
            yield at("claims", row, *fault)
    for row in claims.iter_rows(named=True):
        yield from _ends(row)


def _ends(row: Row) -> Iterator[Fault]:
    for column, needed_by in (("low", {"at_least", "between"}), ("high", {"at_most", "between"})):
        if row["comparator"] in needed_by and row[column] is None:
            yield at("claims", row, column, f"is empty although it is {row['comparator']}", "Give the number")
    if row["low"] is not None and row["high"] is not None and row["low"] > row["high"]:
        yield at("claims", row, "low", f"is above high {row['high']:g}", "Put the smaller number first")
