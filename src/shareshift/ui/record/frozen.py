"""The section “Frozen projections”: what was put down for good, and what came of it; nothing is run for it."""

from datetime import date
from functools import partial

import polars as pl
import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.basics.formats import day_words
from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.results.record.frozen import Frozen
from shareshift.results.record.frozen_files import FOLDER, frozen_files, read_frozen
from shareshift.results.record.frozen_score import score_frozen
from shareshift.results.record.score import Score
from shareshift.results.record.sentences import score_sentence
from shareshift.ui.shell.blocks import show_download, show_finding, show_table, show_warning
from shareshift.ui.shell.cache import market_folder
from shareshift.ui.shell.words import plain

NONE = (
    "No projection of this market is frozen yet. “shareshift freeze” writes one into the market’s folder, with a "
    "digest, to be scored when its figures are due."
)


def show_frozen(market: Market) -> None:
    """Show each frozen projection of the market with its score; one that was changed is named and not scored."""
    files = frozen_files(market_folder() / FOLDER) if (market_folder() / FOLDER).is_dir() else []
    show_finding("Frozen projections", "Put down before the figures came, and scored from the file, without a run.")
    if not files:
        st.caption(NONE)
    for file in files:
        try:
            frozen = read_frozen(file)
        except ShareshiftError as error:
            show_warning(str(error))
            continue
        score = score_frozen(frozen, market.tables["outcomes"], date.today())
        st.caption(plain(frozen_words(frozen, score)))
        if not score.rows.is_empty():
            show_table(_readable(score))
            name = f"frozen-{frozen.digest[:8]}.csv"
            show_download(name, partial(write_csv, score.rows), "CSV of this score")


def frozen_words(frozen: Frozen, score: Score) -> str:
    """Return what was frozen, when, by which version, when it falls due, and its score in one sentence."""
    return (
        f"“{frozen.title}” as known on {day_words(frozen.as_of)}, frozen on {day_words(frozen.frozen_on)} by version "
        f"{frozen.version} (digest {frozen.digest[:12]}), due from {day_words(frozen.due[0])} to "
        f"{day_words(frozen.due[-1])}. {score_sentence(score)}"
    )


def _readable(score: Score) -> pl.DataFrame:
    return score.rows.select(
        pl.col("title").alias("What"),
        pl.col("period_end").alias("As of"),
        pl.col("observed").alias("Came"),
        *(pl.col(name).alias(words) for name, words in (("p5", "P5"), ("p50", "Median"), ("p95", "P95"))),
        pl.col("percentile_reached").alias("Percentile reached share"),
    )
