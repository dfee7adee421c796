"""`shareshift drivers` writes the frames of the answer and ends with one clear message where it cannot."""

from functools import partial

import polars as pl
import pytest

from shareshift.export import read_csv
from shareshift.model.draws.streams import Draws
from shareshift.results.drivers.answer import drivers_of
from shareshift.results.drivers.study import open_study
from shareshift.scenario.scenario import read_scenarios
from support.places import TINY

FILES = {"tornado", "check_next", "register", "scatter", "indices"}


@pytest.fixture
def run(run):
    return partial(run, "drivers")


def test_the_files_hold_the_frames_of_the_answer(run, tmp_path, tiny):
    code, out, err = run(TINY, "--figure", "gain:bolt", "--draws", 64, "--seed", 5, "--out", tmp_path / "new")
    assert code == 0, err
    found = drivers_of(open_study(tiny, read_scenarios(TINY, tiny)["baseline"], Draws(64, 5))).of("gain:bolt")
    assert {path.stem for path in (tmp_path / "new").glob("*.csv")} == FILES == {*found.files, "indices"}
    for name, frame in found.files.items():
        assert read_csv((tmp_path / "new" / f"{name}.csv").read_bytes(), frame.schema).equals(frame), name
        assert f"{name}.csv" in out
    indices = pl.read_csv(tmp_path / "new" / "indices.csv")
    assert indices["figure"].unique().to_list() == ["gain:bolt"]
    assert (indices["total_low"] <= indices["total_high"]).all()


def test_a_target_adds_the_sliders_that_reach_it(run, tmp_path):
    assert run(TINY, "--draws", 64, "--target", 1e5, "--out", tmp_path)[0] == 0
    targets = pl.read_csv(tmp_path / "targets.csv")
    assert targets["target"].unique().to_list() == [1e5]
    assert (tmp_path / "targets_together.csv").exists()


def test_the_same_command_writes_the_same_bytes(run, tmp_path):
    for name in ("one", "two"):
        assert run(TINY, "--draws", 64, "--out", tmp_path / name)[0] == 0
    for file in FILES:
        one, two = ((tmp_path / name / f"{file}.csv").read_bytes() for name in ("one", "two"))
        assert one == two, file


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--figure", "gain:acme"), "--figure gain:acme: there is no such figure. Choose one of: incumbent_no_event"),
        (("--target", "nan"), "--target nan: it is no number. Give one in the figure's unit"),
        (("--scenario", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_sentence(run, tmp_path, options, message):
    code, out, err = run(TINY, *options, "--draws", 64, "--out", tmp_path / "none")
    assert code == 2
    assert message in err
    assert not out
    assert not (tmp_path / "none").exists()
