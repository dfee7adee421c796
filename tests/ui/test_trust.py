"""How far to trust the page is said from the tables and the record, and every claim has its verdict."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.forms import forms_spread
from shareshift.results.projection import project
from shareshift.results.record.score import score_run
from shareshift.scenario.scenario import Scenario
from shareshift.ui.money.trust_sentences import assumed_inputs, trust_sentence, verdict
from support.pages import open_page, told


@pytest.mark.parametrize(
    ("probability", "word"),
    [(0.0, "Cannot hold"), (0.001, "Hardly"), (0.3, "Doubtful"), (0.5, "Open"), (0.7, "Plausible"), (1.0, "Fits")],
)
def test_every_chance_has_its_word(probability: float, word: str) -> None:
    assert verdict(probability).label == word


def test_the_line_says_the_span_over_forms_the_assumptions_and_the_record(tiny: Market) -> None:
    gains = forms_spread(tiny, Scenario(), Draws(64, 0)).ranked()
    record = score_run(project(tiny, draws=64), date(2030, 1, 1))
    said = trust_sentence(gains, tiny, record)
    assert said.startswith(f"By form of the model {tiny.names[gains['vendor_id'][0]]} wins ")
    assumed, rows = assumed_inputs(tiny)
    assert f"Of {rows} inputs {assumed} are our assumptions." in said
    assert ("Ranges of this kind held" in said) is not record.rows.is_empty()


def test_a_published_figure_is_no_assumption(tiny: Market) -> None:
    assumed, rows = assumed_inputs(tiny)
    spend = tiny.tables["spend"].with_columns(source_id=pl.lit("assumption"), basis=pl.lit("assumption"))
    more, same = assumed_inputs(replace(tiny, tables={**tiny.tables, "spend": spend}))
    assert same == rows
    assert assumed < more <= rows


@pytest.mark.usefixtures("tiny_app")
def test_the_page_has_the_line_and_a_verdict_for_every_claim(tiny: Market) -> None:
    app = open_page()
    assert "How far to trust this" in told(app, "trust")
    known = tiny.tables["claims"].filter(pl.col("known_from") <= tiny.as_of)
    assert told(app, "verdicts").count("<li>") <= known["claim_id"].n_unique()
    app.slider(key="slider-moved_share").set_value(0.2).run()
    assert "How far to trust this" in told(app, "trust")
