"""The picture of the inputs that would have to move."""

import polars as pl

from shareshift.charts.block import ChartBlock
from shareshift.charts.claims.inputs import SHOWN, draw_inputs, inputs_data, inputs_height
from shareshift.charts.look import Look
from shareshift.ui.claims import words
from shareshift.ui.claims.sentences import inputs_sentence
from shareshift.ui.shell.specs import spec_of


def inputs_block(name: str, moved: pl.DataFrame, opening: str, look: Look, digest: str, source: str) -> ChartBlock:
    """Return the inputs that move most; `opening` says for what they would have to."""
    table = moved.lazy().select(
        pl.col("label").alias("Input"),
        pl.col("unit").str.replace_all("_", " ").alias("Unit"),
        pl.col("prior_mean").alias("Before, mean"),
        pl.col("posterior_mean").alias("After, mean"),
        pl.col("moved_sd").alias("Move in deviations"),
        pl.col("beyond_noise").alias("Beyond noise"),
    )
    return ChartBlock(
        name=name,
        finding="What would have to be true",
        note=inputs_sentence(moved, opening),
        spec=spec_of(draw_inputs, look, digest, inputs_height()),
        data=inputs_data(moved, [words.input_words(row) for row in moved.head(SHOWN).iter_rows(named=True)]),
        frame=moved,
        table=table,
        source=source,
    )
