"""Time and memory of a projection beside plain baselines in the same run: `python benchmarks/engine.py`.

Every measurement runs in a fresh process, times are medians of several repeats, and what counts are the ratios:
the machine may be shared. Markets are made up, with as many customers, options and months as asked for; the options
are the rivals and in-house.
"""

import argparse
import multiprocessing
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl

from baselines import copy_seconds, loop_seconds_per_draw, whole_array_tables, whole_arrays
from shareshift.market.market import Market, read_market
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import build_inputs
from shareshift.model.placing import migrate
from shareshift.model.sample import draw_sample
from shareshift.results.projection import Projection, project
from shareshift.results.streaming import project_streaming
from shareshift.scenario.scenario import Scenario

TINY = Path(__file__).resolve().parents[1] / "tests" / "data" / "markets" / "tiny"
TABLES = ("summary", "projection", "gains", "displacement", "flows", "shares", "concentration")
# Tables without an axis of customers and months.
PAGE_TABLES = ("summary", "projection", "gains", "shares", "concentration")
LIBRARIES = (
    "numpy", "scipy.special", "numba", "polars", "pandera.polars", "tomli_w", "typer", "altair", "streamlit",
    "shareshift.market.market", "shareshift.results.projection", "shareshift.cli.main",
)  # fmt: skip
STATISTICS = 8
KNOWN = date(2024, 11, 30)
# What the same stage costs once the draws are there; no part of a run from nothing.
HELD = "sample, draws held"
Row = dict[str, Any]


def made_up_market(customers: int, options: int, months: int) -> Market:
    """Return a market with wallets, four nests and rivals that soon are full; the same for the same arguments."""
    random = Random(f"{customers}/{options}/{months}")  # noqa: S311
    tiny = read_market(TINY)
    ours = {"source_id": "gazette", "grade": "B2"}

    def figure(low: float, high: float) -> Row:
        middle = low + (high - low) * random.uniform(0.3, 0.5)
        usd = {"low_usd_per_year": low, "central_usd_per_year": middle, "high_usd_per_year": high}
        rest = {"distribution": "pert", "basis": "run_rate", "period_end": KNOWN, "known_from": KNOWN, "used": True}
        return usd | rest | ours | {"origin_id": "ours"}

    rivals = [f"rival-{n}" for n in range(options - 1)]
    buyers = [f"buyer-{n}" for n in range(customers - 1)]
    nests = ["experts", "platform", "workforce", "studio"]
    segments = ["text", "images", "text;images", "audio;text"]
    vendors = [
        {"vendor_id": v, "name": v, "nest": random.choice(nests), "independent": random.random() < 0.7}
        | {"segments": random.choice(segments)} | ours
        for v in ["acme", *rivals]
    ]  # fmt: skip
    people = [
        {"customer_id": c, "name": c, "competes_with_owner": float(random.random() < 0.5)}
        | {"segments": random.choice(segments), "is_remainder": c == "rest"} | ours
        for c in [*buyers, "rest"]
    ]  # fmt: skip
    # Spend falls off with rank, and all named customers together stay below the incumbent's revenue.
    total = 2e9
    rank = [1 / (n + 1) for n in range(customers)]
    spend = [
        {"customer_id": c, "vendor_id": "acme"} | figure(0.5 * amount, 1.2 * amount)
        for c, amount in zip(buyers, (0.7 * total * r / sum(rank) for r in rank), strict=False)
    ]
    spend += [
        {"customer_id": c, "vendor_id": k} | figure(1e6, 5e6)
        for c in buyers
        if random.random() < 0.4
        for k in random.sample(rivals, min(3, len(rivals)))
    ]
    revenues = [{"vendor_id": "acme"} | figure(0.9 * total, 1.1 * total)]
    revenues += [{"vendor_id": k} | figure(0.5 * 10**size, 10**size) for k in rivals for size in [random.uniform(7, 9)]]
    stances = ["left", "leaving", "reconsidering", "unknown", "continuing", "staying"]
    events = [
        {"event_id": f"stance-{c}", "date": KNOWN, "kind": "stance", "title": "Its stance", "customer_id": c}
        | {"stance": random.choice(stances), "used": True, "known_from": KNOWN, "origin_id": "ours"} | ours
        for c in buyers
    ]  # fmt: skip
    rows: dict[str, list[Row]] = {"vendors": vendors, "customers": people, "claims": [], "outcomes": []}
    rows |= {"spend": [{"spend_id": f"row-{n}"} | row for n, row in enumerate(spend)], "events": events}
    rows |= {"revenues": [{"revenue_id": f"row-{n}"} | row for n, row in enumerate(revenues)]}
    frames = {}
    for name, filled in rows.items():
        schema = tiny.tables[name].schema
        frames[name] = pl.DataFrame([dict.fromkeys(schema) | row for row in filled], schema=schema)
    market = replace(tiny, owner=None, horizon_months=months, tables={**tiny.tables, **frames})
    return market.known_by(market.as_of)


# Each of these runs in a process of its own ---------------------------------------------------------------------


def measure_engine(size: tuple[int, int, int], draws: int, repeats: int, tables: tuple[str, ...]) -> dict[str, Any]:
    """Return the median seconds of every stage, the bytes that its tables describe, and the peak memory."""
    market = made_up_market(*size)
    project(made_up_market(2, 3, 2), None, 16).summary  # noqa: B018  Loads compiled code.
    runs = [_stages(market, draws, tables) for _ in range(repeats)]
    rows = runs[-1].pop("rows")
    for run in runs[:-1]:
        del run["rows"]
    bound = runs[-1].pop("bound")
    stages = {stage: statistics.median(run[stage] for run in runs) for stage in runs[0] if stage != "bound"}
    return {
        "held": stages.pop(HELD),
        "stages": stages,
        "bytes": rows * (draws + 1) * 8,
        "bound": bound,
        "memory": _peak(),
    }


def _stages(market: Market, draws: int, tables: tuple[str, ...]) -> dict[str, float]:
    seconds: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        seconds[stage] = time.perf_counter() - start
        return result

    scenario, held = Scenario(), Draws(draws)
    inputs = timed("inputs", lambda: build_inputs(market, scenario))
    sample = timed("sample, from nothing", lambda: draw_sample(inputs, held))
    timed(HELD, lambda: draw_sample(inputs, held))
    migration = timed("migrate", lambda: migrate(inputs, sample))
    run = Projection(
        market=market, scenario=scenario, draws=draws, seed=0, scramblings=held.scramblings,
        inputs=inputs, sample=sample, migration=migration,
    )  # fmt: skip
    quantities = 0
    for name in tables:
        frame = timed(f"table {name}", partial(getattr, run, name))
        quantities += frame.height * sum(dtype == pl.Float64 for dtype in frame.dtypes) // STATISTICS
    seconds["rows"] = quantities
    seconds["bound"] = float((migration.turned_away > 0).any(axis=(0, 1)).mean())
    return seconds


def measure_whole_arrays(size: tuple[int, int, int], draws: int, repeats: int) -> dict[str, Any]:
    market = made_up_market(*size)
    scramblings = Draws(draws).scramblings
    model, tables = [], []
    for _ in range(repeats):
        start = time.perf_counter()
        results = whole_arrays(market, draws)
        middle = time.perf_counter()
        whole_array_tables(results, scramblings)
        model.append(middle - start)
        tables.append(time.perf_counter() - middle)
        del results
    return {"model": statistics.median(model), "tables": statistics.median(tables), "memory": _peak()}


def measure_loop(size: tuple[int, int, int], draws: int, repeats: int) -> float:
    market = made_up_market(*size)
    return statistics.median(loop_seconds_per_draw(market, draws) for _ in range(repeats))


def measure_held(size: tuple[int, int, int], draws: int, repeats: int) -> dict[str, float]:
    """Return the seconds to the summary after one slider moved, with the draws of the run before kept and not."""
    market = made_up_market(*size)
    held = Draws(draws)
    project(market, None, draws, held=held).summary  # noqa: B018
    seconds = {}
    for slider, values in (("built_in_house", (0.11, 0.12)), ("growth", (0.25, 0.3))):
        for kept in (held, None):
            times = []
            for attempt in range(repeats * 2):
                scenario = Scenario(parameters={slider: values[attempt % 2]})
                start = time.perf_counter()
                project(market, scenario, draws, held=kept).summary  # noqa: B018
                times.append(time.perf_counter() - start)
            seconds[f"{slider}, draws {'kept' if kept else 'drawn again'}"] = statistics.median(times)
    return seconds


def measure_difference(size: tuple[int, int, int], draws: int) -> float:
    """Return the greatest difference between the engine and the whole arrays, relative to the largest flow."""
    market = made_up_market(*size)
    engine, plain = project(market, None, draws).migration.cumulative, whole_arrays(market, draws)["flow"].sum(axis=2)
    return float(np.abs(engine - plain).max() / plain.max())


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


def fresh(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run in a new process, so that peak memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


# The report -----------------------------------------------------------------------------------------------------


def reference_job(size: tuple[int, int, int], draws: int, repeats: int, loop_draws: int) -> None:
    print(f"\n{size[0]} customers x {size[1]} options x {size[2]} months x {draws:,} draws, all tables")
    difference = fresh(measure_difference, size, 256)
    engine = fresh(measure_engine, size, draws, repeats, TABLES)
    model_only = fresh(measure_engine, size, draws, 1, ())
    plain = fresh(measure_whole_arrays, size, draws, repeats)
    per_draw = fresh(measure_loop, size, loop_draws, 3)
    stages = engine["stages"]
    model = stages["inputs"] + stages["sample, from nothing"] + stages["migrate"]
    total = sum(stages.values())
    warm = total - stages["sample, from nothing"] + engine["held"]
    floor = copy_seconds(int(engine["bytes"]))
    print(f"capacity binds in {engine['bound']:.0%} of draws; engine and whole arrays differ by {difference:.1e}")
    print(f"the tables describe {engine['bytes'] / 1e9:.2f} GB of draws\n")
    print(f"{'':34}{'model s':>10}{'tables s':>10}{'total s':>10}{'peak GB':>9}")
    row("engine", model, total - model, total, engine["memory"])
    row("engine, draws held", warm - total + model, total - model, warm, None)
    row("engine, model alone", model, None, None, model_only["memory"])
    row("(b) whole arrays", plain["model"], plain["tables"], plain["model"] + plain["tables"], plain["memory"])
    row(f"(a) loop, {loop_draws} draws scaled up", per_draw * draws, None, None, None)
    row("(c) copying the tables' draws once", None, None, floor, None)
    print(f"\nratios: engine model / (a) {model / per_draw / draws:.5f} (1/{per_draw * draws / model:,.0f})")
    print(f"        engine, draws held / (a)  {(warm - total + model) / per_draw / draws:.6f} "
          f"(1/{per_draw * draws / (warm - total + model):,.0f})")  # fmt: skip
    print(f"        engine model / (b) model {model / plain['model']:.3f}")
    print(f"        engine total / (b) total {total / (plain['model'] + plain['tables']):.3f}")
    print(f"        engine peak  / (b) peak  {engine['memory'] / plain['memory']:.3f}")
    print(f"        engine total / (c)       {total / floor:.1f}")
    print("\nstage                        s   share")
    for stage, seconds in stages.items():
        print(f"{stage:22}{seconds:8.3f}{seconds / total:8.1%}")
    print("\nto the summary after one slider moved")
    for words, seconds in fresh(measure_held, size, draws, repeats).items():
        print(f"{words:42}{seconds:8.3f} s")


def row(words: str, *numbers: float | None) -> None:
    cells = ["-" if n is None else f"{n:.3f}" for n in numbers[:3]]
    memory = "-" if len(numbers) < 4 or numbers[3] is None else f"{numbers[3] / 1e9:.2f}"
    print(f"{words:34}{cells[0]:>10}{cells[1]:>10}{cells[2]:>10}{memory:>9}")


def measure_streaming(size: tuple[int, int, int], draws: int, tables: tuple[str, ...]) -> dict[str, float]:
    """Return the seconds and the peak memory of many draws, counted window by window."""
    market = made_up_market(*size)
    project(made_up_market(2, 3, 2), None, 16).summary  # noqa: B018  Loads compiled code.
    start = time.perf_counter()
    project_streaming(market, None, draws, tables=tables)
    return {"seconds": time.perf_counter() - start, "memory": _peak()}


def streaming_job(size: tuple[int, int, int], draws: int) -> None:
    """Time and memory of many draws, beside a tenth of them: time grows with the draws, memory must not."""
    print(f"\n{size[0]} customers x {size[1]} options x {size[2]} months x {draws:,} draws, window by window")
    for words, tables in (("without flows and displacement by month", PAGE_TABLES), ("all tables", TABLES)):
        # All tables of all draws would take most of an hour; their pace is measured on a tenth.
        counts = (draws // 10, draws) if tables == PAGE_TABLES else (draws // 10,)
        found = [fresh(measure_streaming, size, count, tables) for count in counts]
        for count, run in zip(counts, found, strict=True):
            pace = run["seconds"] / count * 1e6
            print(
                f"{words:42}{count:>10,} draws{run['seconds']:8.1f} s{run['memory'] / 1e9:7.2f} GB{pace:8.1f} us a draw"
            )


def large_job(size: tuple[int, int, int], draws: int) -> None:
    """Time and memory of a large market, and how its tables compare with copying their draws once."""
    print(f"\n{size[0]:,} customers x {size[1]} options x {size[2]} months x {draws:,} draws, tables by vendor")
    run = fresh(measure_engine, size, draws, 1, PAGE_TABLES)
    seconds, floor = sum(run["stages"].values()), copy_seconds(int(run["bytes"]))
    print(f"{seconds:.1f} s, peak {run['memory'] / 1e9:.2f} GB, {seconds / floor:.0f} times copying the tables' draws")
    for stage, part in run["stages"].items():
        print(f"{stage:22}{part:8.3f}{part / seconds:8.1%}")


def imports(repeats: int) -> None:
    def seconds(code: str) -> float:
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    bare = seconds("pass")
    print(f"\nimport, in a fresh process, beyond the {bare:.3f} s of a bare Python (each with what it imports itself)")
    for name in LIBRARIES:
        print(f"{name:24}{seconds(f'import {name}') - bare:8.3f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("customers", 16), ("options", 16), ("months", 36), ("draws", 4096), ("repeats", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--loop-draws", type=int, default=16)
    parser.add_argument("--quick", action="store_true", help="leave out the large jobs and the imports")
    given = parser.parse_args()
    size = (given.customers, given.options, given.months)
    reference_job(size, given.draws, given.repeats, given.loop_draws)
    if not given.quick:
        streaming_job(size, 1_000_000)
        large_job((2000, 50, 60), 4096)
        imports(given.repeats)


if __name__ == "__main__":
    main()
