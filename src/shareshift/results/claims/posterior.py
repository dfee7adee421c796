"""Prior against posterior: what believing claims does to the headline figures and to the other claims."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.results.claims.believing import Belief
from shareshift.results.claims.claim import Key, Measured
from shareshift.results.claims.credibility import credibility
from shareshift.results.counting.statistics import PERCENTILES, summarise
from shareshift.results.projection import Projection
from shareshift.results.rows import cells, numbers, texts
from shareshift.results.tables.headlines import headline_figures

NONE: Mapping[Key, str] = MappingProxyType({})
SHOWN = ("mean", *(f"p{level}" for level in PERCENTILES), "standard_error")
POSTERIOR = texts("scenario", "figure", "unit") | numbers(
    *(f"{when}_{name}" for when in ("prior", "posterior") for name in SHOWN), "change_of_mean", "moved_sd"
)
BELIEFS = (
    texts("scenario", "claim_id", "reading", "grade")
    | numbers("credibility_of_grade", "credibility")
    | texts("treatment", "why")
    | numbers("prior_probability", "posterior_probability")
)


def posterior_table(run: Projection, belief: Belief) -> pl.DataFrame:
    """Return one row per headline figure: its statistics before (`prior_`) and after believing (`posterior_`).

    `moved_sd` is the change of the mean in prior standard deviations, empty where the figure does not vary. Where
    nothing is believed the posterior is the prior, bit for bit.
    """
    rows = []
    for figure in headline_figures(run):
        prior = summarise(figure.values, run.scramblings)
        after = prior if belief.changes_nothing else weighted_summary(figure.values, belief.weights, run.scramblings)
        spread, change = float(figure.values[:-1].std()), float(after["mean"] - prior["mean"])
        rows.append(
            {"scenario": run.scenario.title, "figure": figure.figure, "unit": figure.unit}
            | cells(prior, "prior_{}", SHOWN)
            | cells(after, "posterior_{}", SHOWN)
            | {"change_of_mean": change, "moved_sd": change / spread if spread > 0 else None}
        )
    return pl.DataFrame(rows, schema=POSTERIOR)


def beliefs_table(
    run: Projection, measured: tuple[Measured, ...], belief: Belief, left_out: Mapping[Key, str] = NONE
) -> pl.DataFrame:
    """Return one row per claim and reading: its probability before and after, and how it was treated.

    `credibility_of_grade` is our reading of its grade, empty where that cannot be judged; `credibility` the one it
    was believed at. `treatment` is believed, refused, merged, at odds (part of the conflict) or not believed, and
    `why` says it in a sentence, `left_out` for what was not asked. Every claim's posterior moves, believed or not.
    """
    rows = []
    for item in measured:
        treatment, why = _treatment(item.claim.key, belief)
        prior = float(item.holds.mean()) if item.tested else None
        after = float(item.holds @ belief.weights) if item.tested else None
        cells = (
            *(run.scenario.title, *item.claim.key, item.claim.grade, credibility(item.claim.grade)),
            *(belief.believed.get(item.claim.key), treatment, why or left_out.get(item.claim.key)),
            *(prior, prior if belief.changes_nothing else after),
        )
        rows.append(cells)
    return pl.DataFrame(rows, schema=BELIEFS, orient="row")


def weighted_summary(values: Floats, weights: Floats, scramblings: int) -> dict[str, Floats]:
    """Return the statistics of draws (draws + 1,) under weights (draws,), by the names `summarise` uses.

    Percentiles interpolate between order statistics that stand in the middle of their weights, stretched to 0..1;
    with equal weights that is type 7 of Hyndman and Fan (1996), as everywhere here. The standard error comes from
    the weighted means of the independent scramblings and takes the weights as given.
    """
    kept = weights > 0
    order = np.argsort(values[:-1][kept], kind="stable")
    ordered, weight = values[:-1][kept][order], weights[kept][order]
    middle = np.cumsum(weight) - weight / 2
    span = middle[-1] - middle[0]
    level = (middle - middle[0]) / span if span > 0 else np.linspace(0.0, 1.0, len(middle))
    percentiles = np.interp(np.array(PERCENTILES) / 100, level, ordered)
    return {
        "mean": np.asarray(values[:-1] @ weights),
        **{f"p{level}": percentiles[i] for i, level in enumerate(PERCENTILES)},
        "standard_error": _error(values[:-1], weights, scramblings),
    }


def _treatment(key: Key, belief: Belief) -> tuple[str, str | None]:
    if key in belief.conflicting:
        return "at odds", belief.conflict
    for treatment, reasons in (("refused", belief.refused), ("merged", belief.merged)):
        if key in reasons:
            return treatment, reasons[key]
    if key in belief.believed:
        return ("not believed", belief.conflict) if belief.conflict else ("believed", None)
    return "not believed", None


def _error(values: Floats, weights: Floats, scramblings: int) -> Floats:
    if scramblings == 1:
        return np.asarray(np.nan)
    parts, loads = values.reshape(scramblings, -1), weights.reshape(scramblings, -1)
    total = loads.sum(axis=1)
    if (total <= 0).any():
        return np.asarray(np.nan)
    means = (parts * loads).sum(axis=1) / total
    return np.asarray(means.std(ddof=1) / np.sqrt(scramblings))
