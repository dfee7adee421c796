"""Which inputs make the difference, one at a time, and what do they do only together?"""

from __future__ import annotations

import polars as pl

from shareshift.charts.canvas import Canvas, placed, right_edge, row_words
from shareshift.charts.compare.differences import difference_axis
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look
from shareshift.charts.marks import finished, named, raw_colour, told
from shareshift.results.compare.amounts import change, change_range

DESCRIPTION = (
    "Bars from zero: what each input on its own adds to the result of the reference, the most first; then the "
    "interaction of inputs, and the whole difference, which is the sum. A hollow diamond marks what putting the input "
    "back in the scenario takes away. The amounts stand beside the names."
)
ROW, FOOT = 40, 42
FILLS = {"input": "incumbent", "interaction": "faint", "whole": "ink"}


def compare_parts_height(parts: int) -> int:
    """Return the height of the picture in pixels."""
    return ROW * parts + FOOT


def compare_parts_data(explained: pl.DataFrame, look: Look) -> Datasets:
    """Return one row per part of one result's difference, inputs by size, then interaction and whole."""
    last = {"input": 0, "interaction": 1, "whole": 2}
    rows = explained.with_columns(
        pl.col("part").replace_strict(last, return_dtype=pl.Int64).alias("last"),
        pl.max_horizontal(pl.col("mean_one_at_a_time").abs(), pl.col("mean_put_back").abs()).alias("size"),
    ).sort("last", "size", descending=[False, True], maintain_order=True)
    rows = rows.with_row_index("place")
    unit = rows["unit"][0]
    amounts, spans = [], []
    for row in rows.iter_rows(named=True):
        alone, back = change(row["mean_one_at_a_time"], unit), change(row["mean_put_back"], unit)
        amounts.append(alone if alone == back else f"{alone} on its own, {back} when removed")
        spans.append(change_range(row["p5_one_at_a_time"], row["p95_one_at_a_time"], unit))
    fills = {part: getattr(look.style, name) for part, name in FILLS.items()}
    return {
        "parts": rows.select(
            "label",
            pl.col("mean_one_at_a_time").alias("alone"),
            pl.when(pl.col("part") != "whole").then("mean_put_back").alias("back"),
            pl.col("part").replace_strict(fills, return_dtype=pl.String).alias("colour"),
            pl.Series("amounts", amounts, dtype=pl.String),
            pl.Series("span", spans, dtype=pl.String),
            *placed(ROW, text_y=11, y=26, top=19, bottom=ROW - 2),
        ),
    }


def draw_compare_parts(look: Look, height: int, unit: str) -> alt.LayerChart:
    """Draw the parts of a difference in `unit` from the named data of `compare_parts_data`."""
    style, canvas = look.style, Canvas(height=height - FOOT)
    units = {"share": "percentage points", "usd": "USD", "usd_per_year": "USD per year", "hhi": "HHI points"}
    axis = difference_axis(f"Difference of the means, {units.get(unit, unit)}", unit, grid=False)
    data = named("parts")
    tooltip = told({"label": "Input", "amounts": "Mean", "span": "On its own, 90% range"})
    rows = data.encode(y=canvas.y("y"), tooltip=tooltip)
    bars = rows.mark_bar(height=9).encode(
        x=alt.X("alone:Q", axis=axis, scale=alt.Scale(zero=True)), x2=alt.datum(0), color=raw_colour()
    )
    backs = rows.transform_filter("isValid(datum.back)").mark_point(
        shape="diamond", filled=True, fill=style.paper, size=70, strokeWidth=1.6, opacity=1
    )
    backs = backs.encode(x=alt.X("back:Q"), stroke=alt.value(style.ink))
    words = row_words(data, look, canvas.y("text_y"), right_edge(), amounts="amounts", limit="0.62 * width")
    # Row by row, so that no line runs through the words.
    zero = data.mark_rule(color=style.muted, strokeWidth=1.2)
    zero = zero.encode(x=alt.datum(0), y=canvas.y("top"), y2="bottom:Q")
    return finished([zero, bars, backs, *words], look, height, DESCRIPTION)
