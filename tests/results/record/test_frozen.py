"""A frozen projection says what its run said, is scored from its file alone, and is refused where it was changed."""

import json
from datetime import date

import numpy as np
import polars as pl
import pytest

from shareshift.basics.errors import ShareshiftError
from shareshift.market.market import read_market
from shareshift.results.projection import project
from shareshift.results.record.frozen import LEVELS, freeze
from shareshift.results.record.frozen_files import frozen_files, read_frozen, write_frozen
from shareshift.results.record.frozen_score import score_frozen
from shareshift.results.record.score import MODEL, score_run
from shareshift.results.record.sentences import score_sentence
from support.places import BUNDLED

LATER, FROZEN_ON = date(2026, 12, 31), date(2025, 7, 1)


@pytest.fixture(scope="module")
def run():
    return project(read_market(BUNDLED), draws=256)


@pytest.fixture(scope="module")
def frozen(run):
    return freeze(run, FROZEN_ON)


def test_a_file_holds_what_was_frozen(frozen, tmp_path):
    file = write_frozen(frozen, tmp_path / "frozen")
    assert read_frozen(file) == frozen
    assert frozen_files(tmp_path / "frozen") == [file]
    assert frozen.digest[:12] in file.name
    assert write_frozen(frozen, tmp_path / "frozen") == file
    told = json.loads(file.read_text())
    assert told["digest"] == frozen.digest
    assert (told["version"], told["seed"], told["as_of"]) == (frozen.version, 0, "2025-06-30")
    assert (told["due"][0], told["due"][-1]) == ("2025-07-31", "2026-12-31")


def test_it_says_of_every_vendor_and_month_what_the_run_said(run, frozen):
    for month in (0, len(run.months) - 1):
        draws = run.month_accounts(month).revenue[run.vendors.index("mercor"), :-1] * 12
        told = frozen.figures["revenue", "mercor", month]
        assert told == pytest.approx(np.percentile(draws, LEVELS), rel=1e-5)
    assert len(frozen.figures) == len(run.months) * (3 * len(run.vendors) - 1 + len(run.inputs.customers))


def test_its_score_is_that_of_the_run_to_what_percentiles_keep(run, frozen):
    ours = score_frozen(frozen, run.market.tables["outcomes"], LATER)
    theirs = score_run(run, LATER)
    own = theirs.rows.filter(pl.col("forecaster") == MODEL)
    assert ours.rows["outcome_id"].to_list() == own["outcome_id"].to_list()
    assert ours.rows["inside_90"].to_list() == own["inside_90"].to_list()
    assert ours.rows["p95"].to_list() == pytest.approx(own["p95"].to_list(), rel=5e-3)
    assert ours.rows["crps_log"].to_list() == pytest.approx(own["crps_log"].to_list(), abs=0.02)
    assert ours.exits.drop("brier", "log_score", "forecast_probability").equals(
        theirs.exits.drop("brier", "log_score", "forecast_probability")
    )
    # A frozen chance is that of the month's last day.
    assert ours.exits["brier"].to_list() == pytest.approx(theirs.exits["brier"].to_list(), abs=0.01)
    assert score_sentence(ours) == f"{ours.rows['inside_90'].sum()} of {ours.rows.height} " + (
        "published figures lie inside the 90% range."
    )


def test_what_was_known_when_it_was_frozen_is_no_test_of_it(run):
    late = score_frozen(freeze(run, date(2026, 1, 1)), run.market.tables["outcomes"], LATER)
    assert "mercor-2025-09" in late.unscored.filter(pl.col("reason").str.contains("known on 2026-01-01"))["outcome_id"]
    assert (late.rows["period_end"] > date(2025, 12, 31)).all()


def test_nothing_is_scored_before_it_is_due(run, frozen):
    early = score_frozen(frozen, run.market.tables["outcomes"], date(2025, 7, 2))
    assert early.rows.is_empty()
    assert early.exits.is_empty()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"seed": 0', '"seed": 1'),
        ('["revenue","mercor",2,', '["revenue","mercor",3,'),
        (",0.", ",9."),
        ('on": "2025-07-01', 'on": "2025-06-30'),
    ],
)
def test_a_changed_file_is_refused(frozen, tmp_path, old, new):
    file = write_frozen(frozen, tmp_path)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(ShareshiftError, match=f"{file.name}: it was changed after it was frozen"):
        read_frozen(file)


def test_a_file_with_a_digest_of_its_own_is_refused_by_its_name(run, frozen, tmp_path):
    file = write_frozen(frozen, tmp_path)
    other = write_frozen(freeze(run, LATER), tmp_path / "other")
    file.write_bytes(other.read_bytes())
    with pytest.raises(ShareshiftError, match="was changed"):
        read_frozen(file)


def test_what_is_frozen_is_never_replaced(run, frozen, tmp_path):
    file = write_frozen(frozen, tmp_path / "one.json")
    with pytest.raises(ShareshiftError, match="never replaced"):
        write_frozen(freeze(run, LATER), file)
    assert read_frozen(file) == frozen


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"digest": "0"}', "\x00"])
def test_a_file_that_is_none_is_refused(tmp_path, text):
    file = tmp_path / "odd.frozen.json"
    file.write_text(text)
    with pytest.raises(ShareshiftError, match="is no frozen projection"):
        read_frozen(file)
