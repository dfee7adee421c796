"""`shareshift compare` writes the frames of the comparison and ends with one clear message where it cannot."""

from functools import partial

import pytest

from shareshift.export import read_csv
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.answer import compare
from shareshift.results.compare.explaining import explain
from shareshift.scenario.scenario import read_scenario, read_scenarios
from support.places import TINY


@pytest.fixture
def run(run):
    return partial(run, "compare")


def test_the_files_hold_the_frames_of_the_comparison(run, tmp_path, tiny):
    own = tmp_path / "longer.toml"
    own.write_text('title = "Longer"\nhorizon_months = 5\n[parameters]\ngrowth = 0.5\n')
    out = tmp_path / "new"
    code, told, err = run(TINY, "baseline", "exodus", own, "--draws", 64, "--seed", 5, "--out", out)
    assert code == 0, err
    presets = read_scenarios(TINY, tiny)
    chosen = [presets["baseline"], presets["exodus"], read_scenario(own.read_text(), tiny)]
    held = Draws(64, 5)
    tables = compare(tiny, chosen, held).tables | {"compare_explained": explain(tiny, chosen, held)}
    assert {path.stem for path in out.glob("*.csv")} == set(tables)
    for name, frame in tables.items():
        assert read_csv((out / f"{name}.csv").read_bytes(), frame.schema).equals(frame), name
        assert f"{name}.csv" in told
    for number, scenario in enumerate(chosen, start=1):
        assert read_scenario((out / f"scenario-{number}.toml").read_text(), tiny) == scenario
    assert "the 3 in common count" in err


def test_the_first_scenario_is_the_reference(run, tmp_path):
    assert run(TINY, "exodus", "baseline", "--draws", 32, "--out", tmp_path)[0] == 0
    assert (tmp_path / "compare_figures.csv").read_text().splitlines()[1].startswith("Baseline,Everybody flees,")


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["baseline"], "1 scenario to compare. Choose two to four."),
        (["baseline"] * 5, "5 scenarios to compare. Choose two to four."),
        (["baseline", "nowhere"], "nowhere is neither a scenario of this market nor a file"),
    ],
    ids=["one", "five", "unknown"],
)
def test_what_cannot_be_compared_is_one_clear_message(run, tmp_path, names, words):
    code, _, err = run(TINY, *names, "--draws", 32, "--out", tmp_path / "none")
    assert code == 2
    assert words in err
    assert "Traceback" not in err
    assert not (tmp_path / "none").exists()
