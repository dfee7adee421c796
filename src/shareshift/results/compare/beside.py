"""The naive forecasters beside the forms of the model: on the same draws, but without a ledger.

Who gains by them what is displaced, only the two splits say; the others know of no event. All five say what a vendor
bills, so that is where they stand beside the forms.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.basics.months import MONTHS_PER_YEAR
from shareshift.model.run import Run
from shareshift.results.counting.statistics import summarise
from shareshift.results.naive import naive_forecasters
from shareshift.results.tables.frames import frame_of

GAIN, PACE = "displaced_gain", "run_rate_at_horizon"
UNITS = {GAIN: "usd", PACE: "usd_per_year"}
# The forecasters that send displaced money somewhere.
SPLITS = ("fair_share", "equal_split")


def pace_of(run: Run) -> Floats:
    """Return what every rival bills in the last month, per year; (rivals, draws + 1), USD."""
    return np.asarray(run.month_accounts(len(run.months) - 1).revenue[1:] * MONTHS_PER_YEAR)


def naive_frame(title: str, run: Run) -> pl.DataFrame:
    """Return one row per measure, naive forecaster and rival, with `form_id` naive_ and the forecaster's id."""
    frames = [
        _keyed(title, measure, f"naive_{forecaster}", run, rows)
        for measure, told in ((GAIN, _gains(run)), (PACE, _paces(run)))
        for forecaster, rows in told.items()
    ]
    return pl.concat(frames)


def _gains(run: Run) -> Mapping[str, Floats]:
    told = naive_forecasters(run)
    months = range(len(run.months))
    grown = sum(told["market_growth"](month)[1:] for month in months)
    return {name: np.asarray(sum(told[name](month)[1:] for month in months) - grown) for name in SPLITS}


def _paces(run: Run) -> Mapping[str, Floats]:
    last = len(run.months) - 1
    return {name: told(last)[1:] * MONTHS_PER_YEAR for name, told in naive_forecasters(run).items()}


def _keyed(title: str, measure: str, form_id: str, run: Run, rows: Floats) -> pl.DataFrame:
    # A naive forecaster has no central path; what stands in its place is taken out again.
    found = summarise(np.concatenate([rows, rows[:, :1]], axis=1), run.scramblings)
    found["central"] = np.full(len(rows), np.nan)
    frame = frame_of(title, {"measure": [measure], "vendor_id": run.inputs.rivals}, {"value": found})
    words = {"unit": UNITS[measure], "form_id": form_id}
    return frame.with_columns(pl.lit(word).alias(name) for name, word in words.items())
