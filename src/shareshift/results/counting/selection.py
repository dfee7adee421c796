"""Order statistics without sorting: a histogram tells where to look, and only there draws are put in order."""

import numpy as np
import numpy.typing as npt

from shareshift.basics.arrays import Floats, Indices
from shareshift.basics.kernels import kernel

Classes = npt.NDArray[np.int32]
# Classes of a histogram: so many that few values share one, so few that they stay in the nearest cache.
CLASSES = 2048
# So few values are sorted by insertion; values so close together fall into no classes.
FEW = 48
SMALLEST = 1e-290


@kernel("UniTuple(f8, 2)(f8[::1])")
def _extremes(values: Floats) -> tuple[float, float]:
    """Return the least and the greatest value; four chains of comparisons, which need not wait for each other."""
    a, b, c, d = values[0], values[0], values[0], values[0]
    e, f, g, h = a, a, a, a
    whole = values.size // 4 * 4
    for place in range(0, whole, 4):
        one, two, three, four = values[place], values[place + 1], values[place + 2], values[place + 3]
        a = one if one < a else a
        b = two if two < b else b
        c = three if three < c else c
        d = four if four < d else d
        e = one if one > e else e
        f = two if two > f else f
        g = three if three > g else g
        h = four if four > h else h
    for place in range(whole, values.size):
        one = values[place]
        a = one if one < a else a
        e = one if one > e else e
    return min(min(a, b), min(c, d)), max(max(e, f), max(g, h))


@kernel("(f8[::1], f8, f8, i4[::1], i4[::1])")
def _classify(values: Floats, base: float, scale: float, classes: Classes, counts: Classes) -> None:
    """Fill `classes` with the class of half of each value and `counts` with how many fall into each."""
    for place in range(values.size):
        classes[place] = np.int32((values[place] * 0.5 - base) * scale)
    for place in range(values.size):
        counts[classes[place]] += 1


@kernel("(f8[::1],)")
def _sort(values: Floats) -> None:
    """Sort a few values in place, by insertion."""
    for place in range(1, values.size):
        value, hole = values[place], place
        while hole > 0 and values[hole - 1] > value:
            values[hole] = values[hole - 1]
            hole -= 1
        values[hole] = value


@kernel("(f8[::1], i8[::1], f8[::1])")
def _select(values: Floats, ranks: Indices, ordered: Floats) -> None:
    """Fill `ordered` (ranks,) with the order statistics of `values` at `ranks`, which ascend from 0 unless the
    values are few.

    A histogram finds the classes in which the ranks lie, and only those are looked into. The least and the greatest
    value, which often are many, need no class.
    """
    if values.size <= FEW:
        few = values.copy()
        _sort(few)
        for index in range(ranks.size):
            ordered[index] = few[ranks[index]]
        return
    least, most = _extremes(values)
    # Half of each, as the difference of two extremes may have no finite number.
    base, width = least * 0.5, most * 0.5 - least * 0.5
    if not width > SMALLEST:
        few = np.sort(values)
        for index in range(ranks.size):
            ordered[index] = few[ranks[index]]
        return
    scale = (CLASSES - 1) / width
    classes, counts = np.empty(values.size, dtype=np.int32), np.zeros(CLASSES, dtype=np.int32)
    _classify(values, base, scale, classes, counts)
    inner, at_least, at_most = values, 0, 0
    if max(counts[0], counts[CLASSES - 1]) > values.size // 8:
        # Many are the least or the greatest of all, and need no looking into.
        inner, found = np.empty(values.size), 0
        for value in values:
            at_least += value == least
            at_most += value == most
        for value in values:
            inner[found] = value
            found += least < value < most
        inner = inner[:found]
        counts[:] = 0
        _classify(inner, base, scale, classes, counts)
    below = at_least
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
        if size <= FEW:
            _sort(own[:size])
            for some in range(index, last):
                ordered[some] = own[own_ranks[some]]
        else:
            _select(own[:size], own_ranks[index:last], ordered[index:last])
        index = last


@kernel("(f8[:,::1], i8[::1], f8[:,::1], f8[:,::1])")
def count_cells(values: Floats, ranks: Indices, ordered: Floats, parts: Floats) -> None:
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
