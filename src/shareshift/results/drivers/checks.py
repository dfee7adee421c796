"""What to check next, and the register of what the answer rests on, the weakest ground under the most weight first."""

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from shareshift.results.drivers.learning import learning
from shareshift.results.drivers.rows_behind import row_behind, weakness
from shareshift.results.drivers.study import Driver, Study
from shareshift.results.rows import flags, numbers, texts

# From P10 to P90 of a normal distribution, in standard deviations.
P10_TO_P90 = 2.5631
CHECKS = (
    texts("figure", "input_id", "label")
    | numbers("variance_share", "range_narrower_share")
    | flags("beyond_noise")
    | texts("table", "row", "source_id", "source", "locator", "grade")
)
REGISTER = (
    texts("figure", "figure_unit", "input_id", "label", "table", "row", "source_id", "source", "grade")
    | flags("assumption")
    | numbers("weakness", "swing", "at_risk")
)


def checks_table(study: Study) -> pl.DataFrame:
    """Return one row per figure and input: what learning it brings, the most first, and where it stands today.

    `variance_share` is the part of the figure's variance that goes on average once the input is known,
    `range_narrower_share` by how much its range is then narrower. An input without a row is chance.
    """
    shares, beyond = learning(study.uniforms, study.values)
    behind = [row_behind(study.market, driver.key) for driver in study.drivers]
    rows = []
    for line, figure in enumerate(study.units):
        for column, (driver, row) in enumerate(zip(study.drivers, behind, strict=True)):
            share = float(shares[line, column])
            place = (None,) * 6 if row is None else (
                row.table, row.row_id, row.source_id, row.source, row.locator, row.grade,
            )  # fmt: skip
            told = (share, 1 - math.sqrt(max(1 - share, 0.0)), bool(beyond[line, column]))
            rows.append((figure, driver.input_id, driver.label, *told, *place))
    order = {figure: index for index, figure in enumerate(study.units)}
    frame = pl.DataFrame(rows, schema=CHECKS, orient="row")
    return frame.sort(
        pl.col("figure").replace_strict(order, return_dtype=pl.Int64),
        ~pl.col("beyond_noise"),
        -pl.col("variance_share"),
        "input_id",
    )


def register_table(study: Study, swings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per figure and input that has a row, the worst first.

    `weakness` runs from 0 for grade A1 to 1 for F6; `at_risk` is the size of the swing in `swings`, a tornado, times
    that, in the figure's own unit.
    """
    rows = []
    for driver in study.drivers:
        if row := row_behind(study.market, driver.key):
            of_source = (row.source_id, row.source, row.grade, row.assumed, weakness(row.grade))
            rows.append((driver.input_id, row.table, row.row_id, *of_source))
    names = ("input_id", "table", "row", "source_id", "source", "grade", "assumption", "weakness")
    behind = pl.DataFrame(rows, schema={name: REGISTER[name] for name in names}, orient="row")
    found = swings.join(behind, on="input_id", how="inner", maintain_order="left")
    found = found.with_columns((pl.col("swing").abs() * pl.col("weakness")).alias("at_risk"))
    order = {figure: index for index, figure in enumerate(study.units)}
    place = pl.col("figure").replace_strict(order, return_dtype=pl.Int64)
    return found.select(list(REGISTER)).sort(place, -pl.col("at_risk"), "input_id")


def strongest(study: Study, swings: pl.DataFrame, checks: pl.DataFrame, figure: str) -> Sequence[Driver]:
    """Return the inputs by how much they do to a figure, the most first.

    A swing stands for the variance of a normal effect as wide; learning counts where it is beyond noise and finds what
    does most in the middle of its range.
    """
    variance = max(float(np.var(study.values[study.row(figure)])), 1e-300)
    of_swing = {name: (swing / P10_TO_P90) ** 2 / variance for name, swing in _of(swings, figure, "swing")}
    surely = checks.filter("beyond_noise")
    of_learning = dict(_of(surely, figure, "variance_share"))
    strength = {
        driver.input_id: max(of_swing.get(driver.input_id, 0.0), of_learning.get(driver.input_id, 0.0))
        for driver in study.drivers
    }
    return sorted(study.drivers, key=lambda driver: (-strength[driver.input_id], driver.input_id))


def _of(frame: pl.DataFrame, figure: str, column: str) -> Sequence[tuple[str, float]]:
    return frame.filter(figure=figure).select("input_id", column).rows()
