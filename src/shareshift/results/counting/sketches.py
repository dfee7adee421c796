"""Percentiles of more draws than fit into memory: counted into classes that a first look at the draws lays out.

Counts are whole numbers and sums are kept by scrambling, so what is found rests neither on threads nor on order.
"""

from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import float64, int32, int64, void

from shareshift.basics.arrays import Floats, Indices
from shareshift.basics.kernels import kernel, record
from shareshift.results.counting.statistics import PERCENTILES, statistics_from

Line = Annotated[Floats, float64[::1]]
Counts = npt.NDArray[np.int32]
# Between these shares of the first draws the classes lie; percentiles are asked for well within.
LOWEST, HIGHEST = 0.001, 0.999
# Classes of a cell, and the most that all counts may take, in bytes.
FINEST, COARSEST, COUNT_BYTES = 8192, 512, 150e6


def classes_for(cells: int) -> int:
    """Return into how many classes the draws of each of so many cells are counted."""
    return int(np.clip(2 ** int(np.log2(max(COUNT_BYTES / 4 / max(cells, 1), 1))), COARSEST, FINEST))


class Scale(NamedTuple):
    """How the draws of some cells fall into classes, all (cells,): where the first begins, its width, and the least
    value, which often is that of many draws and stays apart.
    """

    base: Line
    width: Line
    least: Line

    @classmethod
    def empty(cls, cells: int) -> "Scale":
        """Return room for so many cells, to be filled by `lay_out`."""
        return cls(base=np.empty(cells), width=np.empty(cells), least=np.empty(cells))

    def lay_out(self, where: Indices, rows: Floats, classes: int) -> None:
        """Lay out the classes of some cells by their first draws, (cells, draws + 1)."""
        ordered = np.sort(rows[:, :-1], axis=1)
        low, high = (ordered[:, int(level * (ordered.shape[1] - 1))] for level in (LOWEST, HIGHEST))
        self.least[where], self.base[where] = ordered[:, 0], low
        self.width[where] = (high - low) / classes


@dataclass(frozen=True, kw_only=True)
class Sketch:
    """What has been counted of some cells: `counts` (cells, classes) without what equals the least, `least` (cells,)
    how often that stood, `sums` by scrambling (cells, scramblings), and the central path (cells,).
    """

    scale: Scale
    counts: Counts
    least: Indices
    sums: Floats
    central: Floats

    @classmethod
    def empty(cls, scale: Scale, classes: int, scramblings: int) -> "Sketch":
        """Return a sketch of nothing yet, on a scale."""
        cells = len(scale.base)
        return cls(
            scale=scale,
            counts=np.zeros((cells, classes), dtype=np.int32),
            least=np.zeros(cells, dtype=np.int64),
            sums=np.zeros((cells, scramblings)),
            central=np.zeros(cells),
        )

    def take(self, where: Indices, rows: Floats, scrambling: int) -> None:
        """Count more draws of some cells, (cells, draws + 1), all of one scrambling."""
        scale = self.scale
        _take(rows, where, scrambling, scale, self.counts, self.least, self.sums)
        self.central[where] = rows[:, -1]

    def add(self, other: "Sketch") -> None:
        """Add what another sketch counted; no scrambling may be in both."""
        self.counts[:] += other.counts
        self.least[:] += other.least
        self.sums[:] += other.sums
        self.central[:] = other.central

    def statistics(self, draws: int) -> dict[str, Floats]:
        """Return every statistic by name; (cells,). `draws` is how many were counted."""
        percentiles = np.empty((len(self.least), len(PERCENTILES)))
        for cell, counts in enumerate(self.counts):
            before = np.cumsum(counts)
            ranks = np.array(PERCENTILES) / 100 * (draws - 1) - self.least[cell]
            index = np.minimum(np.searchsorted(before, ranks, side="right"), len(counts) - 1)
            # Half a draw on, as a draw stands in the middle of its part of a class.
            part = np.clip((ranks - (before[index] - counts[index]) + 0.5) / np.maximum(counts[index], 1), 0, 1)
            within = self.scale.base[cell] + (index + part) * self.scale.width[cell]
            percentiles[cell] = np.where(ranks < 0, self.scale.least[cell], within)
        return statistics_from(self.central, self.sums / (draws // self.sums.shape[1]), percentiles)


@kernel(void(float64[:, ::1], int64[::1], int64, record(Scale), int32[:, ::1], int64[::1], float64[:, ::1]))
def _take(
    rows: Floats,
    where: Indices,
    scrambling: int,
    scale: Scale,
    counts: Counts,
    at_least: Indices,
    sums: Floats,
) -> None:
    """Count the draws of some cells into classes; what lies beyond the first or the last falls into that one."""
    size, last = rows.shape[1] - 1, counts.shape[1] - 1
    classes = np.empty(size, dtype=np.int32)
    for place in range(rows.shape[0]):
        cell = where[place]
        start, lowest = scale.base[cell], scale.least[cell]
        step = 1.0 / scale.width[cell] if scale.width[cell] > 1e-290 else 0.0
        one, two, same = 0.0, 0.0, 0
        for draw in range(0, size - 1, 2):
            one += rows[place, draw]
            two += rows[place, draw + 1]
        if size % 2:
            one += rows[place, size - 1]
        for draw in range(size):
            position = (rows[place, draw] - start) * step
            position = position if position > 0.0 else 0.0
            classes[draw] = np.int32(position if position < last else last)
        row = counts[cell]
        for draw in range(size):
            row[classes[draw]] += 1
        for draw in range(size):
            same += rows[place, draw] == lowest
        # The least value stands in the first class, where it may be the value of many; it is counted apart.
        row[0] -= same
        at_least[cell] += same
        sums[cell, scrambling] += one + two
