"""Parameters that a market only assumed as an earlier default had them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shareshift.market.parameter_records import PARAMETERS
from shareshift.market.reading import read_table


def superseded_parameters(folder: Path) -> list[str]:
    """Return the parameters of a sound market's folder that only repeat an earlier default."""
    from shareshift.market.checking import table_columns

    rows, _ = read_table(folder / "parameters.csv", table_columns("parameters"))
    return [row["parameter_id"] for row in rows.iter_rows(named=True) if superseded(row)]


def superseded(row: Mapping[str, Any]) -> bool:
    """Tell whether a row of `parameters` only repeats a default that past migrations have corrected since."""
    record, numbers = PARAMETERS[row["parameter_id"]], tuple(row[name] for name in ("low", "central", "high"))
    return (row["grade"], row["distribution"], numbers) == ("F6", record.shape, record.superseded)


def todays_row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row of `parameters`, with the default of today where it only repeats an earlier one."""
    if not superseded(row):
        return row
    today = PARAMETERS[row["parameter_id"]].row(row["parameter_id"])
    return {**row, **{name: today[name] for name in ("low", "central", "high", "distribution", "reason", "note")}}
