"""A projection of more draws than fit into memory: window by window, in memory that does not grow with them."""

from collections.abc import Callable, Iterable, Mapping
from threading import Event, Lock, local

import polars as pl

from shareshift.basics.threads import each_piece, inline
from shareshift.market.market import Market
from shareshift.model.draws.points import scramblings, windows
from shareshift.model.draws.streams import Draws
from shareshift.results.counting.sketches import Scale, Sketch, classes_for
from shareshift.results.projection import TABLES, project
from shareshift.results.tables.frames import Table, framed
from shareshift.scenario.scenario import Scenario

# Draws that are computed at a time: the working memory of one run of the dashboard.
WINDOW = 4096
# Draws done and draws in all.
Progress = Callable[[int, int], None]
Window = tuple[int, int]
Sketches = dict[str, list[Sketch]]


def project_streaming(
    market: Market,
    scenario: Scenario | None = None,
    draws: int = 1_000_000,
    seed: int = 0,
    *,
    tables: Iterable[str] = tuple(TABLES),
    progress: Progress | None = None,
) -> dict[str, pl.DataFrame]:
    """Return tables of a projection by name, as `Projection` has them, in memory that does not grow with the draws.

    The draws are those of `project`, bit for bit, and so is the central path. Percentiles are counted, not sorted: in
    up to 8,192 classes between the 0.1st and the 99.9th percentile of the first draws, and are off by less than one.
    Means differ from those of `project` in their last digits only. The same market, scenario, draws, seed, version
    and tables give the same bits. `progress` is called after every window, from several threads in turn, and may
    raise to stop; nothing is left behind then.

    Raises `ScenarioError`, `ModelError` and ValueError as `project` does, and KeyError for an unknown table.
    """
    scenario = scenario or Scenario()
    makers = {name: TABLES[name] for name in tables}
    whole = Draws(draws, seed)

    def tables_of(window: Window) -> Mapping[str, Table]:
        run = project(market, scenario, draws, seed, held=whole.window(*window), flows=False)
        return {name: make(run) for name, make in makers.items()}

    layout = tables_of(next(windows(draws, WINDOW)))
    counting = _Counting(draws, layout, tables_of, progress)
    try:
        each_piece(range(scramblings(draws)), counting.count)
    except BaseException:
        counting.stop.set()
        raise
    total = counting.total()
    return {
        name: framed(scenario.title, table, [sketch.statistics(draws) for sketch in total[name]])
        for name, table in layout.items()
    }


class _Counting:
    """Windows counted by several threads, each into sketches of its own."""

    def __init__(
        self, draws: int, layout: Mapping[str, Table], tables_of: Callable[[Window], Mapping[str, Table]],
        progress: Progress | None,
    ) -> None:  # fmt: skip
        self.draws, self.tables_of, self.progress = draws, tables_of, progress
        self.classes = classes_for(sum(table.cells * len(table.quantities) for table in layout.values()))
        self.scales = {name: _scales(table, self.classes) for name, table in layout.items()}
        self.own, self.lock, self.stop = local(), Lock(), Event()
        self.all_sketches: list[Sketches] = []
        self.done = 0

    def count(self, part: int) -> None:
        """Count all windows of one scrambling, in order, so that its sums have the same bits on any thread."""
        sketches, size = self._sketches_of_this_thread(), self.draws // scramblings(self.draws)
        with inline():
            for window in windows(self.draws, WINDOW):
                if window[0] // size != part:
                    continue
                if self.stop.is_set():
                    return
                for name, table in self.tables_of(window).items():
                    _take(table, sketches[name], part)
                self._tell(window[1] - window[0])

    def total(self) -> Sketches:
        """Return what all threads counted together."""
        total, *others = self.all_sketches
        for other in others:
            for name, found in total.items():
                for sketch, more in zip(found, other[name], strict=True):
                    sketch.add(more)
        return total

    def _sketches_of_this_thread(self) -> Sketches:
        if not hasattr(self.own, "sketches"):
            parts = scramblings(self.draws)
            self.own.sketches = {
                name: [Sketch.empty(scale, self.classes, parts) for scale in scales]
                for name, scales in self.scales.items()
            }
            with self.lock:
                self.all_sketches.append(self.own.sketches)
        found: Sketches = self.own.sketches
        return found

    def _tell(self, draws: int) -> None:
        with self.lock:
            self.done += draws
            if self.progress is not None:
                try:
                    self.progress(self.done, self.draws)
                except BaseException:
                    self.stop.set()
                    raise


def _scales(table: Table, classes: int) -> list[Scale]:
    scales = [Scale.empty(table.cells) for _ in table.quantities]
    table.feed(lambda quantity, where, rows: scales[quantity].lay_out(where, rows, classes))
    return scales


def _take(table: Table, sketches: list[Sketch], part: int) -> None:
    table.feed(lambda quantity, where, rows: sketches[quantity].take(where, rows, part))
