"""The score of a run: every outcome against what was forecast, and the same for naive forecasters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.model.run import Run
from shareshift.results.naive import NAIVE, Revenues, naive_forecasters
from shareshift.results.record.outcomes import Outcome, measured, outcomes_of, scope_of
from shareshift.results.record.scores import bits, brier, crps, log_score, reached

MODEL = "model"
FORECASTERS = {MODEL: "Shareshift"} | NAIVE
LEVELS = (5, 25, 50, 75, 95)
# Money and shares are judged in logarithms, where twice and half are as far off; this is no share of anything.
LEAST = 1e-9
Row = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Score:
    """How a run did.

    `rows` has one row per scored outcome and forecaster, `summary` one per forecaster, `exits` one per yes or no,
    `unscored` one per outcome that cannot be scored, with its reason; `silent` are rivals of whom nothing was
    published, so that the rows speak for those who had something to tell.
    """

    rows: pl.DataFrame
    summary: pl.DataFrame
    exits: pl.DataFrame
    unscored: pl.DataFrame
    silent: tuple[str, ...]

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table by the name of its file."""
        return {
            "score": self.rows,
            "score_summary": self.summary,
            "score_exits": self.exits,
            "not_scored": self.unscored,
        }


def score_run(run: Run, scored_on: date) -> Score:
    """Score a run on all outcomes of its market that were due and known by a day.

    A naive forecaster's point is the median of its draws; it has the run's own errors around its own median, so that
    only where it stands is compared and not how sure it is.
    """
    found = outcomes_of(run.market.tables["outcomes"], scope_of(run), scored_on)
    amounts = [of for of in found if not of.reason and of.metric != "exit"]
    return score_of(
        found,
        lambda of, weight: _rows(run, of, weight),
        lambda of: exit_row(of, float(measured(run, of, lambda _: np.empty(0)).mean()), run.draws),
        run.inputs.rivals,
        _split_bits(run, amounts),
    )


def score_of(
    found: Sequence[Outcome],
    rows_of: Callable[[Outcome, float], list[Row]],
    exit_of: Callable[[Outcome], Row],
    rivals: Sequence[str],
    per_unit: Mapping[str, float] | None = None,
) -> Score:
    """Return the score of a forecast, given what it said of an amount, with its weight, and of an exit."""
    scored = [of for of in found if not of.reason]
    amounts = [of for of in scored if of.metric != "exit"]
    told = {of.conflict: sum(other.conflict == of.conflict for other in amounts) for of in amounts if of.conflict}
    rows = [row for of in amounts for row in rows_of(of, 1 / told.get(of.conflict, 1))]
    unscored = [_key(of) | {"reason": of.reason} for of in found if of.reason]
    frame = pl.DataFrame(rows, schema=ROWS)
    heard = {of.vendor_id for of in amounts}
    return Score(
        rows=frame,
        summary=_summary(frame, per_unit or {}),
        exits=pl.DataFrame([exit_of(of) for of in scored if of.metric == "exit"], schema=EXITS),
        unscored=pl.DataFrame(unscored, schema={**KEYS, "reason": pl.String}),
        silent=tuple(vendor for vendor in rivals if vendor not in heard),
    )


KEYS = dict.fromkeys(("outcome_id", "vendor_id", "customer_id", "metric"), pl.String) | {
    "period_end": pl.Date,
    "title": pl.String,
}
NUMBERS = ("observed", *(f"p{level}" for level in LEVELS), "percentile_reached", "crps_log", "log_score", "weight")
ROWS = KEYS | {"forecaster": pl.String} | dict.fromkeys(NUMBERS, pl.Float64)
ROWS |= dict.fromkeys(("inside_50", "inside_90"), pl.Boolean) | {"mark": pl.String}
EXITS = KEYS | dict.fromkeys(("happened", "forecast_probability", "brier", "log_score"), pl.Float64)


def _key(of: Outcome) -> Row:
    return {name: getattr(of, name) for name in KEYS}


def _rows(run: Run, of: Outcome, weight: float) -> list[Row]:
    own = np.log(np.maximum(measured(run, of, billed(run, of)), LEAST))
    errors, rows = own - np.median(own), []
    for forecaster, revenues in ({MODEL: None} | dict(naive_forecasters(run))).items():
        if revenues is None:
            draws = own
        elif of.metric != "part_of_movers":
            draws = np.median(np.log(np.maximum(measured(run, of, revenues), LEAST))) + errors
        elif forecaster in SPLITS:
            draws = np.log(_naive_part(run, of, forecaster)) + errors
        else:
            continue
        rows.append(scored_row(of, draws, weight, forecaster))
    return rows


def billed(run: Run, of: Outcome) -> Revenues:
    """Return what vendors bill in a month, of which a share is taken or not."""
    if of.metric == "share":
        return lambda month: run.month_in_market(month)[:, :-1]
    return lambda month: run.month_accounts(month).revenue[:, :-1]


def scored_row(of: Outcome, draws: Floats, weight: float, forecaster: str = MODEL) -> Row:
    """Return the row of one outcome, given the logarithms of what was forecast."""
    ends, seen = np.percentile(draws, LEVELS), np.log(max(of.observed, LEAST))
    return (
        _key(of)
        | {"forecaster": forecaster, "observed": of.observed, "weight": weight}
        | {f"p{level}": float(np.exp(end)) for level, end in zip(LEVELS, ends, strict=True)}
        | {"percentile_reached": reached(draws, seen), "crps_log": crps(draws, seen)}
        | {"log_score": log_score(draws, seen)}
        | {"inside_50": bool(ends[1] <= seen <= ends[3]), "inside_90": bool(ends[0] <= seen <= ends[4])}
        | {"mark": of.mark}
    )


def _naive_part(run: Run, of: Outcome, forecaster: str) -> float:
    return float(SPLITS[forecaster](run)[run.inputs.rivals.index(of.vendor_id)])


def _fair(run: Run) -> Floats:
    rates = np.median(run.run_rate[1:, :-1], axis=1)
    return np.asarray(rates / rates.sum())


SPLITS: Mapping[str, Callable[[Run], Floats]] = {
    "fair_share": _fair,
    "equal_split": lambda run: np.full(len(run.inputs.rivals), 1 / len(run.inputs.rivals)),
}


def exit_row(of: Outcome, chance: float, draws: int) -> Row:
    """Return the row of a yes or no, given the chance to begin to leave that so many draws gave it."""
    # A certainty that does not happen would cost everything; 4,096 draws say no more than this.
    safe = min(max(chance, 1 / (draws + 2)), 1 - 1 / (draws + 2))
    log = np.log(safe) if of.observed >= 0.5 else np.log(1 - safe)
    return _key(of) | {
        "happened": of.observed,
        "forecast_probability": chance,
        "brier": brier(chance, of.observed),
        "log_score": float(log),
    }


def _split_bits(run: Run, amounts: list[Outcome]) -> dict[str, float]:
    """Return bits per displaced unit against fair share, for a market whose destinations were published."""
    parts = {of.vendor_id: of for of in amounts if of.metric == "part_of_movers"}
    if len(parts) < 2:
        return {}
    seen = np.array([parts[v].observed if v in parts else 0.0 for v in run.inputs.rivals])
    last = max(parts.values(), key=lambda of: of.month).month
    won = run.migration.to_options[: last + 1, :-1, :-1].sum(axis=(0, 2))
    splits = {MODEL: won / won.sum()} | {name: split(run) for name, split in SPLITS.items()}
    return {name: bits(split, splits["fair_share"], seen) for name, split in splits.items()}


def _summary(rows: pl.DataFrame, per_unit: Mapping[str, float]) -> pl.DataFrame:
    """Return one row per forecaster; rows that tell one thing differently share one weight."""
    weight = pl.col("weight")

    def mean(column: str) -> pl.Expr:
        return ((pl.col(column) * weight).sum() / weight.sum()).alias(column)

    frame = rows.group_by("forecaster", maintain_order=True).agg(
        pl.len().alias("rows"),
        pl.col("inside_50").sum(),
        pl.col("inside_90").sum(),
        mean("crps_log"),
        mean("log_score"),
    )
    found = [per_unit.get(name) for name in frame["forecaster"]]
    return frame.with_columns(pl.Series("bits_per_unit", found, dtype=pl.Float64))
