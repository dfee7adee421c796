"""The score of a frozen projection, from its file alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.results.record.frozen import LEVELS, Frozen
from shareshift.results.record.outcomes import Outcome, outcomes_of
from shareshift.results.record.score import LEAST, Score, exit_row, score_of, scored_row

# So many steps between equally likely values stand for a frozen distribution, so that every percentile is met.
STEPS = 400


def score_frozen(frozen: Frozen, outcomes: pl.DataFrame, scored_on: date) -> Score:
    """Score a frozen projection on the outcomes that were due by a day and not known when it was frozen."""
    found = [_within(frozen, of) for of in outcomes_of(outcomes, frozen.scope, scored_on)]
    return score_of(
        found,
        lambda of, weight: [scored_row(of, _logs(frozen, of), weight)],
        lambda of: exit_row(of, frozen.figures[_key(of)][0], frozen.draws),
        frozen.vendors[1:],
    )


def frozen_tables(found: Sequence[Frozen], scores: Sequence[Score]) -> dict[str, pl.DataFrame]:
    """Return the tables of several scores, each row with the beginning of the digest of what it belongs to."""
    empty = score_of([], lambda *_: [], lambda _: {}, ())
    named = [(one.digest[:12], score.tables) for one, score in zip(found, scores, strict=True)]
    tables = {}
    for name, frame in empty.tables.items():
        rows = [told[name].select(pl.lit(digest).alias("frozen"), pl.all()) for digest, told in named]
        tables[name] = pl.concat(rows) if rows else frame.select(pl.lit("").alias("frozen"), pl.all())
    return tables


def _key(of: Outcome) -> tuple[str, str, int]:
    return (of.metric, of.customer_id if of.metric == "exit" else of.vendor_id, of.month)


def _within(frozen: Frozen, of: Outcome) -> Outcome:
    if of.reason or _key(of) in frozen.figures:
        return of
    return replace(of, reason="its date lies outside the months of the run")


def _logs(frozen: Frozen, of: Outcome) -> Floats:
    ends = np.log(np.maximum(frozen.figures[_key(of)], LEAST))
    return np.asarray(np.interp(np.linspace(0, 100, STEPS + 1), LEVELS, ends))
