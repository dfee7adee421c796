"""Memory of a server while readers connect, move a slider and leave, a thousand times."""

import argparse
import asyncio
import time
from pathlib import Path
from random import Random
from statistics import linear_regression

from app_server import AppServer, Memory
from reader import Reader
from trees import state_of

FLAT = 0.05
EVERY = 100
WARM_UP = 200
"""Streamlit keeps up to 128 sessions whose readers have left, so fewer would measure how that shelf fills."""


async def come_and_go(server: AppServer, random: Random) -> None:
    """Load the page, move two sliders, leave."""
    async with Reader(server.stream) as reader:
        await reader.load()
        for name in random.sample(sorted(reader.sliders), 2):
            slider = reader.sliders[name]
            await reader.move(name, random.choice([place for place in slider.near(0.25) if place != slider.start]))


async def run_cycles(server: AppServer, count: int, at_once: int, random: Random) -> None:
    """Let so many readers come and go, some at a time."""
    left = iter(range(count))

    async def keep_coming() -> None:
        for _ in left:
            await come_and_go(server, random)

    await asyncio.gather(*(keep_coming() for _ in range(at_once)))


async def print_cycles(tree: Path, options: argparse.Namespace) -> float:
    """Print the memory of one tree over the cycles and return what it holds at the end, in MiB resident.

    What is shared with other programs counts in full: in part, it would jump when one of them ends.
    """
    random = Random(options.seed)  # noqa: S311
    print(f"\n{state_of(tree)}: memory over {options.cycles} readers that come, move twice and leave; MiB")
    print(f"{'cycles':>8}{'RSS':>9}{'PSS':>9}{'readers/s':>11}")

    def show(cycles: int, rate: float | None) -> Memory:
        memory = server.memory()
        print(f"{cycles:>8}{memory.rss:>9.0f}{memory.pss:>9.0f}{'' if rate is None else f'{rate:>11.1f}'}", flush=True)
        return memory

    with AppServer(tree) as server:
        show(0, None)
        await run_cycles(server, WARM_UP, options.at_once, random)
        readings = {0: show(WARM_UP, None)}
        for cycles in range(EVERY, options.cycles + 1, EVERY):
            start = time.perf_counter()
            await run_cycles(server, EVERY, options.at_once, random)
            readings[cycles] = show(WARM_UP + cycles, EVERY / (time.perf_counter() - start))
    held = [memory.rss for memory in readings.values()]
    slope = linear_regression(list(readings), held).slope
    most = max(abs(value / held[0] - 1) for value in held)
    print(
        f"after the warm-up of {WARM_UP}: furthest from its start {most:.1%}, end {held[-1] / held[0] - 1:+.1%}, "
        f"slope {1024 * slope:+.1f} KiB per reader; {'flat' if most <= FLAT else 'NOT flat'} within {FLAT:.0%}"
    )
    return held[-1]
