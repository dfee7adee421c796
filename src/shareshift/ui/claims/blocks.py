"""All claims at once: the money claimed beside the money there is, how likely each claim is, and the files."""

from collections.abc import Callable
from importlib.resources import files

import polars as pl
import streamlit as st

from shareshift.charts.block import ChartBlock
from shareshift.charts.claims.odds import Odds, draw_odds, odds_data, odds_height
from shareshift.charts.claims.stack import draw_stack, stack_data, stack_height
from shareshift.charts.look import Look
from shareshift.results.claims.verdicts import verdict_sentence
from shareshift.results.record.past import claims_record
from shareshift.ui.claims import sentences, words
from shareshift.ui.claims.cache import Asked, Beliefs, Tested
from shareshift.ui.claims.tested import Card
from shareshift.ui.shell.blocks import show_download, show_finding
from shareshift.ui.shell.specs import spec_of
from shareshift.ui.shell.words import html

# Every table by the name of its file, in the words of readers.
FILES = {
    "claims": "Every claim, tested",
    "claim_distributions": "What is claimed, over the simulations",
    "oversubscription": "Claimed against available",
    "oversubscription_bins": "Claimed against available, in bins",
    "claimed_stack": "Claims added up",
    "programme": "What all claims need together",
    "contradictions": "Claims that contradict each other",
    "beliefs": "How firmly each claim is believed",
    "posterior": "Figures after believing",
    "inputs_moved": "Inputs after believing",
}


def show_claims_style() -> None:
    """Put the typography of this page on the page."""
    st.html(f"<style>{files('shareshift.ui.claims').joinpath('claims.css').read_text()}</style>")


def show_claims_record(found: Tested) -> None:
    """Show what became of claims in past migrations, and of those of this market that have an outcome."""
    told = [verdict_sentence(claims_record(), "claims in past migrations")]
    if not found.verdicts.is_empty():
        told.append(verdict_sentence(found.verdicts, "the claims of this page"))
    show_finding("What became of such claims", " ".join(told))


def stack_block(found: Tested, look: Look, digest: str, source: str) -> ChartBlock:
    """Return the claimed money beside the money there is."""
    return ChartBlock(
        name="claims-stack",
        finding=sentences.stack_finding(found.oversubscription),
        note="Colour: the least that rivals say they win. Grey: the money that is displaced, mean; its line is "
        "the 90% range. Each definition stands alone.",
        spec=spec_of(draw_stack, look, digest, stack_height(found.stack.filter("counted"))),
        data=stack_data(found.stack, look),
        frame=found.stack,
        table=_stack_table(found.stack, look),
        source=source,
    )


def _stack_table(stack: pl.DataFrame, look: Look) -> pl.LazyFrame:
    return stack.lazy().select(
        pl.col("basis").str.replace("_", " ").alias("Definition"),
        pl.col("deadline").alias("Due"),
        look.named(stack["vendor_id"]).alias("Who"),
        pl.col("low").alias("At least, USD"),
        pl.col("counted").alias("Counted"),
        pl.col("mean_pool").alias("Pool, mean USD"),
        pl.col("p5_pool").alias("P5 USD"),
        pl.col("p95_pool").alias("P95 USD"),
        pl.col("why_not").alias("Why not"),
    )


def odds_block(found: Tested, cards: list[Card], look: Look, digest: str, source: str) -> ChartBlock:
    """Return how likely every claim is."""
    rows = [
        Odds(
            group=card.group,
            label=words.label_of(test.row, look.names),
            words=words.chance_words(test.row),
            probability=test.row["probability"],
        )
        for card in cards
        for test in card.tests
    ]
    return ChartBlock(
        name="claims-odds",
        finding=sentences.odds_finding(cards),
        note="Share of simulations in which each holds; a claim that can be read in several ways has a bar for each.",
        spec=spec_of(draw_odds, look, digest, odds_height(rows)),
        data=odds_data(rows),
        frame=found.claims,
        table=_claims_table(found.claims, look),
        source=source,
    )


def _claims_table(claims: pl.DataFrame, look: Look) -> pl.LazyFrame:
    labels = [words.label_of(row, look.names) for row in claims.iter_rows(named=True)]
    return claims.lazy().select(
        pl.Series("Claim", labels, dtype=pl.String),
        pl.col("speaker").alias("Said by"),
        pl.col("grade").alias("Grade"),
        pl.col("likelihood").fill_null("not tested").alias("Holds"),
        pl.col("probability").alias("Holds, share"),
        pl.col("standard_error").alias("Error, share"),
        pl.col("probability_bound").alias("At most or at least, share"),
        pl.col("needed_capture_share").alias("Needs of the pool, share"),
        pl.col("shortfall_usd").alias("Short by, USD"),
        pl.col("stopped_by").alias("Stopped by"),
        pl.col("reach").fill_null("").alias("Nearest simulation"),
    )


def show_together(found: Tested, cards: list[Card], look: Look) -> None:
    """Say what all claims need together, who conflicts, and what is left out of the sum."""
    titles = words.titles_of(cards, look.names)
    sums = sentences.programme_sentences(found.programme, titles)
    items = [f"<li><b>{html(head)}</b> {html(line)}</li>" for head, line in sums]
    rest = sentences.left_out_sentences(found.stack, titles)
    rest += sentences.contradiction_sentences(found.contradictions, titles)
    items += [f"<li>{html(line)}</li>" for line in rest]
    st.html(f'<ul class="sums" data-testid="together">{"".join(items)}</ul>')


def show_files(asked: Callable[[], Asked], beliefs: Beliefs | None) -> None:
    """Show a button per file, the same that the command line writes."""
    show_finding(
        "Download",
        "What the command “shareshift claims” writes: CSV as UTF-8, ISO dates, units in the headers; text made safe.",
    )
    with st.container(horizontal=True, key="downloads"):
        for name, words_of_file in FILES.items():
            show_download(f"{name}.csv", _file(asked, beliefs, name), f"{words_of_file} (CSV)")


def _file(asked: Callable[[], Asked], beliefs: Beliefs | None, name: str) -> Callable[[], bytes]:
    return lambda: asked().table(name, beliefs)
