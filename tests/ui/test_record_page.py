"""The page Track record, and the line about it on the first page."""

import re
from datetime import date

import polars as pl
import pytest

from shareshift.market.market import read_market
from shareshift.results.claims.verdicts import verdict_sentence
from shareshift.results.projection import project
from shareshift.results.record.frozen import freeze
from shareshift.results.record.frozen_files import write_frozen
from shareshift.results.record.frozen_score import score_frozen
from shareshift.results.record.past import claims_record, left_one_out
from shareshift.results.record.score import MODEL, score_run
from shareshift.results.record.sentences import misses_sentence, record_line
from shareshift.ui.record.frozen import frozen_words
from support.pages import captions, open_page, open_part, told
from support.places import BUNDLED


@pytest.fixture
def bundled_app(monkeypatch, tmp_path):
    monkeypatch.setenv("SHARESHIFT_MARKET", str(BUNDLED))
    monkeypatch.setenv("SHARESHIFT_DATA", str(tmp_path))


@pytest.mark.slow
def test_the_page_tells_the_score_of_the_baseline(bundled_app):
    app = open_page("track-record")
    assert not app.exception
    found = score_run(project(read_market(BUNDLED)), date.today())
    shown = [table.value for table in app.dataframe]
    own = found.summary.row(by_predicate=pl.col("forecaster") == MODEL, named=True)
    assert shown[0].iloc[0].to_list()[:4] == ["Shareshift", own["rows"], own["inside_50"], own["inside_90"]]
    assert len(shown[-2]) == found.unscored.height
    assert len(shown[-1]) == left_one_out().height


@pytest.mark.slow
def test_the_first_page_carries_its_record_in_one_line(bundled_app):
    line = record_line(score_run(project(read_market(BUNDLED)), date.today()))
    assert re.search(r"held \d of 7 published figures", line)
    assert line in told(open_page(), "trust")


def test_the_misses_are_those_of_the_table():
    market = read_market(BUNDLED)
    found = score_run(project(market, draws=256), date(2026, 12, 31))
    own = found.rows.filter(pl.col("forecaster") == MODEL)
    above = own.filter(pl.col("observed") > pl.col("p95"))
    words = misses_sentence(found, market.names)
    assert f"{above.height} lie above" in words
    assert all(market.names[vendor] in words for vendor in above["vendor_id"])


def showing(market):
    from shareshift.ui.record.frozen import show_frozen

    show_frozen(market)


def test_frozen_projections_are_scored_on_the_page_and_a_changed_one_is_named(monkeypatch, tmp_path):
    market = read_market(BUNDLED)
    monkeypatch.setenv("SHARESHIFT_MARKET", str(tmp_path))
    assert "No projection of this market is frozen yet" in captions(open_part(showing, market))
    frozen = freeze(project(market, draws=64), date(2025, 7, 1))
    file = write_frozen(frozen, tmp_path / "frozen")
    app = open_part(showing, market)
    score = score_frozen(frozen, market.tables["outcomes"], date.today())
    assert frozen_words(frozen, score) in captions(app)
    assert len(app.dataframe[0].value) == score.rows.height > 0
    file.write_text(file.read_text().replace('"seed": 0', '"seed": 1'))
    app = open_part(showing, market)
    assert "it was changed after it was frozen" in told(app)
    assert not app.dataframe


@pytest.mark.slow
@pytest.mark.parametrize("page", ["compare", "claims", "scenarios"])
def test_every_page_with_a_range_carries_its_record_in_one_line(bundled_app, page):
    app = open_page(page)
    assert not app.exception
    shown = captions(app)
    assert record_line(score_run(project(read_market(BUNDLED)), date.today())) in shown
    assert (verdict_sentence(claims_record(), "claims in past migrations") in told(app)) == (page == "claims")
    assert ("the claims of this page" in told(app)) == (page == "claims")
