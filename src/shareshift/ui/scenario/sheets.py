"""Customers and rivals as tables to edit: a number fixes what the tables leave open, an empty cell gives it back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from shareshift.market.market import Market
from shareshift.model.inputs import Inputs
from shareshift.scenario.draft import Work
from shareshift.scenario.scenario import scenario_faults
from shareshift.scenario.values import OVERRIDES, flat, unflat
from shareshift.ui.scenario.columns import Column, Sheet
from shareshift.ui.scenario.words import OVERRIDE_LABELS, OVERRIDE_UNITS, range_of_override, range_words

EXCLUDED, MARK, BACK = "Excluded", "Changed", "Undo"


def sheet_frame(sheet: Sheet, work: Work, inputs: Inputs) -> pl.DataFrame:
    """Return a table to edit: one row per customer or rival, null where the tables stand."""
    values, start = flat(work.scenario), flat(work.start)
    ids = [own for own, _ in sheet.rows]
    frame = {sheet.first: pl.Series([name for _, name in sheet.rows], dtype=pl.String)}
    if sheet.excludes:
        frame[EXCLUDED] = pl.Series([bool(values.get(f"excluded.{own}")) for own in ids], dtype=pl.Boolean)
    for column in sheet.columns:
        told = [_beside(column, own, inputs) for own in ids]
        frame[column.beside] = pl.Series(told, dtype=pl.String)
        frame[column.header] = pl.Series(
            [_shown(values.get(f"{column.word}.{own}"), column) for own in ids], dtype=pl.Float64
        )
    words = [word for word, (part, _) in OVERRIDES.items() if part == sheet.part]
    frame[MARK] = pl.Series([_marks(own, words, values, start, work.start.title) for own in ids], dtype=pl.String)
    frame[BACK] = pl.Series([_way_back(own, words, values, start) for own in ids], dtype=pl.String)
    return pl.DataFrame(frame)


def take_edits(
    sheet: Sheet, edits: Mapping[int, Mapping[str, Any]], work: Work, market: Market
) -> tuple[Work, list[str], str]:
    """Return the draft with the edited cells, a sentence for every cell refused, and a name for the step.

    `edits` holds what the table's widget says: new cells by header, by the number of the row.
    """
    faults: list[str] = []
    done: list[str] = []
    for row, cells in edits.items():
        own, name = sheet.rows[int(row)]
        for header, cell in cells.items():
            column = next((column for column in sheet.columns if column.header == header), None)
            word = column.word if column else "excluded"
            value = _taken(cell, column)
            found = _faults(f"{word}.{own}", value, market) if value is not None else []
            if found:
                faults.append(f"{name}, {header}: {cell} was refused: {_refusal(column, found[0])}")
                continue
            part, key = OVERRIDES[word]
            before = work
            work = work.with_override(part, own, key, value)
            if work != before:
                done.append(f"{name}: {OVERRIDE_LABELS[word]}")
    step = done[0] if len(done) == 1 else f"{len(done)} cells of {sheet.part}"
    return work, faults, step


def put_back(sheet: Sheet, row: int, work: Work) -> Work:
    """Return the draft with a row where it set out or, where it is there already, sourced value."""
    own = sheet.rows[row][0]
    stood = getattr(work.start, sheet.part).get(own, {})
    back = work.without_overrides(sheet.part, own)
    if getattr(work.scenario, sheet.part).get(own, {}) == stood:
        return back
    for name, value in stood.items():
        back = back.with_override(sheet.part, own, name, value)
    return back


def _shown(value: Any, column: Column) -> float | None:
    # Moving the decimal point in binary would turn 0.07 into 7.000000000000001.
    return None if value is None else float(Decimal(repr(float(value))) / column.unit)


def _taken(cell: Any, column: Column | None) -> Any:
    if column is None:
        return True if cell is True else None
    if cell is None:
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return cell
    return float(Decimal(repr(float(cell))) * column.unit)


def _faults(key: str, value: Any, market: Market) -> list[str]:
    return scenario_faults(unflat({key: value}), market)


def _refusal(column: Column | None, fault: str) -> str:
    if "remainder" in fault:
        return "it is the rest and follows from the others."
    return fault if column is None else f"give a number from {column.least:g} to {column.most:g}."


def _beside(column: Column, own: str, inputs: Inputs) -> str:
    return range_words(range_of_override(f"{column.word}.{own}", inputs), OVERRIDE_UNITS[column.word])


def _marks(own: str, words: list[str], values: Mapping[str, Any], start: Mapping[str, Any], title: str) -> str:
    found = []
    for word in words:
        now, stood = (side.get(f"{word}.{own}") for side in (values, start))
        if now not in (None, False):
            found.append(f"● {OVERRIDE_LABELS[word]}, by {'you' if now != stood else f'“{title}”'}")
        elif stood not in (None, False):
            found.append(f"○ {OVERRIDE_LABELS[word]} given back, by you")
    return "; ".join(found)


def _way_back(own: str, words: list[str], values: Mapping[str, Any], start: Mapping[str, Any]) -> str | None:
    keys = [f"{word}.{own}" for word in words]
    if any(values.get(key) != start.get(key) for key in keys):
        return "Reset"
    return "As in tables" if any(values.get(key) not in (None, False) for key in keys) else None
