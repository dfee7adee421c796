"""Run a table through its Pandera model and turn every failure into a sentence."""

import re
from typing import Any

import polars as pl
from pandera.errors import SchemaErrors

from shareshift.basics.errors import Fault
from shareshift.market.schemas import SCHEMAS


def table_columns(table: str) -> dict[str, pl.DataType]:
    """Return the columns of a table and their Polars types, in the order of the model."""
    columns = SCHEMAS[table].to_schema().columns
    return {name: column.dtype.type for name, column in columns.items()}


def optional_columns(table: str) -> set[str]:
    """Return the columns of a table that its file may leave out."""
    columns = SCHEMAS[table].to_schema().columns
    return {name for name, column in columns.items() if (column.metadata or {}).get("optional")}


def check_table(table: str, frame: pl.DataFrame | pl.LazyFrame) -> list[Fault]:
    """Return every way in which a frame breaks the rules of its table; an empty list is a clean bill.

    The frame may carry the file's line numbers in `line`; without it rows count from 2, as in a file.
    Lazy frames are collected first: Pandera lets bad values in a lazy frame through in silence.
    """
    frame = frame.lazy().collect()
    file = f"{table}.csv"
    if frame.is_empty():
        return [Fault(file=file, rule="the table has no rows", remedy="Add at least one row")]
    lines = frame["line"].to_list() if "line" in frame.columns else list(range(2, frame.height + 2))
    data = frame.drop("line", strict=False)
    wrong = _shape_faults(file, data, table_columns(table))
    if wrong:
        return wrong
    try:
        SCHEMAS[table].validate(data, lazy=True)
    except SchemaErrors as errors:
        return [_fault(file, case, lines) for case in _cases(errors)]
    return []


def _shape_faults(file: str, frame: pl.DataFrame, wanted: dict[str, pl.DataType]) -> list[Fault]:
    """Name missing, extra and mistyped columns; Pandera reports those in other shapes than values."""
    faults = [
        Fault(file=file, column=name, rule="the column is missing", remedy="Add it, even if its cells are empty")
        for name in wanted
        if name not in frame.columns
    ]
    faults += [
        Fault(file=file, column=name, rule="is not a column of this table", remedy="Remove or rename it")
        for name in frame.columns
        if name not in wanted
    ]
    return faults + [
        Fault(
            file=file,
            column=name,
            rule=f"holds {frame.schema[name]}, not {dtype}",
            remedy="Convert the column",
        )
        for name, dtype in wanted.items()
        if name in frame.columns and frame.schema[name] != dtype
    ]


def _cases(errors: SchemaErrors) -> list[dict[str, Any]]:
    seen: dict[tuple[Any, Any], dict[str, Any]] = {}
    for case in errors.failure_cases.to_dicts():
        # One cell can break two rules that say the same; the first is enough.
        seen.setdefault((case["column"], case["index"]), case)
    return list(seen.values())


def _fault(file: str, case: dict[str, Any], lines: list[int]) -> Fault:
    rule, remedy = _words(str(case["check"]))
    index = case["index"]
    value = None if case["failure_case"] is None else str(case["failure_case"])
    row = None if index is None else lines[int(index)]
    return Fault(file=file, row=row, column=case["column"], value=value, rule=rule, remedy=remedy)


def _words(check: str) -> tuple[str, str]:
    """Translate the name of a Pandera check into the rule that was broken and what to do."""
    argument = check.partition("(")[2].removesuffix(")")
    if check.startswith(("greater", "less")):
        argument = f"{float(argument):,.15g}"
    if check.startswith("not_nullable"):
        return "the cell is empty", "Fill it in"
    if check.startswith("field_uniqueness") or "unique" in check:
        return "stands more than once", "Give every row its own key"
    if check.startswith("isin"):
        allowed = ", ".join(re.findall(r"'([^']*)'", argument))
        return "is not one of the allowed words", f"Use one of {allowed}"
    if check.startswith("str_matches"):
        if "A-F" in argument:
            return (
                "is not an Admiralty grade",
                "Write a letter A-F for the source, and for a row a digit 1-6 after it",
            )
        return "is not a key", "Use lower-case letters, digits, - and _; separate several by ;"
    if check.startswith("str_length"):
        return "the cell is empty", "Fill it in"
    if check.startswith("greater_than_or_equal_to"):
        return f"is below {argument}", f"Give a value of at least {argument}"
    if check.startswith("greater_than"):
        return f"is not above {argument}", f"Give a value above {argument}"
    if check.startswith("less_than_or_equal_to"):
        return f"is above {argument}", f"Give a value of at most {argument}"
    return f"breaks the rule {check}", "Mend the value"
