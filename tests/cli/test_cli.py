"""The command line writes the page's files, and every fault ends with one clear message and exit code 2."""

import json
import subprocess
import sys

import polars as pl
import pytest

from shareshift.export import read_csv
from shareshift.market.market import read_market
from shareshift.results.projection import project
from shareshift.scenario.scenario import read_scenario, read_scenarios
from support.places import TINY

FILES = {"summary", "projection", "gains", "displacement", "flows", "shares", "concentration", "capacity", "spill"}


def test_validate_says_what_it_read_and_that_nothing_is_wrong(run):
    code, out, err = run("validate", TINY)
    assert code == 0, err
    assert "Where does Acme's money go?" in out
    assert "3 vendors" in out
    assert read_market(TINY).digest in out


def test_the_files_hold_the_frames_of_the_projection(run, tmp_path):
    code, out, err = run("project", TINY, "--draws", 64, "--seed", 5, "--out", tmp_path)
    assert code == 0, err
    tables = project(read_market(TINY), read_scenarios(TINY, read_market(TINY))["baseline"], 64, 5).tables
    assert {path.stem for path in tmp_path.glob("*.csv")} == FILES == set(tables)
    for name, frame in tables.items():
        assert read_csv((tmp_path / f"{name}.csv").read_bytes(), frame.schema).equals(frame)
        assert f"{name}.csv" in out


def test_means_of_flows_in_the_files_add_up_to_the_mean_displaced(run, tmp_path):
    assert run("project", TINY, "--draws", 256, "--out", tmp_path)[0] == 0
    flows = pl.read_csv(tmp_path / "flows.csv").group_by("customer_id", "month").agg(pl.sum("mean_flow_usd"))
    both = pl.read_csv(tmp_path / "displacement.csv").join(flows, on=["customer_id", "month"])
    assert both.height == 9
    assert (both["mean_flow_usd"] - both["mean_displaced_usd"]).abs().max() < 1e-9 * both["mean_displaced_usd"].max()
    destinations = set(pl.read_csv(tmp_path / "flows.csv")["destination_id"])
    assert destinations == {"bolt", "crane", "in_house", "not_spent", "unplaced"}


def test_two_runs_write_the_same_bytes_and_another_seed_does_not(run, tmp_path):
    for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert run("project", TINY, "--draws", 64, "--seed", seed, "--out", tmp_path / folder)[0] == 0
    first, second, other = ((tmp_path / folder / "flows.csv").read_bytes() for folder in "abc")
    assert first == second
    assert first != other


def test_a_scenario_can_be_named_given_as_a_file_and_changed(run, tmp_path):
    assert run("project", TINY, "--scenario", "exodus", "--draws", 64, "--out", tmp_path / "name")[0] == 0
    file = TINY / "scenarios" / "exodus.toml"
    assert run("project", TINY, "--scenario", file, "--draws", 64, "--out", tmp_path / "file")[0] == 0
    by_name, by_file = ((tmp_path / kind / "projection.csv").read_bytes() for kind in ("name", "file"))
    assert by_name == by_file
    changed = ("--scenario", "exodus", "--set", "growth=0.4", "--set", "patience=0.5")
    assert run("project", TINY, *changed, "--draws", 64, "--out", tmp_path / "changed")[0] == 0
    scenario = read_scenario((tmp_path / "changed" / "scenario.toml").read_text(), read_market(TINY))
    assert dict(scenario.parameters) == {"exodus": 2.0, "growth": 0.4, "patience": 0.5}
    assert scenario.title != "Everybody flees"


def test_a_scenario_file_may_begin_with_a_byte_order_mark_and_must_be_utf_8(run, tmp_path):
    file, text = tmp_path / "mine.toml", 'title = "Mögliche Flucht"\n'
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    asked = ("--scenario", file, "--draws", 16, "--table", "summary", "--out", tmp_path / "new")
    assert run("project", TINY, *asked)[0] == 0
    assert (tmp_path / "new" / "scenario.toml").read_bytes() == text.encode()
    file.write_bytes(text.encode("latin-1"))
    code, _, err = run("project", TINY, *asked)
    assert code == 2
    assert "mine.toml, row 1: the file is not UTF-8. Save it as UTF-8." in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--set", "growth=77", "--set", "foo=1"], ["growth is 77", "foo is no parameter"]),
        (["--set", "growth"], ["--set growth is not PARAMETER=VALUE"]),
        (["--set", "growth=much"], ["gives growth no number"]),
        (["--scenario", "nowhere"], ["nowhere is neither a scenario of this market nor a file", "exodus"]),
        (["--as-of", "2020-01-01"], ["in revenues.csv known by 2020-01-01"]),
        (["--draws", "0"], ["--draws"]),
        (["--as-of", "yesterday"], ["--as-of"]),
    ],
)
def test_what_cannot_be_done_is_said_on_standard_error_with_exit_code_2(run, tmp_path, arguments, words):
    code, out, err = run("project", TINY, *arguments, "--out", tmp_path)
    assert code == 2
    assert out == ""
    assert all(word in err for word in words)
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_validate_names_every_fault_and_gives_them_to_programs(run, broken_market, quick_reading):
    folder = broken_market(
        *(("parameters", line, column, "") for line in (2, 3, 4) for column in ("label", "group", "unit"))
    )
    code, out, err = run("validate", folder)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 9
    code, out, err = run("validate", folder, "--format", "json")
    assert code == 2
    told = json.loads(out)
    assert len(told) == 9
    assert set(told[0]) == {"file", "row", "column", "value", "rule", "remedy"}
    assert json.loads(run("validate", TINY, "--format", "json")[1]) == []


def test_validate_says_which_assumptions_only_repeat_an_earlier_default(run, broken_market):
    row = ("slack", {"low": "0.05", "central": "0.2", "high": "0.5", "distribution": "pert"})
    lines = (TINY / "parameters.csv").read_text().splitlines()
    at = next(number for number, line in enumerate(lines, 1) if line.startswith(f"{row[0]},"))
    folder = broken_market(*(("parameters", at, column, value) for column, value in row[1].items()))
    code, out, err = run("validate", folder)
    assert code == 0, err
    assert "parameters.csv, slack: repeats an earlier default" in out
    assert read_market(folder).parameters["slack"].range.central != 0.2


def test_a_folder_that_cannot_be_written_is_named(run, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = run("project", TINY, "--draws", 16, "--out", tmp_path / "file" / "deeper")
    assert code == 2
    assert "file" in err


@pytest.mark.slow
def test_the_module_runs_as_a_program():
    command = [sys.executable, "-m", "shareshift", "validate", "nowhere"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("nowhere: is no folder")


def test_more_draws_than_are_held_are_counted_window_by_window(run, tmp_path, monkeypatch):
    monkeypatch.setattr("shareshift.cli.project.MAX_DRAWS", 100)
    code, out, _ = run("project", TINY, "--draws", 256, "--table", "summary", "--table", "gains", "--out", tmp_path)
    assert code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gains.csv", "run.toml", "scenario.toml", "summary.csv"]
    assert len(out.splitlines()) == 4


def test_an_interrupted_run_writes_nothing_and_says_how_far_it_came(run, tmp_path, monkeypatch):
    def interrupted(*_, progress, **__):
        progress(4096, 200_000)
        raise KeyboardInterrupt

    monkeypatch.setattr("shareshift.results.streaming.project_streaming", interrupted)
    code, _, err = run("project", TINY, "--draws", 200_000, "--out", tmp_path / "new")
    assert code == 130
    assert "stopped after 4,096 of 200,000 simulations; nothing was written" in err
    assert not (tmp_path / "new").exists()


def test_an_unknown_table_is_refused_with_the_tables_there_are(run, tmp_path):
    code, _, err = run("project", TINY, "--table", "sunshine", "--out", tmp_path / "new")
    assert code == 2
    assert "--table sunshine: no such table. The tables are summary, " in err
