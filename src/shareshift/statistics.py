"""What is said of a set of draws: central path, mean, percentiles and the Monte Carlo standard error."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from shareshift.blocks import each_block

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
PERCENTILES = (5, 25, 50, 75, 95)
STATISTICS = ("central", "mean", *(f"p{level}" for level in PERCENTILES), "standard_error")
# Classes of a histogram: so many that few values share one, so few that they stay in the nearest cache.
CLASSES = 2048
# So few values are sorted; so close together they fall into no classes.
FEW = 32
SMALLEST = 1e-290


def summarise(values: Floats, scramblings: int) -> dict[str, Floats]:
    """Return the statistics of draws on the last axis, whose last entry is the central path.

    `values` is (..., draws + 1) and every statistic (...,). Percentiles interpolate linearly between order
    statistics (type 7 of Hyndman and Fan 1996). The standard error is that of the mean, from the spread of the
    means of independent scramblings; with one scrambling it is unknown and NaN here, empty in tables.
    """
    cells = np.ascontiguousarray(values, dtype=np.float64).reshape(-1, values.shape[-1])
    ranks, weights = _ranks(cells.shape[1] - 1)
    ordered, parts = np.empty((cells.shape[0], ranks.size)), np.empty((cells.shape[0], scramblings))
    each_block(cells.shape[0], lambda block: _count(cells[block], ranks, ordered[block], parts[block]))
    below, above = ordered[:, 0::2], ordered[:, 1::2]
    return statistics_from(cells[:, -1], parts, below + weights * (above - below), values.shape[:-1])


def statistics_from(
    central: Floats, parts: Floats, percentiles: Floats, shape: tuple[int, ...]
) -> dict[str, Floats]:
    """Return the statistics by name, reshaped to `shape`.

    `central` is (cells,), `parts` (cells, scramblings) the mean of each scrambling, `percentiles` (cells, 5).
    """
    scramblings = parts.shape[1]
    unknown = np.full(len(parts), np.nan)
    found = {
        "central": central,
        "mean": parts.mean(axis=1),
        **{f"p{level}": percentiles[:, index] for index, level in enumerate(PERCENTILES)},
        "standard_error": parts.std(axis=1, ddof=1) / np.sqrt(scramblings) if scramblings > 1 else unknown,
    }
    return {name: numbers.reshape(shape) for name, numbers in found.items()}


def _ranks(count: int) -> tuple[Indices, Floats]:
    """Return the ranks below and above each percentile in turn, and where between the two it lies."""
    positions = np.array(PERCENTILES) / 100 * (count - 1)
    below = positions.astype(np.int64)
    return np.stack([below, np.minimum(below + 1, count - 1)], axis=1).reshape(-1), positions - below


@njit("(f8[::1], i8[::1], f8[::1])", cache=True, nogil=True)
def _select(values: Floats, ranks: Indices, ordered: Floats) -> None:
    """Fill `ordered` (ranks,) with the order statistics of `values` at `ranks`, which ascend from 0.

    A histogram finds the classes in which the ranks lie, and only those are looked into. The least and the greatest
    value, which often are many, need no class.
    """
    if values.size <= FEW:
        few = np.sort(values)
        for index in range(ranks.size):
            ordered[index] = few[ranks[index]]
        return
    least, most = values[0], values[0]
    for value in values:
        least, most = min(least, value), max(most, value)
    at_least, at_most = 0, 0
    for value in values:
        at_least += value == least
        at_most += value == most
    # Half of each, as the difference of two extremes may have no finite number.
    base, width = least * 0.5, most * 0.5 - least * 0.5
    if most > least and not width > SMALLEST:
        few = np.sort(values)
        for index in range(ranks.size):
            ordered[index] = few[ranks[index]]
        return
    within = np.empty(values.size)
    inner = values
    if at_least + at_most > values.size // 8:
        found = 0
        for value in values:
            within[found] = value
            found += least < value < most
        inner = within[:found]
        below = at_least
    else:
        below = 0
    scale = (CLASSES - 1) / width if most > least else 0.0
    classes, counts = np.empty(inner.size, dtype=np.int32), np.zeros(CLASSES, dtype=np.int32)
    for place in range(inner.size):
        classes[place] = np.int32((inner[place] * 0.5 - base) * scale)
    for place in range(inner.size):
        counts[classes[place]] += 1
    marked = np.zeros(CLASSES, dtype=np.int32)
    before, current = below, 0
    for rank in ranks:
        if at_least <= rank < values.size - at_most:
            while before + counts[current] <= rank:
                before += counts[current]
                current += 1
            marked[current] = 1
    wanted, wanted_class, found = np.empty(inner.size + 1), np.empty(inner.size + 1, dtype=np.int32), 0
    for place in range(inner.size):
        wanted[found] = inner[place]
        wanted_class[found] = classes[place]
        found += marked[classes[place]]
    own, own_ranks = np.empty(found), np.empty_like(ranks)
    before, current, index = below, 0, 0
    while index < ranks.size:
        rank = ranks[index]
        if rank < at_least or rank >= values.size - at_most:
            ordered[index] = least if rank < at_least else most
            index += 1
            continue
        while before + counts[current] <= rank:
            before += counts[current]
            current += 1
        size, last = 0, index
        for place in range(found):
            if wanted_class[place] == current:
                own[size] = wanted[place]
                size += 1
        # All ranks that lie in this class are found at once.
        while last < ranks.size and ranks[last] < min(before + counts[current], values.size - at_most):
            own_ranks[last] = ranks[last] - before
            last += 1
        _select(own[:size], own_ranks[index:last], ordered[index:last])
        index = last


@njit("(f8[:,::1], i8[::1], f8[:,::1], f8[:,::1])", cache=True, nogil=True)
def _count(values: Floats, ranks: Indices, ordered: Floats, parts: Floats) -> None:
    """Fill `ordered` (cells, ranks) with order statistics and `parts` (cells, scramblings) with means.

    `values` is (cells, draws + 1), the last of which does not count.
    """
    draws, size = values.shape[1] - 1, (values.shape[1] - 1) // parts.shape[1]
    for cell in range(values.shape[0]):
        row = values[cell, :draws]
        for part in range(parts.shape[1]):
            # Four sums at a time, which need not wait for each other.
            one, two, three, four = 0.0, 0.0, 0.0, 0.0
            start = part * size
            whole = start + size // 4 * 4
            for draw in range(start, whole, 4):
                one += row[draw]
                two += row[draw + 1]
                three += row[draw + 2]
                four += row[draw + 3]
            for draw in range(whole, start + size):
                one += row[draw]
            parts[cell, part] = ((one + two) + (three + four)) / size
        _select(row, ranks, ordered[cell])


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One headline figure: its id, its unit and its draws, the central path last."""

    figure: str
    unit: str
    values: Floats
