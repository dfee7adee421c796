"""Work through draws in blocks of fixed size, on as many threads as there are processors."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

# Draws that are reckoned together. What a draw comes to never depends on its neighbours, so the size changes no
# bit; this one keeps a block's arrays in the processor's cache, and is no power of two, at which rows would crowd
# into the same cache lines.
BLOCK = 250


def each_block(count: int, work: Callable[[slice], None]) -> None:
    """Run `work` on every block of draws."""
    with ThreadPoolExecutor(_workers()) as pool:
        # Consuming the results raises what a block raised.
        list(pool.map(work, _blocks(count)))


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK))


def _workers() -> int:
    return min(os.cpu_count() or 1, 8)
