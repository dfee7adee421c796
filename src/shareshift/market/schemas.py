"""The tables of a market: one Pandera model each, its grain in the docstring, units in the column names.

Every column's `description` is what the Evidence page and the README show; a row's `source_id` and `grade`
(Admiralty code: reliability A-F of the source, credibility 1-6 of the information) stand on every table.
"""

from datetime import date
from typing import ClassVar

import pandera.polars as pa

from shareshift.basics import vocabulary as word
from shareshift.basics.vocabulary import ID
from shareshift.market.claim_metrics import METRICS
from shareshift.market.columns import (
    HIGH,
    LOW,
    OPTIONAL,
    SHAPES,
    Dated,
    Figure,
    Party,
    Table,
    gross,
    number,
    optional_number,
    optional_text,
    text,
)
from shareshift.market.optional_schemas import Diversion, Serves


class Sources(pa.DataFrameModel):
    """One row per source."""

    source_id: str = text("Key.", str_matches=ID, unique=True)
    title: str = text("Title, or what the document is.")
    publisher: str = text("Who published it.")
    author: str = optional_text("Who wrote it.")
    published: date = pa.Field(description="Day of publication; empty when unknown.", nullable=True)
    accessed: date = pa.Field(description="Day it was read; empty for our own assumptions.", nullable=True)
    locator: str = optional_text("Where it stands.")
    language: str = text("Two-letter code.", str_matches=r"^[a-z]{2}$")
    reliability: str = text("Admiralty reliability of the source.", str_matches=r"^[A-F]$")
    kind: str = text("What sort of source.", isin=word.SOURCE_KINDS)
    seen_as: str = text("Whether the original, a copy or only an opening was read.", isin=word.SEEN_AS)
    seed_file: str = optional_text("The note in seeds/ that describes it.")
    note: str = optional_text("What it is good for, in our own words.")

    class Config:
        """No column is guessed, converted or dropped."""

        strict: ClassVar[bool] = True
        coerce: ClassVar[bool] = False


class Vendors(Party):
    """One row per vendor, the incumbent included."""

    vendor_id: str = text("Key.", str_matches=ID, unique=True)
    nest: str = text("Vendors in one nest are closer substitutes.", str_matches=ID)
    independent: bool = pa.Field(description="yes when no rival of the buyers owns it.")
    free_of_cause: float = optional_number(
        "How far it is free of what broke the incumbent's trust, 0 to 1; empty where independent says it. May be left "
        "out.",
        ge=0, le=1, metadata=OPTIONAL,
    )  # fmt: skip


class Customers(Party):
    """One row per buyer of the incumbent; exactly one is the remainder, which stands for many unless it says else."""

    customer_id: str = text("Key.", str_matches=ID, unique=True)
    competes_with_owner: float = number("1 when it competes with the incumbent's new owner, 0 when not.", ge=0, le=1)
    is_remainder: bool = pa.Field(description="yes for the row that takes the rest of the incumbent's revenue.")


class Spend(Figure):
    """One row per customer, vendor and dated figure, in USD per year."""

    spend_id: str = text("Key.", str_matches=ID, unique=True)
    customer_id: str = text("Who pays.", str_matches=ID)
    vendor_id: str = text("Who is paid.", str_matches=ID)


class Revenues(Figure):
    """One row per vendor and dated figure, in USD per year."""

    revenue_id: str = text("Key.", str_matches=ID, unique=True)
    vendor_id: str = text("Whose revenue.", str_matches=ID)
    gross: str = gross()


class Claims(Dated):
    """One row per claim and reading of it."""

    claim_id: str = text("The claim; a claim may have several readings.", str_matches=ID)
    reading: str = text("Which reading this row is.", str_matches=ID)
    vendor_id: str = optional_text("The vendor it is about.", str_matches=ID)
    customer_id: str = optional_text("The customer it is about.", str_matches=ID)
    metric: str = text("What is claimed.", isin=tuple(METRICS))
    comparator: str = text("How the range is meant.", isin=word.COMPARATORS)
    low: float = optional_number("Low end, in `unit`.")
    high: float = optional_number("High end, in `unit`.")
    unit: str = text("Unit of low and high.", isin=word.UNITS)
    deadline: date = pa.Field(description="Last day by which it is said to hold.")
    basis: str = text("What would be measured.", isin=word.CLAIM_BASES)
    speaker: str = text("Who said it.")
    said_on: date = pa.Field(description="Day on which it was said or first reported.")
    words: str = text("What was claimed, in our own words.")
    kind: str = optional_text(
        "report, also where empty; target or opinion, which are believed only where asked. May be left out.",
        isin=word.CLAIM_KINDS, metadata=OPTIONAL,
    )  # fmt: skip


class Events(Dated):
    """One row per dated fact that is neither spend nor revenue; some carry a quantity."""

    event_id: str = text("Key.", str_matches=ID, unique=True)
    date: date = pa.Field(description="Day on which it happened or was reported.")
    kind: str = text("What sort of fact.", isin=word.EVENT_KINDS)
    title: str = text("The fact in a few words of our own.")
    vendor_id: str = optional_text("The vendor concerned.", str_matches=ID)
    customer_id: str = optional_text("The customer concerned.", str_matches=ID)
    stance: str = optional_text("For kind stance: where the customer stands.", isin=word.STANCES)
    low: float = optional_number(f"Low end of the quantity, in `unit`: {LOW}.")
    central: float = optional_number("Central value of the quantity, in `unit`.")
    high: float = optional_number(f"High end of the quantity, in `unit`: {HIGH}.")
    unit: str = optional_text("Unit of the quantity.", isin=word.UNITS)
    used: bool = pa.Field(description="yes when the model runs on this row.")


class Outcomes(Dated):
    """One row per thing that turned out, for scoring after the due date."""

    outcome_id: str = text("Key.", str_matches=ID, unique=True)
    claim_id: str = optional_text("The claim it bears on.", str_matches=ID)
    vendor_id: str = optional_text("The vendor concerned.", str_matches=ID)
    customer_id: str = optional_text("The customer concerned.", str_matches=ID)
    metric: str = text("What was measured.", str_matches=ID)
    low: float = optional_number("Low end, in `unit`.")
    central: float = optional_number("Central value, in `unit`.")
    high: float = optional_number("High end, in `unit`.")
    unit: str = optional_text("Unit of the quantity.", isin=word.UNITS)
    basis: str = optional_text("What is measured.", isin=word.BASES)
    gross: str = gross()
    period_end: date = pa.Field(description="Date it is as of, or the end of its period.")
    title: str = text("What turned out, in a few words of our own.")


class Parameters(Table):
    """One row per slider: a judgement with its range, its reason and its source."""

    parameter_id: str = text("Key; the engine's own name for it.", str_matches=ID, unique=True)
    label: str = text("What the reader sees beside the slider.")
    group: str = text("Under which heading it stands.", isin=word.GROUPS)
    in_view: bool = pa.Field(description="yes for the sliders shown at once; the rest stand under more.")
    low: float = number(f"Low end of the uncertainty: {LOW}.")
    central: float = number("Central value; the slider starts here.")
    high: float = number(f"High end of the uncertainty: {HIGH}.")
    distribution: str = text(f"{SHAPES}.", isin=word.DISTRIBUTIONS)
    minimum: float = number("Lowest value the slider takes.")
    maximum: float = number("Highest value the slider takes.")
    step: float = number("Step of the slider.", gt=0)
    unit: str = text("Unit, as shown.", isin=(*word.UNITS, "log_odds", "log_scale", "exponent", "correlation"))
    reason: str = text("Why this value and this range.")


SCHEMAS: dict[str, type[pa.DataFrameModel]] = {
    "sources": Sources,
    "vendors": Vendors,
    "customers": Customers,
    "spend": Spend,
    "revenues": Revenues,
    "claims": Claims,
    "events": Events,
    "outcomes": Outcomes,
    "parameters": Parameters,
    "diversion": Diversion,
    "serves": Serves,
}
