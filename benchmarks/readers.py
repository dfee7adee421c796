"""How many readers one server process holds, and whether its memory stays flat when readers come and go.

`python benchmarks/readers.py` starts the app as `run.py` does, sends it readers that load the page, move a slider,
read the whole answer, think for two seconds on average, and move again; and does the same with the state of the
project before (`--before COMMIT`, `--no-before`). A step counts as held while 95 in 100 moves are answered within
half a second, measured from the moment of sending to the last byte. Every answer is checked, and a sample of them is
asked again by link from a fresh server, where the same bits must come. Linux only: it reads /proc.
"""

import argparse
import asyncio
import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from websockets.exceptions import WebSocketException

from app_server import AppServer
from cycles import print_cycles
from reader import Reader, WrongAnswerError
from trees import BEFORE, ROOT, state_of, tree_of

HELD_MS = 500.0
THINK_SECONDS = 2.0
WARM_UP_SECONDS = 8.0
FEWEST_MOVES = 400
LONGEST_STEP_SECONDS = 90.0
REACH = 0.25
"""Sliders stay within this part of their range around their start, where readers play."""
ASKED_AGAIN = 12
HEAD = (
    f"{'readers':>8}{'moves/s':>9}{'moves':>7}{'p50':>7}{'p95':>7}{'p99':>7}{'errors':>8}{'wrong':>7}"
    f"{'asked before':>14}{'same picture':>14}{'server CPU':>12}{'client CPU':>12}"
)


@dataclass
class Tally:
    """What the moves of one step came to."""

    times: list[float] = field(default_factory=list)
    errors: int = 0
    wrong: int = 0
    repeated: int = 0
    unchanged: int = 0
    faults: list[str] = field(default_factory=list)

    def quantile(self, part: float) -> float:
        """Return a quantile of the times, in milliseconds; infinite when nothing was answered."""
        ordered = sorted(self.times)
        return ordered[min(int(part * len(ordered)), len(ordered) - 1)] if ordered else float("inf")

    @property
    def held(self) -> bool:
        """Whether this many readers are held."""
        return self.quantile(0.95) < HELD_MS and not self.errors and not self.wrong


@dataclass
class Crowd:
    """The readers of one server; `tally` is None while nothing is counted."""

    server: AppServer
    seed: int
    tally: Tally | None = None
    seen: set[tuple[tuple[str, float], ...]] = field(default_factory=set)
    samples: list[tuple[dict[str, float], str, str]] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def resize(self, count: int) -> None:
        """Let readers come, a few at a time, or leave."""
        while len(self.tasks) < count:
            number = len(self.tasks)
            self.tasks.append(asyncio.create_task(self._read(number)))
            if number % 4 == 3:
                await asyncio.sleep(1.0)
        leaving, self.tasks = self.tasks[count:], self.tasks[:count]
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)

    async def _read(self, number: int) -> None:
        # Readers differ from each other and are the same in every run.
        random = Random(f"{self.seed}/{number}")  # noqa: S311
        while True:
            try:
                async with Reader(self.server.stream) as reader:
                    await reader.load()
                    await asyncio.sleep(random.uniform(0.0, 2 * THINK_SECONDS))
                    while True:
                        await self._move(reader, random)
                        await asyncio.sleep(random.expovariate(1 / THINK_SECONDS))
            except WrongAnswerError as fault:
                self._count(wrong=1, fault=str(fault))
            except (OSError, WebSocketException, TimeoutError) as fault:
                self._count(errors=1, fault=repr(fault))
            await asyncio.sleep(THINK_SECONDS)

    async def _move(self, reader: Reader, random: Random) -> None:
        slider = random.choice([reader.sliders[name] for name in sorted(reader.sliders)])
        value = random.choice([place for place in slider.near(REACH) if place != reader.values[slider.name]])
        tally, before = self.tally, reader.answer.digest
        start = time.perf_counter()
        async with asyncio.timeout(60):
            answer = await reader.move(slider.name, value)
        elapsed = 1000 * (time.perf_counter() - start)
        state = tuple(sorted(reader.link.items()))
        repeated = state in self.seen
        self.seen.add(state)
        # A move that began before counting did, or ended after it, belongs to neither step.
        if tally is None or tally is not self.tally:
            return
        tally.times.append(elapsed)
        tally.repeated += repeated
        tally.unchanged += answer.digest == before
        if random.random() < 0.1:
            self.samples.append((reader.link, answer.digest, answer.lead))

    def _count(self, fault: str, errors: int = 0, wrong: int = 0) -> None:
        if self.tally is not None:
            self.tally.errors += errors
            self.tally.wrong += wrong
            self.tally.faults.append(fault)

    async def measure(self, count: int, seconds: float) -> Tally:
        """Let so many readers move for a while, print the line of this step and return it."""
        await self.resize(count)
        await asyncio.sleep(WARM_UP_SECONDS)
        self.tally = tally = Tally()
        begun, server, client = time.perf_counter(), self.server.cpu_seconds(), time.process_time()
        while (elapsed := time.perf_counter() - begun) < seconds or (
            len(tally.times) < FEWEST_MOVES and elapsed < LONGEST_STEP_SECONDS
        ):
            await asyncio.sleep(0.5)
        server, client = (self.server.cpu_seconds() - server) / elapsed, (time.process_time() - client) / elapsed
        self.tally = None
        moves = max(len(tally.times), 1)
        print(
            f"{count:>8}{len(tally.times) / elapsed:>9.1f}{len(tally.times):>7}"
            + "".join(f"{tally.quantile(part):>7.0f}" for part in (0.5, 0.95, 0.99))
            + f"{tally.errors:>8}{tally.wrong:>7}{tally.repeated / moves:>14.1%}{tally.unchanged / moves:>14.1%}"
            f"{server:>12.0%}{client:>12.0%}",
            flush=True,
        )
        for fault in tally.faults[:3]:
            print(f"         {fault[:200]}")
        return tally


async def settle(server: AppServer) -> str:
    """Let one reader come and play until everything is imported and warm; return what the page rests on."""
    async with Reader(server.stream) as reader:
        source = (await reader.load()).source
        await asyncio.sleep(4)
        for name in sorted(reader.sliders):
            for value in reader.sliders[name].near(REACH)[:3]:
                await reader.move(name, value)
    return source


async def search(crowd: Crowd, first: int, seconds: float) -> int:
    """Return how many readers are held: doubled until too many, then halved between, to 1 in 16."""
    held, over, count = 0, 0, first
    while True:
        if (await crowd.measure(count, seconds)).held:
            held = count
        else:
            over = count
        count = (held + over) // 2 if over else 2 * held
        if over and over - held <= max(1, over // 16):
            return held


async def wrong_by_link(tree: Path, samples: list[tuple[dict[str, float], str, str]]) -> int:
    """Ask for states again, each by link from a reader of its own, and return how many answers differ."""
    wrong = 0
    with AppServer(tree) as server:
        for link, digest, lead in samples:
            async with Reader(server.stream, link) as reader:
                answer = await reader.load()
                wrong += (answer.digest, answer.lead) != (digest, lead)
    return wrong


async def hold(tree: Path, options: argparse.Namespace) -> int:
    """Print the table of one tree and return how many readers it holds."""
    print(f"\n{state_of(tree)}: readers with {THINK_SECONDS:g} s of thought between moves; times in ms")
    with AppServer(tree) as server:
        source = await settle(server)
        print(f"{source}\n{HEAD}", flush=True)
        crowd = Crowd(server, options.seed)
        held = 0
        try:
            if options.steps:
                for count in options.steps:
                    held = max(held, count) if (await crowd.measure(count, options.seconds)).held else held
            else:
                held = await search(crowd, options.first, options.seconds)
        finally:
            await crowd.resize(0)
    samples = Random(options.seed).sample(crowd.samples, min(ASKED_AGAIN, len(crowd.samples)))  # noqa: S311
    wrong = await wrong_by_link(tree, samples)
    print(f"held with p95 below {HELD_MS:g} ms: {held} readers")
    print(f"asked again by link from a fresh server: {len(samples) - wrong} of {len(samples)} answers the same bits")
    return held


@contextlib.contextmanager
def trees(options: argparse.Namespace) -> Iterator[dict[str, Path]]:
    """Yield the trees to measure, the state before first."""
    if options.no_before:
        yield {"now": ROOT}
    else:
        with tree_of(options.before) as before:
            yield {"before": before, "now": ROOT}


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("hold", "memory", "both"), default="both")
    parser.add_argument("--before", default=BEFORE, metavar="COMMIT", help="the state to compare with (%(default)s)")
    parser.add_argument("--no-before", action="store_true", help="measure this state alone")
    parser.add_argument("--first", type=int, default=8, metavar="N", help="readers of the first step (%(default)s)")
    parser.add_argument("--steps", type=int, nargs="+", metavar="N", help="these numbers of readers, not a search")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each step, after its warm-up (%(default)s)")
    parser.add_argument("--cycles", type=int, default=1000, help="readers that come and go (%(default)s)")
    parser.add_argument("--at-once", type=int, default=4, help="of them at a time (%(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    return parser


def main() -> None:
    options = command_line().parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with trees(options) as each:
        if options.what != "memory":
            held = {name: asyncio.run(hold(tree, options)) for name, tree in each.items()}
            if len(held) == 2:
                print(f"\nreaders held, now over before: {held['now'] / max(held['before'], 1):.1f} x")
        if options.what != "hold":
            ends = {name: asyncio.run(print_cycles(tree, options)) for name, tree in each.items()}
            if len(ends) == 2:
                print(f"\nmemory at the end, now over before: {ends['now'] / ends['before']:.2f} x")


if __name__ == "__main__":
    main()
