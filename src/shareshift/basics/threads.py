"""Work through draws in blocks of fixed size, on as many threads as there are processors."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from threading import Lock, local
from typing import TypeVar, cast

T = TypeVar("T")
# Draws that are computed together. What a draw comes to never depends on its neighbours, so the size changes no
# bit; this one is small enough for the processor's cache and large enough that threads seldom wait for each other.
BLOCK = 512
_here = local()


def each_block(count: int, work: Callable[[slice], None], size: int | None = None) -> None:
    """Run `work` on every block of so many draws, or of `size` other things."""
    each_piece(_blocks(count, size or BLOCK), work)


def each_piece(pieces: Iterable[T], work: Callable[[T], None]) -> None:
    """Run `work` on every piece, several at a time; raises what a piece raised."""
    left, turn = iter(pieces), Lock()

    def take() -> None:
        while True:
            with turn:
                piece = next(left, left)
            if piece is left:
                return
            work(cast(T, piece))

    # The caller works as well, so that what is under way for others never keeps it waiting.
    helpers = 0 if getattr(_here, "inline", False) else _workers() - 1
    asked = [_pool(helpers).submit(take) for _ in range(helpers)]
    try:
        take()
    finally:
        # No further piece is begun after a fault; a helper that has not begun finds nothing left to do.
        left = iter(())
        faults = [helper.exception() for helper in asked if not helper.cancel()]
    for fault in faults:
        if fault is not None:
            raise fault


@cache
def _pool(helpers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(helpers, thread_name_prefix="blocks")


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
