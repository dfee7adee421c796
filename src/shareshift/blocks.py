"""Work through draws in blocks of fixed size, on as many threads as there are processors."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import local
from typing import TypeVar

T = TypeVar("T")
# Draws that are reckoned together. What a draw comes to never depends on its neighbours, so the size changes no
# bit; this one is small enough for the processor's cache and large enough that threads seldom wait for each other.
BLOCK = 512
_here = local()


def each_block(count: int, work: Callable[[slice], None], size: int | None = None) -> None:
    """Run `work` on every block of so many draws, or of `size` other things."""
    each_piece(_blocks(count, size or BLOCK), work)


def each_piece(pieces: Iterable[T], work: Callable[[T], None]) -> None:
    """Run `work` on every piece, several at a time; raises what a piece raised."""
    if getattr(_here, "inline", False):
        for piece in pieces:
            work(piece)
        return
    with ThreadPoolExecutor(_workers()) as pool:
        list(pool.map(work, pieces))


@contextmanager
def inline() -> Iterator[None]:
    """Let this thread do all pieces itself meanwhile, one after the other; for work that is spread further out."""
    _here.inline = True
    try:
        yield
    finally:
        _here.inline = False


def _blocks(count: int, size: int) -> Iterator[slice]:
    return (slice(start, min(start + size, count)) for start in range(0, count, size))


def _workers() -> int:
    """Return how many threads work at once; SHARESHIFT_THREADS overrides, and changes no result."""
    asked = os.environ.get("SHARESHIFT_THREADS", "")
    return int(asked) if asked.isdigit() and int(asked) > 0 else min(os.cpu_count() or 1, 8)
