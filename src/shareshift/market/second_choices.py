"""Which second choices a market's table of diversion gives, and to whom."""

import polars as pl

from shareshift.market.market import Market

# In the names of inputs, rows that hold for every customer stand under this sign, which no customer's id can be.
EVERYBODY = "*"


def second_choice_rows(market: Market) -> pl.DataFrame | None:
    """Return the rows of diversion the model runs on, as known by the market's date; None without the table."""
    if "diversion" not in market.tables:
        return None
    rows = market.current("diversion", ["customer_id", "vendor_id"])
    return rows.with_columns(pl.col("customer_id").fill_null(EVERYBODY))


def matrix_faults(market: Market) -> list[str]:
    """Return a sentence where the tables leave customers without second choices."""
    rows = second_choice_rows(market)
    if rows is None:
        return ["form diversion_matrix needs the table diversion.csv, which this market lacks. Choose another form."]
    known = set(rows["customer_id"])
    lost = [c for c in market.tables["customers"]["customer_id"] if c not in known]
    if EVERYBODY in known or not lost:
        return []
    return [
        f"form diversion_matrix has no second choices of {', '.join(lost)}: diversion.csv has no used row known by "
        f"{market.as_of} for them, nor for every customer. Add rows or choose another form."
    ]
