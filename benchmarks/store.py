"""Milliseconds per save and per autosave: durable as shipped, against the same store that leaves writing to the disk.

    .venv/bin/python benchmarks/store.py

The baseline (`PRAGMA synchronous = OFF`) does everything but wait for the disk, so the difference is what durability
costs. Both are measured by turns in one run. With SHARESHIFT_DATABASE_URL set, that database is measured as well; it
then holds the scenario and draft of an owner called benchmark.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import quantiles

from sqlalchemy import event

from shareshift.store.opening import Store, open_store

ROUNDS = 300
PARAMETERS = {f"parameter_{n}": n / 8 for n in range(20)}
MARKET = ("digest", "market", "0")


def hasty(path: str) -> Store:
    """Open a store whose commits return before the disk has them."""
    store = open_store(path)
    event.listen(store._database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
    store.close()
    return store


def measure(stores: dict[str, Store]) -> dict[tuple[str, str], list[float]]:
    """Return the milliseconds of every change, by store and kind."""
    taken: dict[tuple[str, str], list[float]] = {}
    content = {"title": "Benchmark", "parameters": PARAMETERS}
    keys = {name: store.create("benchmark", content, *MARKET).scenario_id for name, store in stores.items()}
    for store in stores.values():
        store.drop_draft("benchmark", "draft")

    def timed(kind: str, name: str, change: Callable[[], object]) -> None:
        start = time.perf_counter()
        change()
        taken.setdefault((kind, name), []).append((time.perf_counter() - start) * 1e3)

    for turn in range(1, ROUNDS + 1):
        moved = content | {"parameters": PARAMETERS | {"parameter_0": float(turn)}}
        undo = [content] * min(turn, 50)
        for name, store in stores.items():
            draft = partial(store.put_draft, "benchmark", "draft", moved, "digest", turn, history=undo)
            timed("autosave", name, draft)
            timed("save", name, partial(store.save, "benchmark", keys[name], moved, turn, *MARKET))
    return taken


def main() -> None:
    """Print a line for every kind of change and store."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
        stores = {
            "SQLite, synchronous FULL": open_store(str(Path(folder) / "full.db")),
            "SQLite, synchronous OFF": hasty(str(Path(folder) / "off.db")),
        }
        if os.environ.get("SHARESHIFT_DATABASE_URL"):
            stores["PostgreSQL"] = open_store()
        for (kind, name), times in sorted(measure(stores).items()):
            levels = quantiles(times, n=20)
            print(f"{kind:9} {name:26} median {levels[9]:6.2f} ms   p95 {levels[18]:6.2f} ms")
        for store in stores.values():
            store.close()


if __name__ == "__main__":
    main()
