"""`shareshift claims` writes the frames of the answer and ends with one clear message where it cannot."""

from functools import partial

import polars as pl
import pytest

from shareshift.export import read_csv
from shareshift.results.claims.answer import claims_answer
from shareshift.results.projection import project
from shareshift.scenario.scenario import read_scenarios
from support.places import TINY

COLUMNS = {"probability", "standard_error", "needed_capture_share", "shortfall_usd", "stopped_by"}
ASKED = {"claims", "oversubscription", "posterior", "inputs_moved", "claim_distributions"}


@pytest.fixture
def run(run):
    return partial(run, "claims")


def test_the_files_hold_the_frames_of_the_answer(run, tmp_path, tiny):
    code, out, err = run(TINY, "--draws", 64, "--seed", 5, "--out", tmp_path / "new")
    assert code == 0, err
    tables = claims_answer(project(tiny, read_scenarios(TINY, tiny)["baseline"], 64, 5)).tables
    assert {path.stem for path in (tmp_path / "new").glob("*.csv")} == set(tables) >= ASKED
    for name, frame in tables.items():
        assert frame.columns[0] == "scenario"
        assert read_csv((tmp_path / "new" / f"{name}.csv").read_bytes(), frame.schema).equals(frame), name
        assert f"{name}.csv" in out


def test_there_is_one_row_per_claim_and_reading(run, tmp_path):
    assert run(TINY, "--draws", 64, "--out", tmp_path)[0] == 0
    frame = pl.read_csv(tmp_path / "claims.csv")
    assert set(frame.columns) >= COLUMNS
    assert frame.select("claim_id", "reading").rows() == [("bolt-wins", "recognised"), ("north-leaves", "event")]


def test_refusals_are_told_on_standard_error(run, tmp_path):
    code, _, err = run(TINY, "--draws", 64, "--out", tmp_path, "--set", "capacity_growth=0")
    assert code == 0
    assert "bolt-wins/recognised: It fails in every simulation: the largest reaches " in err


def test_a_slider_and_a_scenario_change_the_answer(run, tmp_path):
    run(TINY, "--draws", 256, "--out", tmp_path / "one")
    run(TINY, "--draws", 256, "--out", tmp_path / "two", "--scenario", "exodus", "--set", "exodus=-3")
    one, two = (pl.read_csv(tmp_path / name / "claims.csv")["probability"][1] for name in ("one", "two"))
    assert two < one


def test_a_market_whose_claims_are_not_known_yet_gives_empty_tables(run, tmp_path, broken_market):
    folder = broken_market(("claims", 2, "known_from", "2025-01-05"), ("claims", 3, "known_from", "2025-01-05"))
    code, _, err = run(folder, "--draws", 32, "--out", tmp_path / "out")
    assert code == 0, err
    assert pl.read_csv(tmp_path / "out" / "claims.csv").is_empty()
    assert (tmp_path / "out" / "posterior.csv").read_text().count("\n") > 10


def test_mixed_measures_end_with_their_sentence(run, tmp_path, broken_market):
    folder = broken_market(("claims", 2, "basis", "planned"))
    code, _, err = run(folder, "--draws", 32, "--out", tmp_path / "out")
    assert code == 2
    assert "claims.csv, row 2, column basis: planned has no stated conversion to won_from_incumbent. Use " in err
    assert not (tmp_path / "out").exists()


def test_as_of_decides_which_claims_are_known(run, tmp_path, broken_market):
    folder = broken_market(("claims", 2, "known_from", "2024-12-20"))
    code, _, err = run(folder, "--draws", 32, "--as-of", "2024-12-18", "--out", tmp_path / "out")
    assert code == 0, err
    assert pl.read_csv(tmp_path / "out" / "claims.csv")["claim_id"].to_list() == ["north-leaves"]
