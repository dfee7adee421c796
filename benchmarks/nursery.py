"""Run the tests of many mutants, each in a fork of one process that has the heavy libraries imported already.

Started by `mutation.py` in a copy of the tree. A new interpreter for every mutant would spend most of its time on
importing NumPy, Polars, Pandera and Numba. Mutants exist in memory only: the fork is given the mutated source in
place of the module's file, so no compiled file of a mutant is written and none of another is read.
"""

import contextlib
import copyreg
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import pickle
import resource
import select
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import hypothesis
import pytest

from shareshift.market import market

MEMORY_LIMIT = 6 << 30
PATIENCE = 10
"""So many times the processor time that a mutant may use is what it may take, on a machine that is shared."""
HEAVY = (
    "numpy",
    "numba",
    "polars",
    "pandera.polars",
    "scipy.special",
    "scipy.stats",
    "hypothesis.extra.numpy",
    "shareshift.scenario.scenario",
)
Stages = list[list[str]]


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the mutated source whenever its module is imported."""

    def __init__(self, name: str, path: str, source: str) -> None:
        self.name, self.path, self.source = name, path, source

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, self.path, "exec"), vars(module))  # noqa: S102


class FirstFailure:
    """Notes which test fails first."""

    name = words = ""

    def pytest_configure(self) -> None:
        # A mutant is dead at the first example; looking for a smaller one would take minutes.
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("mutants", hypothesis.settings.get_profile("same"), phases=phases)
        hypothesis.settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.failed and not self.name:
            self.name, self.words = report.nodeid, report.longreprtext[-1500:]


@dataclass
class Child:
    """A fork that tests one mutant."""

    number: int
    pid: int
    begun: float
    limit: float
    answer: int


def module_name(path: str) -> str:
    return ".".join(Path(path).relative_to("src").with_suffix("").parts)


def attempt(mutant: dict[str, Any], stages: Stages) -> dict[str, Any]:
    """Test one mutant, in the fork: stage by stage until a test fails."""
    name = module_name(mutant["module"])
    if name in sys.modules:
        # All of the project is imported anew, as any of it may hold a part of the module as it was.
        for held in [each for each in sys.modules if each.split(".")[0] == "shareshift"]:
            del sys.modules[held]
    if mutant["source"] is not None:
        sys.meta_path.insert(0, Mutated(name, mutant["module"], mutant["source"]))
    failure = FirstFailure()
    # The alarm is the nursery's own.
    usual = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "--timeout", "0"]
    for stage in stages:
        code = pytest.main([*usual, *stage], plugins=[failure])
        if code != 0:
            return {"outcome": "killed", "by": failure.name, "code": int(code), "words": failure.words}
    return {"outcome": "survived", "by": "", "code": 0}


def fork(number: int, mutant: dict[str, Any], stages: Stages, limit: float) -> Child:
    read, write = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        os.close(write)
        return Child(number, pid, time.monotonic(), limit, read)
    # From here on this is the child: whatever happens, it must not return into the loop of its parent.
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 2))
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.alarm(int(PATIENCE * limit) + 5)
        nowhere = os.open(os.devnull, os.O_RDWR)
        keep = os.dup(2)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            result = attempt(mutant, stages)
        os.write(write, json.dumps(result).encode())
    except BaseException as fault:
        os.write(write, json.dumps({"outcome": "killed", "by": repr(fault), "code": -1}).encode())
        os.write(keep, b"")
    finally:
        os._exit(0)


def collect(child: Child) -> dict[str, Any] | None:
    """Return what came of a child, with the processor time it used, or None while it is at work."""
    late = time.monotonic() - child.begun > PATIENCE * child.limit
    if not late and not select.select([child.answer], [], [], 0)[0]:
        return None
    text = b"" if late else os.read(child.answer, 1 << 16)
    seconds = end(child)
    if text:
        return {**json.loads(text), "seconds": seconds}
    if late or seconds >= child.limit:
        return {"outcome": "timeout", "by": "", "code": -3, "seconds": seconds}
    return {"outcome": "killed", "by": "the process died", "code": -2, "seconds": seconds}


def end(child: Child) -> float:
    """End a child and return the processor time it used, in seconds."""
    # It leads a group of its own, which holds whatever its tests have started.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    usage = os.wait4(child.pid, 0)[2]
    os.close(child.answer)
    return usage.ru_utime + usage.ru_stime


def run_all(plan: list[tuple[dict[str, Any], Stages, float]], workers: int) -> Iterator[dict[str, Any]]:
    """Test mutants side by side and yield results as they come, each with the number of its mutant."""
    waiting = iter(enumerate(plan))
    at_work: list[Child] = []
    try:
        while True:
            while len(at_work) < workers and (found := next(waiting, None)) is not None:
                number, (mutant, stages, limit) = found
                at_work.append(fork(number, mutant, stages, limit))
            if not at_work:
                return
            select.select([child.answer for child in at_work], [], [], 0.25)
            for child in list(at_work):
                if (result := collect(child)) is not None:
                    at_work.remove(child)
                    yield result | {"number": child.number}
    finally:
        for child in at_work:
            end(child)


def unchanging(content: dict[str, Any]) -> MappingProxyType[str, Any]:
    # The type itself goes by a name under which it cannot be found again.
    return MappingProxyType(content)


def keep_markets(folder: Path) -> None:
    """Let the unchanged markets of the tests be checked by the first mutant alone; checking takes half a second."""
    copyreg.pickle(MappingProxyType, lambda held: (unchanging, (dict(held),)))
    read, shelf = market.read_market, Path.cwd() / "tests" / "data" / "markets"

    def keep(path: Path | str) -> market.Market:
        file = folder / f"{Path(path).name}.pickle"
        if Path(path).resolve().parent != shelf:
            return read(path)
        if file.exists():
            kept: market.Market = pickle.loads(file.read_bytes())  # noqa: S301
            return kept
        found = read(path)
        part = file.with_suffix(f".{os.getpid()}")
        part.write_bytes(pickle.dumps(found))
        part.replace(file)
        return found

    market.read_market = keep


def main() -> None:
    """Read the plan from a file, a list of [mutant, stages, limit], and print a line of JSON per result."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for name in HEAVY:
        importlib.import_module(name)
    file = Path(sys.argv[1])
    keep_markets(file.parent)
    plan = json.loads(file.read_text())
    for result in run_all(plan, int(sys.argv[2])):
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
