"""Where results go: looked at before the run, one folder for one run, and a single table to a pipe."""

import io
import os
import tomllib

import polars as pl
import pytest

from shareshift.export import write_csv
from shareshift.market.market import read_market
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from support.places import TINY

FEW = ("--draws", 16)
COMMANDS = {
    "project": ("project", TINY, *FEW),
    "claims": ("claims", TINY, *FEW),
    "compare": ("compare", TINY, "baseline", "exodus", *FEW),
    "forms": ("forms", TINY, *FEW),
    "score": ("score", TINY, *FEW),
    "calibrate": ("calibrate",),
    "bundle": ("bundle", TINY, *FEW),
}


@pytest.fixture
def no_run(monkeypatch):
    """No market is read: whoever comes so far has looked at the place too late."""

    def late(*_, **__):
        pytest.fail("the place was looked at only after the market was read")

    monkeypatch.setattr("shareshift.cli.choices.read_kept_market", late)
    monkeypatch.setattr("shareshift.results.record.calibration.library", late)
    monkeypatch.setattr("shareshift.export.bundle.inputs.read_inputs", late)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_place_that_cannot_be_is_named_before_anything_is_done(run, tmp_path, no_run, command):
    (tmp_path / "file").write_text("mine")
    wrong = tmp_path if command == "bundle" else tmp_path / "file"
    words = "is a folder. Name a file" if command == "bundle" else "is a file. Name a folder"
    for out, told in ((wrong, words), (tmp_path / "file" / "deeper" / "results", "is a file")):
        code, told_out, err = run(*COMMANDS[command], "--out", out)
        assert (code, told_out) == (2, "")
        assert err.startswith(str(out))
        assert told in err
        assert "Traceback" not in err
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(os.name != "posix", reason="the rights of a folder are told the way of POSIX")
def test_a_folder_that_may_not_be_written_is_named_before_the_run(run, tmp_path, no_run, monkeypatch):
    # Root may write everywhere.
    monkeypatch.setattr(os, "access", lambda _, mode, **__: not mode & os.W_OK)
    code, _, err = run("project", TINY, *FEW, "--out", tmp_path / "new")
    assert code == 2
    assert f"{tmp_path / 'new'}: {tmp_path} may not be written." in err


def test_a_bundle_that_is_there_is_replaced_only_when_asked(run, tmp_path, no_run):
    (tmp_path / "b.zip").write_bytes(b"mine")
    code, _, err = run("bundle", TINY, *FEW, "--out", tmp_path / "b.zip")
    assert code == 2
    assert "it is there already. Name another file, or give --force" in err
    assert (tmp_path / "b.zip").read_bytes() == b"mine"


def test_a_folder_says_which_run_its_files_are_of(run, tmp_path):
    assert run("project", TINY, *FEW, "--seed", 3, "--table", "summary", "--out", tmp_path)[0] == 0
    record = tomllib.loads((tmp_path / "run.toml").read_text())
    market = read_market(TINY)
    assert (record["command"], record["scenarios"], record["draws"], record["seed"]) == ("project", ["Baseline"], 16, 3)
    assert (record["market_digest"], record["as_of"]) == (market.digest, market.as_of)
    assert (record["finished"], record["files"]) == (True, ["scenario.toml", "summary.csv"])


def test_one_folder_never_mixes_runs(run, tmp_path):
    first = ("project", TINY, *FEW, "--out", tmp_path)
    assert run(*first, "--table", "summary")[0] == 0
    assert run(*first, "--table", "gains")[0] == 0
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(files) == {"gains.csv", "run.toml", "scenario.toml", "summary.csv"}
    others = [
        (*first, "--scenario", "exodus"), (*first, "--seed", 1), (*first, "--set", "growth=0.4"),
        (*first, "--form", "logit"), ("claims", *first[1:]), ("project", TINY, "--draws", 32, "--out", tmp_path),
    ]  # fmt: skip
    for other in others:
        code, _, err = run(*other)
        assert code == 2
        assert f"{tmp_path}: it holds the results of another run (project of Baseline). Name another folder" in err
    assert files == {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    (tmp_path / "notes.txt").write_text("mine")
    assert run(*others[0], "--table", "flows", "--force")[0] == 0
    assert {path.name for path in tmp_path.iterdir()} == {"flows.csv", "notes.txt", "run.toml", "scenario.toml"}
    assert tomllib.loads((tmp_path / "run.toml").read_text())["files"] == ["flows.csv", "scenario.toml"]


def test_tables_of_nobody_knows_what_are_not_mixed_with_either(run, tmp_path):
    (tmp_path / "summary.csv").write_text("of an older version")
    code, _, err = run("project", TINY, *FEW, "--out", tmp_path)
    assert code == 2
    assert "it holds the results of another run. Name another folder, or give --force" in err


def test_a_run_that_is_cut_off_while_it_replaces_another_leaves_a_folder_of_neither(run, tmp_path, monkeypatch):
    run("project", TINY, *FEW, "--table", "summary", "--out", tmp_path)

    def cut_off(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("shareshift.cli.output.write_file", cut_off)
        run("project", TINY, *FEW, "--seed", 1, "--table", "gains", "--out", tmp_path, "--force")
    for seed in (0, 1):
        assert run("project", TINY, *FEW, "--seed", seed, "--out", tmp_path)[0] == 2
    assert run("project", TINY, *FEW, "--seed", 1, "--table", "gains", "--out", tmp_path, "--force")[0] == 0
    assert {path.name for path in tmp_path.iterdir()} == {"gains.csv", "run.toml", "scenario.toml"}


def test_a_record_that_names_files_elsewhere_deletes_nothing_there(run, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "precious.csv").write_text("mine")
    (tmp_path / "out" / "run.toml").write_text('finished = true\nfiles = ["../precious.csv", "old.csv"]\n')
    (tmp_path / "out" / "old.csv").write_text("old")
    assert run("project", TINY, *FEW, "--table", "gains", "--out", tmp_path / "out", "--force")[0] == 0
    assert (tmp_path / "precious.csv").read_text() == "mine"
    assert not (tmp_path / "out" / "old.csv").exists()


def test_one_table_goes_to_standard_output_and_nothing_else(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("project", TINY, *FEW, "--table", "gains", "--out", "-")
    assert code == 0, err
    assert out.encode() == write_csv(project(read_market(TINY), Scenario(), 16).gains)
    assert pl.read_csv(io.StringIO(out)).height > 0
    for arguments in (("project", TINY), ("project", TINY, "--table", "gains", "--table", "flows"), ("claims", TINY)):
        code, out, err = run(*arguments, *FEW, "--out", "-")
        assert (code, out) == (2, "")
        assert "--out - takes one table" in err
    assert list(tmp_path.iterdir()) == []
