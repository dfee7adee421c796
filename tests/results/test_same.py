"""The same tables, scenario, seed and version write the same bytes: on any threads, in any blocks, in any process.

Files are compared by their SHA-256. One test holds them against accepted digests; all others compare runs with each
other and stay true whatever is accepted.

To accept new digests: run with --accept-golden, say why in the commit, and run again.
"""

import hashlib
import math
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import betaincinv, ndtri

from shareshift.basics import threads as blocks
from shareshift.export import write_csv
from shareshift.market.market import Market, read_market
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario, read_scenarios
from support.places import BUNDLED, GOLDEN, TINY

FILES = {"summary", "projection", "gains", "displacement", "flows", "shares", "concentration", "capacity", "spill"}
# In blocks of 37: two and a broken one, or many.
DRAWS = {TINY: 100, BUNDLED: 1024}
THREADS, BLOCKS = (1, 2, 4, 8), (1, 37, 256, 4096)
# Threads and block sizes together: every one of either, without trying all pairs.
PAIRS = [*zip(THREADS, BLOCKS, strict=True), *zip(THREADS, reversed(BLOCKS), strict=True)]
SETTINGS: dict[str, dict[str, str]] = {
    "hash-seed-1": {"PYTHONHASHSEED": "1"},
    "hash-seed-2-and-one-thread-everywhere": {
        "PYTHONHASHSEED": "2",
        **dict.fromkeys(
            ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS"),
            "1",
        ),
    },
    "eight-threads-everywhere": dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS"), "8"
    ),
    "another-language-and-time-zone": {"LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONUTF8": "1"},
}
# In a process of its own the engine is told its threads and blocks where it reads them.
COMMAND = """
import sys
from shareshift.basics import threads as blocks
workers, blocks.BLOCK = int(sys.argv.pop(1)), int(sys.argv.pop(1))
blocks._workers = lambda: workers
from shareshift.cli.main import main
main()
"""
Digests = dict[str, str]


@cache
def market(folder: Path) -> Market:
    return read_market(folder)


def digests_in(folder: Path) -> Digests:
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.csv"))}


def digests(folder: Path, out: Path, scenario: Scenario | None = None, seed: int = 0) -> Digests:
    """Return the SHA-256 of every file that `shareshift project` writes."""
    out.mkdir(parents=True, exist_ok=True)
    run = project(market(folder), scenario, DRAWS[folder], seed)
    for name, frame in run.tables.items():
        (out / f"{name}.csv").write_bytes(write_csv(frame))
    (out / "scenario.toml").write_bytes(run.scenario.to_toml().encode())
    return digests_in(out)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Digests]:
    """The digests of a market's baseline, computed once."""
    return cache(lambda folder: digests(folder, tmp_path_factory.mktemp("once")))


each_market = pytest.mark.parametrize(
    "folder", [TINY, pytest.param(BUNDLED, marks=pytest.mark.slow)], ids=["tiny", "bundled"]
)


# Runs, threads and blocks -------------------------------------------------------------------------------------------


@each_market
def test_two_runs_write_the_same_bytes(folder: Path, once: Callable[[Path], Digests], tmp_path: Path) -> None:
    assert set(once(folder)) == FILES
    assert digests(folder, tmp_path) == once(folder)


def test_another_seed_changes_every_file(once: Callable[[Path], Digests], tmp_path: Path) -> None:
    other = digests(TINY, tmp_path, seed=1)
    assert [name for name in FILES if other[name] == once(TINY)[name]] == []


@pytest.mark.parametrize(
    ("threads", "block"),
    [
        pair if position in (1, 7) else pytest.param(*pair, marks=pytest.mark.slow)
        for position, pair in enumerate(PAIRS)
    ],
)
@each_market
def test_threads_and_blocks_change_no_byte(
    folder: Path,
    threads: int,
    block: int,
    once: Callable[[Path], Digests],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocks, "_workers", lambda: threads)
    monkeypatch.setattr(blocks, "BLOCK", block)
    assert digests(folder, tmp_path) == once(folder)


def test_a_scenario_computed_between_two_runs_changes_no_byte(once: Callable[[Path], Digests], tmp_path: Path) -> None:
    other = digests(TINY, tmp_path / "other", read_scenarios(TINY, market(TINY))["exodus"])
    assert other["flows"] != once(TINY)["flows"]
    assert digests(TINY, tmp_path / "again") == once(TINY)


# Processes ----------------------------------------------------------------------------------------------------------


def in_a_process(folder: Path, out: Path, settings: Mapping[str, str], threads: int = 2, block: int = 250) -> Digests:
    """Return the digests of what the command line writes in a fresh process."""
    arguments = ["project", str(folder), "--draws", str(DRAWS[folder]), "--out", str(out)]
    command = [sys.executable, "-W", "error", "-c", COMMAND, str(threads), str(block), *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=300, env={**os.environ, **settings})
    return digests_in(out)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "settings"),
    [*((TINY, name) for name in SETTINGS), (BUNDLED, "hash-seed-2-and-one-thread-everywhere")],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_a_fresh_process_writes_the_same_bytes_whatever_its_settings(
    folder: Path, settings: str, once: Callable[[Path], Digests], tmp_path: Path
) -> None:
    assert in_a_process(folder, tmp_path, SETTINGS[settings]) == once(folder)


@pytest.mark.slow
@pytest.mark.parametrize(("threads", "block"), [(1, 4096), (8, 37)])
def test_a_fresh_process_writes_the_same_bytes_on_any_threads_and_blocks(
    threads: int, block: int, once: Callable[[Path], Digests], tmp_path: Path
) -> None:
    assert in_a_process(BUNDLED, tmp_path, {}, threads, block) == once(BUNDLED)


@pytest.mark.slow
def test_kernels_that_are_compiled_afresh_write_the_same_bytes(once: Callable[[Path], Digests], tmp_path: Path) -> None:
    assert in_a_process(TINY, tmp_path / "out", {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}) == once(TINY)


# Accepted digests ---------------------------------------------------------------------------------------------------


def arithmetic() -> str:
    """Return a fingerprint of this machine's elementary functions, whose last bit is not the same on all.

    Libraries choose them by processor and system: exponentials and powers may differ in their last bit, and so may
    everything that follows from them.
    """
    grid = np.arange(1, 2001) / 2001
    vectors = [np.exp(5 * grid - 2), np.log(grid), np.power(grid + 0.1, 3 * grid), np.expm1(grid), np.log1p(-grid)]
    vectors += [ndtri(grid), betaincinv(1 + 3 * grid, 5 - 3 * grid, grid)]
    scalars = [
        (math.exp(x), math.log(x), math.expm1(x), math.log1p(-x), math.pow(x + 0.1, 3 * x)) for x in grid.tolist()
    ]
    return hashlib.sha256(b"".join(values.tobytes() for values in (*vectors, np.array(scalars)))).hexdigest()


@each_market
def test_the_files_have_the_accepted_digests(folder: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = GOLDEN / f"{folder.name}.digests.csv"
    scenarios = read_scenarios(folder, market(folder))
    rows = [("-", "arithmetic", arithmetic())] + [
        (name, f"{file}.csv", digest)
        for name in (scenarios if folder == TINY else ("baseline",))
        for file, digest in digests(folder, tmp_path / name, scenarios[name]).items()
    ]
    found = pl.DataFrame(rows, schema=["scenario", "file", "sha256"], orient="row")
    if request.config.getoption("--accept-golden"):
        path.write_text(found.write_csv(), encoding="utf-8", newline="\n")
        pytest.fail("golden digests rewritten; say why in the commit and run again", pytrace=False)
    assert path.exists(), f"{path.name} is missing; run with --accept-golden and commit it"
    accepted = pl.read_csv(path, schema=found.schema)
    files, expected = (frame.filter(pl.col("file") != "arithmetic") for frame in (found, accepted))
    if not files.equals(expected) and not found.head(1).equals(accepted.head(1)):
        pytest.skip("this machine's exponentials differ in their last bit from those of the accepted digests")
    assert files.rows() == expected.rows()
