"""The form of the model on the command line: `--form` and `--capacity` of other commands, and `shareshift forms`."""

from shareshift.export import read_csv
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.forms import forms_spread
from shareshift.results.projection import project
from shareshift.scenario.scenario import read_scenario, read_scenarios
from support.places import DIVERSION, TINY


def test_the_files_hold_the_frames_of_every_form(run, tmp_path, tiny):
    code, told, err = run("forms", TINY, "--scenario", "exodus", "--draws", 64, "--seed", 5, "--out", tmp_path)
    assert code == 0, err
    found = forms_spread(tiny, read_scenarios(TINY, tiny)["exodus"], Draws(64, 5))
    for name, frame in found.tables.items():
        assert read_csv((tmp_path / f"{name}.csv").read_bytes(), frame.schema).equals(frame), name
        assert f"{name}.csv" in told
    assert found.skipped[0] in err


def test_the_matrix_is_among_the_forms_of_a_market_that_has_one(run, tmp_path, broken_market, quick_reading):
    folder = broken_market(files={"diversion.csv": (DIVERSION).read_bytes()})
    code, _, err = run("forms", folder, "--draws", 16, "--out", tmp_path / "out")
    assert code == 0, err
    assert "left out" not in err
    assert "diversion_matrix" in (tmp_path / "out" / "forms.csv").read_text()


def test_a_projection_runs_in_the_form_that_is_asked_for(run, tmp_path, tiny):
    options = ("--form", "logit", "--no-capacity", "--draws", 64, "--out", tmp_path)
    code, _, err = run("project", TINY, *options)
    assert code == 0, err
    scenario = read_scenario((tmp_path / "scenario.toml").read_text(), tiny)
    assert (scenario.form, scenario.capacity) == ("logit", False)
    assert scenario.title.endswith(", logit without capacity")
    gains = project(tiny, scenario, 64).gains
    assert read_csv((tmp_path / "gains.csv").read_bytes(), gains.schema).equals(gains)


def test_the_form_that_a_scenario_has_already_changes_nothing(run, tmp_path, tiny):
    assert run("project", TINY, "--form", "nested_logit", "--capacity", "--draws", 16, "--out", tmp_path)[0] == 0
    assert read_scenario((tmp_path / "scenario.toml").read_text(), tiny) == read_scenarios(TINY, tiny)["baseline"]


def test_claims_are_tested_in_the_form_that_is_asked_for(run, tmp_path):
    code, _, err = run("claims", TINY, "--form", "fair_share", "--no-capacity", "--draws", 64, "--out", tmp_path)
    assert code == 0, err
    assert "fair share without capacity" in (tmp_path / "claims.csv").read_text()


def test_a_form_that_cannot_be_is_one_clear_message(run, tmp_path):
    for form, words in (("probit", "form probit is no form of the model"), ("diversion_matrix", "diversion.csv")):
        code, _, err = run("project", TINY, "--form", form, "--draws", 16, "--out", tmp_path / "none")
        assert code == 2
        assert words in err
        assert "Traceback" not in err
    assert not (tmp_path / "none").exists()


def test_the_scenario_says_where_it_came_from(run, tmp_path, tiny):
    assert run("project", TINY, "--form", "logit", "--draws", 16, "--out", tmp_path)[0] == 0
    assert read_scenario((tmp_path / "scenario.toml").read_text(), tiny).baseline == "Baseline"
