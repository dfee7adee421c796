"""What columns and tables of a market have in common."""

from datetime import date
from typing import Any, ClassVar

import pandera.polars as pa

from shareshift.basics.vocabulary import BASES, DISTRIBUTIONS, GRADE, GROSS, ID, ID_LIST


def text(description: str, **rules: Any) -> Any:
    """Return a required text column that holds at least one character."""
    return pa.Field(description=description, str_length={"min_value": 1}, **rules)


def optional_text(description: str, **rules: Any) -> Any:
    """Return a text column that may be empty."""
    return pa.Field(description=description, nullable=True, **rules)


def number(description: str, **rules: Any) -> Any:
    """Return a required finite number; infinity passes `ge` and `le` alone, so it is bounded explicitly."""
    return pa.Field(description=description, **{"ge": -1e15, "le": 1e15} | rules)


def optional_number(description: str, **rules: Any) -> Any:
    """Return a finite number that may be empty."""
    return number(description, nullable=True, **rules)


# Low and high mean one thing in every table and shape.
LOW, HIGH = "what is thought the least there can be; nothing is drawn below it", "the most; nothing is drawn above it"
SHAPES = "Shape between low and high, beyond which no shape has a value"
OPTIONAL = {"optional": True}  # A file may leave the column out; its cells are then empty.


def gross() -> Any:
    """Return the column that says which kind of amount a row holds; gross and net amounts are never mixed."""
    told = "Whether the amount is gross of what is passed on to contractors; empty for unknown. May be left out."
    return optional_text(told, isin=GROSS, metadata=OPTIONAL)


class Table(pa.DataFrameModel):
    """What every table has: a source, a grade, and words of our own."""

    source_id: str = text("Row of sources that the figure or statement rests on.", str_matches=ID)
    grade: str = text("Admiralty grade of this row, such as C2.", str_matches=GRADE)
    note: str = optional_text("What it is and why it is read this way, in our own words.")

    class Config:
        """No column is guessed, converted or dropped."""

        strict: ClassVar[bool] = True
        coerce: ClassVar[bool] = False
        ordered: ClassVar[bool] = False


class Dated(Table):
    """A row that became known on a date and can be told twice by the same mouth."""

    known_from: date = pa.Field(description="First day on which the row was public; as-of runs use it from then.")
    origin_id: str = text("The original report; re-reports of one story share it and count once.", str_matches=ID)
    conflict_id: str = optional_text("Rows that contradict each other share this word.", str_matches=ID)


class Figure(Dated):
    """A dated amount per year with its range and what it measures."""

    low_usd_per_year: float = number(f"Low end of the range: {LOW}.", ge=0)
    central_usd_per_year: float = number("Central value.", ge=0)
    high_usd_per_year: float = number(f"High end of the range: {HIGH}.", ge=0)
    distribution: str = text(f"{SHAPES}.", isin=DISTRIBUTIONS)
    basis: str = text("What is measured.", isin=BASES)
    period_start: date = pa.Field(description="First day of the period; empty for a figure at a date.", nullable=True)
    period_end: date = pa.Field(description="Last day of the period, or the date the figure is as of.")
    used: bool = pa.Field(description="yes when the model runs on this row; the others stay for the record.")
    derived_from: str = optional_text("Rows this one is computed from, separated by ;", str_matches=ID_LIST)


class Party(Table):
    """What vendors and customers have in common."""

    name: str = text("Name as readers know it.")
    segments: str = optional_text("What it serves or buys, separated by ;", str_matches=ID_LIST)
    firms: str = optional_text(
        "How many firms the row stands for, or many; empty for one. The column may be left out.",
        str_matches=r"^([1-9]\d{0,3}|many)$",
        metadata=OPTIONAL,
    )
