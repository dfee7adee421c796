"""`shareshift score` and `shareshift calibrate`."""

import polars as pl
import pytest

from support.places import BUNDLED


def test_score_writes_its_tables_and_ends_with_the_record(run, tmp_path):
    code, told, err = run("score", BUNDLED, "--draws", 64, "--scored-on", "2026-06-30", "--out", tmp_path)
    assert code == 0, err
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "not_scored.csv", "run.toml", "score.csv", "score_exits.csv", "score_summary.csv",
    ]  # fmt: skip
    assert all(path.name in told for path in tmp_path.iterdir())
    summary = pl.read_csv(tmp_path / "score_summary.csv")
    row = summary.row(by_predicate=pl.col("forecaster") == "model", named=True)
    assert f"{row['inside_90']} of {row['rows']} published figures" in err.splitlines()[-1]


@pytest.mark.slow
def test_calibrate_reports_every_case_without_itself(run, tmp_path, monkeypatch):
    monkeypatch.setattr("shareshift.results.record.calibration.TRIED", {"momentum_spread": (0.5, 0.7)})
    monkeypatch.setattr("shareshift.results.record.calibration.DRAWS", 32)
    code, _, err = run("calibrate", "--out", tmp_path)
    assert code == 0, err
    cases = pl.read_csv(tmp_path / "left_one_out.csv")
    assert cases["case"].n_unique() >= 4
    assert pl.read_csv(tmp_path / "calibration.csv")["parameter_id"].to_list() == ["momentum_spread"]
    own = cases.filter(pl.col("forecaster") == "model")
    assert f"{own['inside_90'].sum()} of {own['rows'].sum()}" in err
