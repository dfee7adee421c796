"""One input at a time at its P10 and its P90, all others as they are drawn, on the same draws."""

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.model.draws.streams import Draws
from shareshift.results.drivers.study import Driver, Study
from shareshift.results.rows import number, numbers, texts

ENDS = (0.1, 0.9)
# Draws on which each end is run, and how many ends are run together, the size of an ordinary run.
DRAWS = 256
TOGETHER = 16
Progress = Callable[[float], object]
TORNADO = texts("figure", "input_id", "label", "unit", "figure_unit") | numbers(
    "p10_input", "p90_input", "mean", "mean_at_p10", "mean_at_p90", "swing", "standard_error"
)


def tornado(study: Study, drivers: Sequence[Driver], progress: Progress = lambda _: None) -> pl.DataFrame:
    """Return one row per figure and input, the widest swing of each figure first.

    `mean` is that of the figure with every input as drawn, `mean_at_p10` and `mean_at_p90` with this one at either end;
    `swing` is the second less the first in the same draws, with its Monte Carlo error; `progress` hears the share done.
    """
    base = Draws(DRAWS, study.held.seed)
    ends = [(driver.input_id, end) for driver in drivers for end in ENDS]
    found: list[Floats] = []
    for start in range(0, len(ends), TOGETHER):
        some = ends[start : start + TOGETHER]

        def give(name: str, some: list[tuple[str, float]] = some) -> Floats:
            rows = np.tile(base.uniform(name), (len(some), 1))
            for row, (moved, end) in zip(rows, some, strict=True):
                if moved == name:
                    row[:] = end
            return rows.reshape(-1)

        values = study.run(DRAWS * len(some), give)
        found += list(values.reshape(len(values), len(some), DRAWS).transpose(1, 0, 2))
        progress(min(start + TOGETHER, len(ends)) / len(ends))
    pairs = zip(drivers, found[::2], found[1::2], strict=True)
    rows = [_rows(study, driver, low, high, base.scramblings) for driver, low, high in pairs]
    frame = pl.DataFrame([row for of in rows for row in of], schema=TORNADO, orient="row")
    place = {figure: index for index, figure in enumerate(study.units)}
    order = pl.col("figure").replace_strict(place, return_dtype=pl.Int64)
    return frame.sort(order, -pl.col("swing").abs(), "input_id")


def _rows(study: Study, driver: Driver, low: Floats, high: Floats, parts: int) -> list[tuple[object, ...]]:
    """Return a row per figure; `low` and `high` are (figures, draws)."""
    ends = [float(driver.value(np.array([end]))[0]) for end in ENDS] if driver.figure else [None, None]
    swing = (high - low).reshape(len(low), parts, -1).mean(axis=2)
    error = swing.std(axis=1, ddof=1) / np.sqrt(parts)
    words, mean = (driver.input_id, driver.label, driver.unit), study.values.mean(axis=1)
    columns = [mean, low.mean(axis=1), high.mean(axis=1), swing.mean(axis=1), error]
    return [
        (figure, *words, unit, *ends, *(number(column[row]) for column in columns))
        for row, (figure, unit) in enumerate(study.units.items())
    ]
