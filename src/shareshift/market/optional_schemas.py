"""The tables that a market may have or lack, as `schemas` has those of every market."""

from datetime import date

import pandera.polars as pa

from shareshift.basics.vocabulary import DISTRIBUTIONS, ID, ID_LIST
from shareshift.market.columns import HIGH, LOW, SHAPES, Dated, number, optional_number, optional_text, text


class Diversion(Dated):
    """One row per customer and rival: which part of its second choices among rivals the rival is. Optional."""

    diversion_id: str = text("Key.", str_matches=ID, unique=True)
    date: date = pa.Field(description="Day on which the choice was made, or to which the figure refers.")
    customer_id: str = optional_text("Whose second choices; empty for every customer without rows.", str_matches=ID)
    vendor_id: str = text("The rival it would turn to.", str_matches=ID)
    low: float = number(f"Low end of the share: {LOW}.", ge=0, le=1)
    central: float = number("Central value of the share; those of one customer add up to 1 at most.", ge=0, le=1)
    high: float = number(f"High end of the share: {HIGH}.", ge=0, le=1)
    distribution: str = text(f"{SHAPES}.", isin=[d for d in DISTRIBUTIONS if d != "lognormal"])
    used: bool = pa.Field(description="yes when the model may run on this row; the others stay for the record.")
    derived_from: str = optional_text("Rows this one is computed from, separated by ;", str_matches=ID_LIST)


class Serves(Dated):
    """One row per customer and rival: what of its needs the rival can do, in place of segments. Optional."""

    serves_id: str = text("Key.", str_matches=ID, unique=True)
    customer_id: str = text("Whose work.", str_matches=ID)
    vendor_id: str = text("The rival that serves it, or cannot.", str_matches=ID)
    part: float = number("Which part of what the customer needs it can do, 0 to 1; at 0 it wins nothing.", ge=0, le=1)
    usd_per_year: float = optional_number(
        "What it bills for work of this kind, its size here in place of its revenue; empty where that is not known.",
        gt=0,
    )
    used: bool = pa.Field(description="yes when the model may run on this row; the others stay for the record.")
    derived_from: str = optional_text("Rows this one is computed from, separated by ;", str_matches=ID_LIST)
