"""`shareshift freeze`, and `shareshift score --frozen`."""

import shutil

import polars as pl
import pytest

from support.places import TINY


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(TINY, tmp_path / "tiny")


def test_a_projection_is_frozen_into_the_market_and_scored_from_there_without_a_run(run, folder, tmp_path, monkeypatch):
    code, told, err = run("freeze", folder, "--draws", 16)
    assert code == 0, err
    (file,) = (folder / "frozen").iterdir()
    assert told.strip() == str(file)
    assert "digest" in err
    assert run("freeze", folder, "--draws", 16)[0] == 0
    assert len(list((folder / "frozen").iterdir())) == 1
    monkeypatch.setattr("shareshift.results.projection.project", None)
    code, _, err = run("score", folder, "--frozen", folder / "frozen", "--out", tmp_path / "out")
    assert code == 0, err
    assert "frozen on" in err.splitlines()[-1]
    assert pl.read_csv(tmp_path / "out" / "not_scored.csv")["frozen"][0] in file.name


def test_a_changed_file_is_one_clear_message(run, folder, tmp_path):
    file = tmp_path / "kept.json"
    assert run("freeze", folder, "--draws", 16, "--out", file)[0] == 0
    file.write_text(file.read_text().replace('"seed": 0', '"seed": 7'))
    code, _, err = run("score", folder, "--frozen", file, "--out", tmp_path / "out")
    assert code == 2
    assert "kept.json: it was changed after it was frozen" in err
    code, _, err = run("freeze", folder, "--draws", 16, "--out", file)
    assert code == 2
    assert "never replaced" in err


def test_a_folder_without_any_says_so(run, folder, tmp_path):
    (tmp_path / "none").mkdir()
    code, _, err = run("score", folder, "--frozen", tmp_path / "none", "--out", tmp_path / "out")
    assert code == 0, err
    assert "holds no frozen projection" in err
