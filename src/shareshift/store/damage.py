"""Rows that something else than this program has written: each is found out by itself, so that it costs no other."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from sqlalchemy import Column, RowMapping

from shareshift.store.errors import Damaged
from shareshift.store.records import Rows

T = TypeVar("T")

# Texts are shown to people, and a damaged one could be long or no text at all.
MOST_SHOWN = 60


def readable(data: bytes) -> str:
    """Return a text as a file holds it; bytes that are no UTF-8 stay as signs that no sound text has."""
    return data.decode("utf-8", "surrogateescape")


def is_sound(row: RowMapping, columns: Iterable[Column[object]]) -> bool:
    """Say whether every value of a row is what its column holds, and every text is one."""
    return all(_fits(row[column.name], column) for column in columns)


def rows_of(found: Iterable[RowMapping], record: Callable[[RowMapping], T]) -> Rows[T]:
    """Return the records of the rows that are sound, and the names of the others."""
    rows: Rows[T] = Rows()
    for row in found:
        try:
            rows.append(record(row))
        except Damaged:
            rows.damaged += (row_name(row),)
    return rows


def shown(value: object) -> str:
    """Return a value of a damaged row in a form that can be shown."""
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return "".join(sign if sign.isprintable() else "?" for sign in text[:MOST_SHOWN])


def row_name(row: Mapping[str, object] | RowMapping) -> str:
    """Return what readers call a row that may be damaged, by its title where it has one."""
    title, number = row.get("title"), row.get("number", row.get("version"))
    what = "the draft" if "draft_id" in row else f"version {shown(number)} of" if number is not None else "the scenario"
    key = shown(row.get("scenario_id", row.get("draft_id")))
    return f"{what} “{shown(title)}” ({key[:8]})" if isinstance(title, str) else f"{what} {key[:8]}"


def _fits(value: object, column: Column[object]) -> bool:
    if value is None:
        return bool(column.nullable)
    # A flipped bit can turn a text into a number and a number into a text; true is a number to Python.
    if type(value) is not column.type.python_type:
        return False
    return not isinstance(value, str) or value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value)
