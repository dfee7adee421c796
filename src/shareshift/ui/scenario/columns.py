"""The tables to edit: their parts of a scenario, their rows and their columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shareshift.market.market import Market
from shareshift.model.inputs import Inputs
from shareshift.scenario.scenario import CUSTOMER_LIMITS, VENDOR_LIMITS
from shareshift.scenario.values import OVERRIDES

LARGE_USD = 1e6


@dataclass(frozen=True, kw_only=True)
class Column:
    """An editable column: the first word of its values' names, its header with the unit, and how much one unit is.

    `beside` is the header of what the tables say, and `widths` are those of both in pixels.
    """

    word: str
    header: str
    beside: str
    unit: Decimal
    least: float
    most: float
    widths: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table to edit: its part of a scenario, its rows by id and name, its columns."""

    part: str
    first: str
    rows: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    excludes: bool
    mark_width: int


def customer_sheet(market: Market, inputs: Inputs) -> Sheet:
    """Return the table of customers: chance to leave and spend at the incumbent."""
    largest = max((figure.high for key, figure in inputs.ranges.items() if key.kind == "spend"), default=0.0)
    unit, words = (Decimal(1_000_000), "m USD a year") if largest >= LARGE_USD else (Decimal(1), "USD a year")
    return Sheet(
        part="customers",
        first="Customer",
        rows=tuple((customer, market.names[customer]) for customer in inputs.customers),
        columns=(
            _column("exit", "Leaves, %", "Leaves (sourced)", Decimal("0.01"), CUSTOMER_LIMITS, (130, 95)),
            _column("spend", f"Spends, {words}", "Spends (sourced)", unit, CUSTOMER_LIMITS, (145, 155)),
        ),
        excludes=False,
        mark_width=202,
    )


def vendor_sheet(market: Market) -> Sheet:
    """Return the table of rivals: excluded, spare capacity, and monthly growth."""
    vendors = [vendor for vendor in market.tables["vendors"]["vendor_id"] if vendor != market.incumbent]
    return Sheet(
        part="vendors",
        first="Rival",
        rows=tuple((vendor, market.names[vendor]) for vendor in vendors),
        columns=(
            _column(
                "slack", "Spare capacity, %", "Spare capacity (sourced)", Decimal("0.01"), VENDOR_LIMITS, (155, 130)
            ),
            _column(
                "capacity_growth",
                "Growth a month, %",
                "Growth (sourced)",
                Decimal("0.01"),
                VENDOR_LIMITS,
                (115, 140),
            ),
        ),
        excludes=True,
        mark_width=100,
    )


def _column(
    word: str,
    header: str,
    beside: str,
    unit: Decimal,
    limits: Mapping[str, tuple[float, float]],
    widths: tuple[int, int],
) -> Column:
    least, most = limits[OVERRIDES[word][1]]
    most_shown = float(Decimal(repr(float(most))) / unit)
    return Column(
        word=word, header=header, beside=beside, unit=unit, least=float(least), most=most_shown, widths=widths
    )
