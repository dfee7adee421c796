"""`shareshift changed`."""

import polars as pl

from support.places import BUNDLED

DATES = ("--from", "2025-06-30", "--to", "2025-09-30")


def test_changed_writes_rows_and_effects_and_ends_with_the_answer(run, tmp_path):
    code, _, err = run("changed", BUNDLED, *DATES, "--draws", 16, "--out", tmp_path)
    assert code == 0, err
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "changed_effects.csv", "changed_rows.csv", "run.toml", "scenario.toml",
    ]  # fmt: skip
    rows = pl.read_csv(tmp_path / "changed_rows.csv")
    assert "Between 30 June 2025 and 30 September 2025" in err.splitlines()[-1]
    assert f"{rows.filter(change='became known')['row_id'].n_unique()} rows became known" in err.splitlines()[-1]


def test_dates_that_cannot_be_are_one_clear_message(run, tmp_path):
    wrong = (
        (("--from", "2025-09-30", "--to", "2025-06-30"), "Give the earlier date first"),
        (("--from", "2025-01-01", "--to", "2025-06-30"), "too early to project from"),
        ((*DATES, "--as-of", "2025-06-30"), "Give --from and --to"),
    )
    for options, words in wrong:
        code, _, err = run("changed", BUNDLED, *options, "--draws", 16, "--out", tmp_path / "none")
        assert code == 2
        assert words in err
    assert not (tmp_path / "none").exists()
