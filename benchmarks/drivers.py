"""What decides a figure, stage by stage, beside as many plain runs: `python benchmarks/drivers.py`.

Seconds of the clock and of all processors together, for the bundled market. The machine may be shared, so what counts
are the seconds of processors and the ratio to the plain runs.
"""

import time
from collections.abc import Callable
from pathlib import Path

from shareshift.market.market import read_market
from shareshift.model.draws.streams import Draws
from shareshift.results.drivers.answer import drivers_of, ranked_drivers
from shareshift.results.drivers.checks import checks_table
from shareshift.results.drivers.indices import Exploration
from shareshift.results.drivers.reaching import figure_means, reach_tables
from shareshift.results.drivers.study import open_study
from shareshift.results.drivers.tornado import DRAWS, ENDS, tornado
from shareshift.results.projection import project
from shareshift.results.targets import Scan
from shareshift.scenario.scenario import Scenario

BUNDLED = Path(__file__).resolve().parents[1] / "data" / "scale-meta-2025"


def timed(name: str, work: Callable[[], object]) -> float:
    """Do the work, print what it took, and return the seconds of processors."""
    wall, busy = time.perf_counter(), time.process_time()
    work()
    busy = time.process_time() - busy
    print(f"{name:<44} {time.perf_counter() - wall:7.2f} s {busy:7.2f} s of processors")
    return busy


def explored(runs: Exploration) -> None:
    """Run all pages and reckon the indices."""
    while runs.share_done < 1:
        runs.advance()
    runs.table()


def main() -> None:
    """Print one line per stage."""
    market, held = read_market(BUNDLED), Draws(4096, 0)
    timed("first run, kernels loaded", lambda: project(market, Scenario(), 4096))
    study = open_study(market, Scenario(), held)
    timed("a study: one run of 4,096", lambda: open_study(market, Scenario(), held))
    swings = timed("tornado of all inputs", lambda: tornado(study, study.drivers))
    ends = len(ENDS) * len(study.drivers)

    def plain() -> None:
        for _ in range(ends):
            project(market, Scenario(), DRAWS, flows=False)

    print(f"tornado over {ends} runs of their own: {swings / timed('as many runs of their own', plain):.2f}")
    timed("learning and rows of all figures", lambda: checks_table(study))
    found = drivers_of(study)
    runs = Exploration(study=study, figure="displaced", drivers=ranked_drivers(study, found, "displaced"))
    timed("indices of one figure", lambda: explored(runs))
    scan = Scan(market, Scenario(), figure_means)
    timed("target finder", lambda: reach_tables(scan, "displaced", "usd", 1.5e9))


if __name__ == "__main__":
    main()
