"""What is said of a set of draws: central path, mean, percentiles and the Monte Carlo standard error."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from shareshift.basics.arrays import Floats, Indices
from shareshift.basics.threads import each_block
from shareshift.results.counting.selection import count_cells

# Cells that are counted together.
CELLS = 64
PERCENTILES = (5, 25, 50, 75, 95)
STATISTICS = ("central", "mean", *(f"p{level}" for level in PERCENTILES), "standard_error")


def summarise(values: Floats, scramblings: int) -> dict[str, Floats]:
    """Return the statistics of draws on the last axis, whose last entry is the central path.

    `values` is (..., draws + 1) and every statistic (...,). Percentiles interpolate linearly between order
    statistics (type 7 of Hyndman and Fan 1996). The standard error is that of the mean, from the spread of the
    means of independent scramblings; with one scrambling it is unknown and NaN here, empty in tables.
    """
    cells = np.ascontiguousarray(values, dtype=np.float64).reshape(-1, values.shape[-1])
    counted = Counted.empty(cells.shape[0], cells.shape[1] - 1, scramblings)
    each_block(cells.shape[0], lambda block: counted.take(block, cells[block]), CELLS)
    return {name: numbers.reshape(values.shape[:-1]) for name, numbers in counted.statistics().items()}


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What has been counted of some cells: the central path (cells,), the order statistics next to each percentile
    (cells, 10), and the mean of each scrambling (cells, scramblings).
    """

    draws: int
    central: Floats
    ordered: Floats
    parts: Floats

    @classmethod
    def empty(cls, cells: int, draws: int, scramblings: int) -> "Counted":
        """Return room for so many cells, to be filled by `take`."""
        return cls(
            draws=draws,
            central=np.empty(cells),
            ordered=np.empty((cells, 2 * len(PERCENTILES))),
            parts=np.empty((cells, scramblings)),
        )

    def take(self, where: slice | Indices, rows: Floats) -> None:
        """Count the draws of some cells; (cells, draws + 1), contiguous. Threads may take different cells at once."""
        ranks, _ = _ranks(self.draws)
        ordered, parts = np.empty((len(rows), ranks.size)), np.empty((len(rows), self.parts.shape[1]))
        count_cells(rows, ranks, ordered, parts)
        self.central[where], self.ordered[where], self.parts[where] = rows[:, -1], ordered, parts

    def statistics(self) -> dict[str, Floats]:
        """Return every statistic by name; (cells,)."""
        _, weights = _ranks(self.draws)
        below, above = self.ordered[:, 0::2], self.ordered[:, 1::2]
        return statistics_from(self.central, self.parts, below + weights * (above - below))


def statistics_from(central: Floats, parts: Floats, percentiles: Floats) -> dict[str, Floats]:
    """Return the statistics by name, (cells,) each.

    `central` is (cells,), `parts` (cells, scramblings) the mean of each scrambling, `percentiles` (cells, 5).
    """
    scramblings = parts.shape[1]
    unknown = np.full(len(parts), np.nan)
    return {
        "central": central,
        "mean": parts.mean(axis=1),
        **{f"p{level}": percentiles[:, index] for index, level in enumerate(PERCENTILES)},
        "standard_error": parts.std(axis=1, ddof=1) / np.sqrt(scramblings) if scramblings > 1 else unknown,
    }


@cache
def _ranks(count: int) -> tuple[Indices, Floats]:
    """Return the ranks below and above each percentile in turn, and where between the two it lies."""
    positions = np.array(PERCENTILES) / 100 * (count - 1)
    below = positions.astype(np.int64)
    return np.stack([below, np.minimum(below + 1, count - 1)], axis=1).reshape(-1), positions - below


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One headline figure: its id, its unit and its draws, the central path last."""

    figure: str
    unit: str
    values: Floats
