"""How much of a range comes from the form of the model, and how much from the data.

Every named form runs on the same draws. Each form counts the same, which is an assumption: nothing observed says
which is right. By the law of total variance the variance of that mixture is the mean of the variances within the
forms, which the data make, plus the variance of the means of the forms, which the choice of a form makes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.market.market import Market
from shareshift.market.second_choices import matrix_faults
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.beside import GAIN, PACE, UNITS, naive_frame, pace_of
from shareshift.results.compare.outcome import Measure, outcome_of
from shareshift.results.counting.statistics import summarise
from shareshift.results.projection import project
from shareshift.results.tables.frames import frame_of
from shareshift.scenario.forms import DEFAULT_FORM, MATRIX, NAMED_FORMS, NamedForm
from shareshift.scenario.scenario import Scenario

# What of a rival's range stands beside each of its forms.
BESIDE = (
    "share_from_form", "share_from_data", "lowest_form_id", "lowest_mean_value", "highest_form_id",
    "highest_mean_value",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FormsSpread:
    """What the named forms say of every headline figure, and of every rival's displaced money won and last run rate.

    `forms` has one row per measure and form: its statistics, in the measure's unit; behind them, with `is_naive`, one
    per naive forecaster and rival, which have no ledger and are in no mixture. `spread` has one row per measure: the
    statistics of the equally weighted mixture of forms, `variance_from_data` and `variance_from_form` (in the unit
    squared), `share_from_form` and `share_from_data` (0..1, empty where nothing varies), and the forms with the lowest
    and the highest mean. `skipped` names each form that could not run, with the reason.
    """

    forms: pl.DataFrame = field(repr=False)
    spread: pl.DataFrame = field(repr=False)
    skipped: tuple[str, ...]

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Both tables by the name of their file."""
        return {"forms": self.forms, "forms_spread": self.spread}

    def ranked(self, measure: str = GAIN) -> pl.DataFrame:
        """Return the rows of `forms` on a measure of rivals, biggest mean of all forms first, and columns of `spread`.

        The naive forecasters stand behind the forms of each rival.
        """
        spread = self.spread.filter(pl.col("measure") == measure)
        ranked = spread.sort("mean_value", descending=True, maintain_order=True).select("vendor_id", *BESIDE)
        rows = self.forms.filter(pl.col("measure") == measure)
        joined = rows.join(ranked.with_row_index("rank"), on="vendor_id", maintain_order="left")
        return joined.sort("rank", maintain_order=True).drop("rank")


def forms_spread(
    market: Market, scenario: Scenario, held: Draws, progress: Callable[[float], None] | None = None
) -> FormsSpread:
    """Run a scenario in every named form on the held draws, whatever form it names itself.

    `progress` hears after each form which part, 0..1, is done. The naive forecasters send the displaced money of the
    default form. Raises `ScenarioError` when the scenario does not fit the market.
    """
    missing, title = matrix_faults(market), scenario.title
    forms = [named for named in NAMED_FORMS if not (missing and named.form == MATRIX)]
    told: list[Floats] = []
    for number, named in enumerate(forms, start=1):
        run = project(market, in_form(scenario, named), held.count, held.seed, held=held)
        outcome = outcome_of(run)
        kept = [position for position, one in enumerate(outcome.measures) if _is_asked(one, market.incumbent)]
        measures = [outcome.measures[position] for position in kept]
        measures += [Measure(measure=PACE, vendor_id=rival, unit=UNITS[PACE]) for rival in run.inputs.rivals]
        told.append(np.vstack([outcome.values[kept], pace_of(run)]))
        if (named.form, named.capacity) == (DEFAULT_FORM, True):
            naive = naive_frame(title, run)
        if progress is not None:
            progress(number / len(forms))
    values = np.stack(told, axis=1)
    own = _forms_frame(title, measures, forms, values, held.scramblings)
    rows = [
        frame.with_columns(is_naive=pl.lit(flag)) for frame, flag in ((own, False), (naive.select(own.columns), True))
    ]
    return FormsSpread(
        forms=pl.concat(rows),
        spread=_spread_frame(title, measures, forms, values, held.scramblings),
        skipped=tuple(f"Diversion matrix is left out: {fault}" for fault in missing),
    )


def in_form(scenario: Scenario, named: NamedForm) -> Scenario:
    """Return the same scenario under a named form."""
    return replace(scenario, form=named.form, capacity=named.capacity)


def _is_asked(measure: Measure, incumbent: str) -> bool:
    return measure.vendor_id is None or (measure.measure == GAIN and measure.vendor_id != incumbent)


def _keyed(frame: pl.DataFrame, measures: list[Measure], times: int) -> pl.DataFrame:
    """Return a frame whose measures stand `times` times each, with their vendors and units beside them."""
    vendors = pl.Series("vendor_id", [one.vendor_id for one in measures for _ in range(times)], dtype=pl.String)
    units = pl.Series("unit", [one.unit for one in measures for _ in range(times)])
    return frame.insert_column(2, vendors).insert_column(3, units)


def _forms_frame(
    title: str, measures: list[Measure], forms: list[NamedForm], values: Floats, scramblings: int
) -> pl.DataFrame:
    keys = {"measure": [one.measure for one in measures], "form_id": [named.form_id for named in forms]}
    return _keyed(frame_of(title, keys, {"value": summarise(values, scramblings)}), measures, len(forms))


def _spread_frame(
    title: str, measures: list[Measure], forms: list[NamedForm], values: Floats, scramblings: int
) -> pl.DataFrame:
    draws = values[:, :, :-1]
    # The draws of a scrambling stay side by side, whatever their form, so that the standard error stays honest.
    parts = draws.reshape(len(measures), len(forms), scramblings, -1).swapaxes(1, 2).reshape(len(measures), -1)
    # The mixture has no central path; what stands in its place is taken out again.
    mixed = summarise(np.concatenate([parts, parts[:, :1]], axis=1), scramblings)
    frame = frame_of(title, {"measure": [one.measure for one in measures]}, {"value": mixed}).drop("central_value")
    means = draws.mean(axis=2)
    from_data, from_form = draws.var(axis=2).mean(axis=1), means.var(axis=1)
    whole = from_data + from_form
    # Where all forms agree in every draw, rounding is all that varies.
    varies = np.sqrt(whole) > 1e-9 * np.abs(means).max(axis=1)
    share = np.where(varies, from_form / np.where(varies, whole, 1.0), np.nan)
    names = np.array([named.form_id for named in forms])
    return _keyed(frame, measures, 1).with_columns(
        pl.Series("variance_from_data", from_data),
        pl.Series("variance_from_form", from_form),
        pl.Series("share_from_form", share, nan_to_null=True),
        pl.Series("share_from_data", 1 - share, nan_to_null=True),
        pl.Series("lowest_form_id", names[means.argmin(axis=1)]),
        pl.Series("lowest_mean_value", means.min(axis=1)),
        pl.Series("highest_form_id", names[means.argmax(axis=1)]),
        pl.Series("highest_mean_value", means.max(axis=1)),
    )
