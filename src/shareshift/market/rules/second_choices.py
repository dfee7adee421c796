"""Second choices are shares among rivals, and rivals are who serves a customer or cannot."""

from collections.abc import Iterator

import polars as pl

from shareshift.basics.errors import Fault
from shareshift.market.rules.cells import Setting, Tables, at, each
from shareshift.market.rules.current import current_rows, one_current_row

KEYS = ["customer_id", "vendor_id"]


def second_choices_are_shares_among_rivals(tables: Tables, setting: Setting) -> Iterator[Fault]:
    """Where there is a table of diversion, it names rivals, one row each, and shares that can be shares."""
    if "diversion" not in tables:
        return
    frame = tables["diversion"]
    own = frame.filter(pl.col("vendor_id") == setting.incumbent)
    rule = "is the incumbent, which is the choice that was left"
    yield from each("diversion", own, "vendor_id", rule, "Name the rival that money would turn to")
    yield from one_current_row("diversion", frame, KEYS)
    current = current_rows(frame.drop_nulls([*KEYS[1:], "central", "used"]), KEYS, setting.as_of)
    for (customer,), rows in current.group_by("customer_id", maintain_order=True):
        whose = customer or "every customer"
        total, last = rows["central"].sum(), rows.row(-1, named=True)
        if total > 1 + 1e-9:
            rule = f"makes the central shares of {whose} add up to {total:g}"
            yield at("diversion", last, "central", rule, "Give shares that add up to 1 at most")
        elif total == 0:
            rule = f"leaves {whose} without any second choice"
            yield at("diversion", last, "central", rule, "Give one rival a share above 0")


def rivals_serve_or_cannot(tables: Tables, setting: Setting) -> Iterator[Fault]:
    """Where there is a table of who serves whom, it names rivals, one row each."""
    if "serves" not in tables:
        return
    frame = tables["serves"]
    own = frame.filter(pl.col("vendor_id") == setting.incumbent)
    yield from each("serves", own, "vendor_id", "is the incumbent, which serves them all", "Name a rival")
    yield from one_current_row("serves", frame, KEYS)
    current = current_rows(frame.drop_nulls([*KEYS, "part", "used"]), KEYS, setting.as_of)
    paid = tables["spend"].filter(pl.col("used").fill_null(False)).select(KEYS).unique()
    refuted = current.filter(pl.col("part") == 0).join(paid, on=KEYS, how="semi")
    rule = "is 0, though spend.csv says that the customer pays it"
    yield from each("serves", refuted, "part", rule, "Give the part that it serves, or take that spend out of use")
