"""Which inputs two scenarios set differently, as a frame."""

from typing import Any

import polars as pl

from shareshift.market.market import Market
from shareshift.results.compare.naming import input_label, unit_of, value_words
from shareshift.results.compare.settings import HORIZON, Change, changes_between, kind_of, months_of
from shareshift.scenario.scenario import Scenario


def inputs_frame(market: Market, reference: Scenario, scenario: Scenario) -> pl.DataFrame:
    """Return one row per input that two scenarios set differently.

    `input_id` is its place in a scenario file, `kind` what it belongs to. The settings stand as numbers in `unit`,
    a switch as 0 or 1, and in words; a setting that is left to the market's tables has no number. Months looked
    ahead are listed where they differ, though no difference is put down to them: the months in common are compared.
    """
    rows = [
        {"kind": kind_of(market, change.path), "label": input_label(market, change.path)} | _row(market, change)
        for change in changes_between(market, reference, scenario)
    ]
    horizons = (months_of(market, reference), months_of(market, scenario))
    if horizons[0] != horizons[1]:
        row: dict[str, Any] = {"input_id": HORIZON, "kind": "horizon", "label": "Months looked ahead", "unit": "months"}
        for side, months in zip(_SIDES, horizons, strict=True):
            row |= {f"{side}_value": float(months), f"{side}_words": f"{months} months"}
        rows.append(row)
    return pl.DataFrame(rows, schema=_SCHEMA)


def _row(market: Market, change: Change) -> dict[str, Any]:
    row: dict[str, Any] = {"input_id": change.input_id, "unit": unit_of(market, change.path)}
    for side in _SIDES:
        value = getattr(change, side)
        row[f"{side}_value"] = float(value) if isinstance(value, int | float) else None
        row[f"{side}_words"] = value_words(market, change.path, value)
    return row


_SIDES = ("reference", "scenario")
_SCHEMA = {
    **dict.fromkeys(("input_id", "kind", "label", "unit"), pl.String()),
    "reference_value": pl.Float64(),
    "scenario_value": pl.Float64(),
    **dict.fromkeys(("reference_words", "scenario_words"), pl.String()),
}
