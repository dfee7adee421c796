"""What is said of a set of draws: central path, mean, percentiles and the Monte Carlo standard error."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shareshift.blocks import each_block

Floats = npt.NDArray[np.float64]
PERCENTILES = (5, 25, 50, 75, 95)
STATISTICS = ("central", "mean", *(f"p{level}" for level in PERCENTILES), "standard_error")


def summarise(values: Floats, scramblings: int) -> dict[str, Floats]:
    """Return the statistics of draws on the last axis, whose last entry is the central path.

    `values` is (..., draws + 1) and every statistic (...,). Percentiles interpolate linearly between order
    statistics (type 7 of Hyndman and Fan 1996). The standard error is that of the mean, from the spread of the
    means of independent scramblings; with one scrambling it is unknown and NaN here, empty in tables.
    """
    cells = values.reshape(-1, values.shape[-1])
    found = {name: np.empty(cells.shape[0]) for name in STATISTICS}

    def fill(block: slice) -> None:
        for name, numbers in _statistics(cells[block], scramblings).items():
            found[name][block] = numbers

    each_block(cells.shape[0], fill)
    return {name: numbers.reshape(values.shape[:-1]) for name, numbers in found.items()}


def _statistics(values: Floats, scramblings: int) -> dict[str, Floats]:
    draws = values[:, :-1]
    parts = draws.reshape(draws.shape[0], scramblings, -1).mean(axis=-1)
    unknown = np.full(draws.shape[0], np.nan)
    ordered = np.sort(draws, axis=-1)
    return {
        "central": values[:, -1],
        "mean": parts.mean(axis=-1),
        **{f"p{level}": _interpolated(ordered, level / 100) for level in PERCENTILES},
        "standard_error": parts.std(axis=-1, ddof=1) / np.sqrt(scramblings) if scramblings > 1 else unknown,
    }


def _interpolated(ordered: Floats, level: float) -> Floats:
    position = level * (ordered.shape[-1] - 1)
    below = int(position)
    above = min(below + 1, ordered.shape[-1] - 1)
    low, high = ordered[..., below], ordered[..., above]
    return np.asarray(low + (position - below) * (high - low))


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One headline figure: its id, its unit and its draws, the central path last."""

    figure: str
    unit: str
    values: Floats
