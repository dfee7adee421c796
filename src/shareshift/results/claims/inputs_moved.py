"""What believing claims says about the inputs: which would have to be higher or lower, and by how much."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.model.draws.quantiles import normal
from shareshift.model.draws.streams import Draws
from shareshift.model.keys import InputKey
from shareshift.results.claims.believing import Belief
from shareshift.results.input_words import input_label
from shareshift.results.projection import Projection
from shareshift.results.rows import flags, headed, numbers, texts

INPUTS = (
    texts("input_id", "label", "unit")
    | numbers("prior_mean", "prior_sd", "posterior_mean", "posterior_sd", "moved_sd", "spread_ratio")
    | flags("beyond_noise")
)


def inputs_moved_table(run: Projection, belief: Belief, held: Draws | None = None) -> pl.DataFrame:
    """Return one row per uncertain input, those that move most first: what believing says about it.

    `moved_sd` is the change of its mean in prior standard deviations, `spread_ratio` its posterior over its prior
    standard deviation. `beyond_noise` says that the move is more than two standard errors of a mean over the
    effective draws. `label` is the input in words, `unit` its unit. `held` saves drawing the inputs again.
    """
    if held is None or (held.count, held.seed) != (run.draws, run.seed):
        held = Draws(run.draws, run.seed)
    rows, noise = [], 2 / np.sqrt(belief.effective_draws)
    for name, label, unit, values in _inputs(run, held):
        prior_mean, prior_sd = float(values.mean()), float(values.std())
        if prior_sd <= 1e-12 * max(abs(prior_mean), 1e-300):
            continue
        mean = prior_mean if belief.changes_nothing else float(values @ belief.weights)
        spread = float(np.sqrt(((values - mean) ** 2) @ belief.weights))
        moved = (mean - prior_mean) / prior_sd
        told = (prior_mean, prior_sd, mean, spread, moved, spread / prior_sd, bool(abs(moved) > noise))
        rows.append((name, label, unit, *told))
    frame = headed(pl.DataFrame(rows, schema=INPUTS, orient="row"), scenario=run.scenario.title)
    return frame.sort(pl.col("moved_sd").abs(), "input_id", descending=[True, False])


def _inputs(run: Projection, held: Draws) -> Iterator[tuple[str, str, str, Floats]]:
    """Yield every input's name, words, unit and draws (draws,); exits and momentum are drawn, not given as ranges."""
    ranges = run.inputs.ranges
    for key, figure in ranges.items():
        yield str(key), *input_label(run.market, key), held.value(str(key), figure)[:-1]
    for customer, left in zip(run.inputs.customers, run.sample.begun(len(run.months) - 1), strict=True):
        key = InputKey("exits", customer)
        yield str(key), *input_label(run.market, key), left[:-1]
    spread = held.value("momentum_spread", ranges[InputKey("momentum_spread")])[:-1]
    for rival in run.inputs.rivals:
        key = InputKey("momentum", vendor=rival)
        yield str(key), *input_label(run.market, key), normal(held.uniform(str(key))) * spread
