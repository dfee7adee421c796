"""The same options on every command that projects, names that are nearly right, and what every command line has."""

import polars as pl
import pytest

from shareshift.basics.near import meant, meant_of
from shareshift.basics.version import __version__
from shareshift.cli.main import app
from shareshift.scenario.scenario import read_scenario
from support.places import TINY

FEW = ("--draws", 16)
LOGIT = ("--form", "logit", "--no-capacity", "--set", "growth=0.4")
PROJECTING = ("project", "claims", "score", "compare", "bundle")


@pytest.mark.parametrize("command", PROJECTING)
def test_every_command_that_projects_takes_the_same_options(run, command):
    code, out, _ = run(command, "--help")
    assert code == 0
    for option in (
        "--form",
        "--capacity",
        "--no-capacity",
        "--set",
        "--draws",
        "--seed",
        "--as-of",
        "--out",
        "--force",
    ):
        assert option in out


def test_forms_takes_what_makes_sense_where_every_form_is_run(run):
    out = run("forms", "--help")[1]
    assert "--set" in out
    assert "--form" not in out


def test_scenarios_are_compared_in_the_form_and_with_the_changes_asked_for(run, tmp_path, tiny):
    assert run("compare", TINY, "baseline", "exodus", *LOGIT, *FEW, "--out", tmp_path)[0] == 0
    for number in (1, 2):
        scenario = read_scenario((tmp_path / f"scenario-{number}.toml").read_text(), tiny)
        assert (scenario.form, scenario.capacity, scenario.parameters["growth"]) == ("logit", False, 0.4)
        assert scenario.title.endswith(", with growth 0.4, logit without capacity")


@pytest.mark.slow
def test_a_bundle_of_a_form_that_no_file_names_is_reproduced(run, tmp_path):
    assert run("bundle", TINY, *LOGIT, *FEW, "--out", tmp_path / "b.zip")[0] == 0
    code, out, err = run("reproduce", tmp_path / "b.zip")
    assert code == 0, err
    assert "bit for bit" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--scenario", "exodos"], "exodos is neither a scenario of this market nor a file. Did you mean exodus?"),
        (["--scenario", "basline"], "Did you mean baseline?"),
        (["--set", "grwth=0.4"], "grwth is no parameter of this market. Did you mean growth?"),
        (["--form", "logitt"], "form logitt is no form of the model. Did you mean logit?"),
        (["--table", "sumary"], "--table sumary: no such table. Did you mean summary?"),
        (["--set", "growth=1e400"], "--set growth=1e400 gives growth a number too large to compute with."),
        (["--set", "growth=-1e400"], "too large to compute with."),
        (["--set", "growth=nan"], "--set growth=nan gives growth no number."),
    ],
)
def test_a_name_that_is_nearly_right_is_asked_about_and_a_number_told_in_words(run, tmp_path, arguments, words):
    code, out, err = run("project", TINY, *FEW, *arguments, "--out", tmp_path / "new")
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) <= 2
    assert not (tmp_path / "new").exists()


def test_names_in_a_scenario_file_are_asked_about_too(run, tmp_path):
    file = tmp_path / "mine.toml"
    for text, words in (
        ("[paramters]\ngrowth = 0.4\n", "mine.toml: paramters is no part of a scenario. Did you mean parameters?"),
        ("[customers.nort]\nexit = 1.0\n", "Did you mean north?"),
        ("[vendors.bollt]\nslack = 0.1\n", "Did you mean bolt?"),
        ("[vendors.bolt]\nslak = 0.1\n", "vendors.bolt.slak cannot be set. Did you mean slack?"),
    ):
        file.write_text(text)
        assert words in run("project", TINY, *FEW, "--scenario", file, "--out", tmp_path / "new")[2]


def test_where_no_name_is_near_all_are_told():
    assert meant("zzz", ["growth"], "Remove it.") == "Remove it."
    assert meant_of("zzz", ["growth", "pull"], "There are") == "There are growth, pull."
    assert meant_of("pul", ["growth", "pull"], "There are") == "Did you mean pull?"


def test_short_options_and_completion_are_there(run, monkeypatch):
    assert run("-V") == run("--version") == (0, f"shareshift {__version__}\n", "")
    for command in ((), ("project",), ("store",), ("store", "backup")):
        assert run(*command, "-h")[:2] == run(*command, "--help")[:2]
        assert "Usage:" in run(*command, "-h")[1]
    for name, value in {
        "_SHARESHIFT_COMPLETE": "complete_bash",
        "COMP_WORDS": "shareshift pro",
        "COMP_CWORD": "1",
    }.items():
        monkeypatch.setenv(name, value)
    assert run()[1].split() == ["project"]


def test_the_help_names_every_command(run):
    names = [command.name for command in app.registered_commands] + [group.name for group in app.registered_groups]
    out = run("--help")[1]
    assert len(names) >= 11
    assert all(name in out for name in names)


def test_without_a_terminal_progress_is_a_line_for_every_tenth(run, tmp_path, monkeypatch):
    def counting(*_, progress, tables, **__):
        for done in range(100, 100_001, 100):
            progress(done, 100_000)
        return {name: pl.DataFrame({"a": [1]}) for name in tables}

    monkeypatch.setattr("shareshift.results.streaming.project_streaming", counting)
    code, _, err = run("project", TINY, "--draws", 100_000, "--table", "summary", "--out", tmp_path)
    assert code == 0
    told = [line for line in err.splitlines() if " of 100,000 simulations (" in line]
    assert told == [f"… {share * 10_000:,} of 100,000 simulations ({10 * share}%)" for share in range(1, 11)]
