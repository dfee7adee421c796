"""How many plain random draws the quasi-random ones are worth: `python benchmarks/quasi_random.py`.

The page's headline figures of the bundled market are computed under many seeds, once with the engine's own uniforms
and once with independent ones, the engine being the same in every other way. Errors are taken against a run of far
more draws under other seeds. A plain Monte Carlo error falls with the root of the number of draws, so

    equivalent draws = draws x mean squared error of plain draws / mean squared error of quasi-random draws.
"""

import argparse
import hashlib
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import stats

from shareshift.market.market import Market, read_market
from shareshift.model.draws.streams import Draws
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario

MARKET = Path(__file__).resolve().parents[1] / "data" / "scale-meta-2025"
STATISTICS = ("mean", "p5", "p50", "p95")
# Seeds of the reference, far from those that are judged.
REFERENCE_SEED = 1_000_000
Floats = npt.NDArray[np.float64]


class PlainDraws(Draws):
    """The same inputs from independent uniforms: every name has a Philox stream of its own and no strata."""

    def __init__(self, count: int, seed: int = 0) -> None:
        super().__init__(count, seed)
        self.plain: dict[str, Floats] = {}

    def uniform(self, name: str) -> Floats:
        """Return independent uniforms of one input, strictly within (0, 1); shape (count,)."""
        if name not in self.plain:
            digest = hashlib.sha256(f"{self.seed}/plain/{name}".encode()).digest()
            stream = np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64))
            whole = np.random.Generator(stream).integers(0, 2**52, self.count).astype(np.float64)
            self.plain[name] = (whole + 0.5) * 2.0**-52
        return self.plain[name]


def headline(market: Market, scenario: Scenario, held: Draws) -> tuple[list[str], Floats]:
    """Return the figures' names and their statistics; (figures, statistics)."""
    summary = project(market, scenario, held.count, held.seed, held=held).summary
    assert not isinstance(held, PlainDraws) or held.plain, "the engine did not ask for its uniforms here"
    columns = [f"{name}_value" for name in STATISTICS]
    return summary["figure"].to_list(), summary.select(columns).to_numpy()


def reference(market: Market, scenario: Scenario, draws: int, runs: int) -> Floats:
    """Return the statistics of runs of many draws, averaged; (figures, statistics)."""
    found = [headline(market, scenario, Draws(draws, REFERENCE_SEED + run))[1] for run in range(runs)]
    return np.asarray(np.mean(found, axis=0))


def report(names: list[str], quasi: Floats, plain: Floats, truth: Floats, draws: int) -> None:
    """Print one row per figure and statistic; `quasi` and `plain` are (seeds, figures, statistics)."""
    squared = [np.square(found - truth).mean(axis=0) for found in (quasi, plain)]
    # Two mean squares over as many seeds: their ratio strays by the F distribution.
    seeds = quasi.shape[0]
    low, high = stats.f.ppf([0.05, 0.95], seeds, seeds)
    print(f"{'figure':32} {'statistic':9} {'quasi RMSE':>12} {'plain RMSE':>12} {'worth':>12} {'90 % range':>21}")
    worth = draws * np.divide(squared[1], squared[0], out=np.full_like(truth, np.nan), where=squared[0] > 0)
    for figure, name in enumerate(names):
        for position, statistic in enumerate(STATISTICS):
            errors = [float(np.sqrt(one[figure, position])) for one in squared]
            value = worth[figure, position]
            spread = f"{value * low:,.0f} to {value * high:,.0f}" if np.isfinite(value) else ""
            shown = f"{value:,.0f}" if np.isfinite(value) else "no error"
            print(f"{name:32} {statistic:9} {errors[0]:12.4g} {errors[1]:12.4g} {shown:>12} {spread:>21}")
    print()
    for position, statistic in enumerate(STATISTICS):
        values = worth[:, position][np.isfinite(worth[:, position])]
        print(f"{statistic:5} {draws:,} quasi-random draws are worth {np.median(values):,.0f} plain ones (median of "
              f"figures; least {values.min():,.0f}, most {values.max():,.0f})")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--market", type=Path, default=MARKET)
    parser.add_argument("--draws", type=int, default=4096, help="draws of every judged run")
    parser.add_argument("--seeds", type=int, default=32, help="judged runs of either kind")
    parser.add_argument("--reference-draws", type=int, default=16_384, help="draws of every run of the reference")
    parser.add_argument("--reference-runs", type=int, default=24)
    parser.add_argument("--quick", action="store_true", help="a quarter of the seeds and of the reference")
    options = parser.parse_args()
    less = 4 if options.quick else 1
    seeds, runs = max(options.seeds // less, 2), max(options.reference_runs // less, 2)
    market, scenario, start = read_market(options.market), Scenario(), time.perf_counter()
    truth = reference(market, scenario, options.reference_draws, runs)
    names, found = [], {}
    for kind in (Draws, PlainDraws):
        results = [headline(market, scenario, kind(options.draws, seed)) for seed in range(seeds)]
        names = results[0][0]
        found[kind] = np.array([numbers for _, numbers in results])
    print(f"{market.title}  {options.draws:,} draws, {seeds} seeds of either kind; reference of {runs} x "
          f"{options.reference_draws:,} draws; {time.perf_counter() - start:.0f} s\n")  # fmt: skip
    report(names, found[Draws], found[PlainDraws], truth, options.draws)


if __name__ == "__main__":
    main()
