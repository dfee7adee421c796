"""Which results can be asked about: every headline figure, and what each rival wins; one number per draw."""

from math import isfinite

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.basics.errors import ShareshiftError
from shareshift.market.market import Market
from shareshift.model.run import Run
from shareshift.results.labels import FIGURES, figure_label
from shareshift.results.tables.headlines import headline_figures

GAIN = "gain:"


def figures_of(market: Market) -> tuple[str, ...]:
    """Return the id of every result: the headline figures, then `gain:VENDOR` for every rival."""
    rivals = (vendor for vendor in market.tables["vendors"]["vendor_id"] if vendor != market.incumbent)
    return (*FIGURES, *(f"{GAIN}{vendor}" for vendor in rivals))


def checked_figure(market: Market, figure: str) -> str:
    """Return a figure's id; raises `ShareshiftError` for one that there is not."""
    known = figures_of(market)
    if figure not in known:
        raise ShareshiftError(f"--figure {figure}: there is no such figure. Choose one of: {', '.join(known)}.")
    return figure


def checked_target(target: float | None) -> float | None:
    """Return a target; raises `ShareshiftError` for one that is no number."""
    if target is not None and not isfinite(target):
        raise ShareshiftError(f"--target {target}: it is no number. Give one in the figure's unit, such as 600000000.")
    return target


def result_label(market: Market, figure: str) -> str:
    """Return what readers call a result."""
    if figure.startswith(GAIN):
        return f"Displaced money won by {market.names[figure.removeprefix(GAIN)]}"
    return figure_label(figure, market.names[market.incumbent])


def figure_values(run: Run) -> tuple[dict[str, str], Floats]:
    """Return the unit of every result by its id, in the order of `figures_of`, and its draws, (figures, draws)."""
    found = {figure.figure: figure for figure in headline_figures(run)}
    units = {name: found[name].unit for name in FIGURES} | {f"{GAIN}{vendor}": "usd" for vendor in run.inputs.rivals}
    won = run.migration.to_options[:, :-1].sum(axis=0)
    return units, np.vstack([*(found[name].values for name in FIGURES), won])[:, :-1]
