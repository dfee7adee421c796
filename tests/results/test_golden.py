"""The headline results of every scenario change only on purpose.

To accept new results: run with --accept-golden, read the difference, commit it with the reason, and run again.
"""

from io import StringIO

import polars as pl
import pytest

from shareshift.market.market import read_market
from shareshift.results.projection import project
from shareshift.scenario.scenario import read_scenario
from support.places import BUNDLED, GOLDEN, TINY

FOLDERS = {path.name: path for path in (TINY, BUNDLED)}
CASES = [
    (market, path.stem) for market, folder in FOLDERS.items() for path in sorted((folder / "scenarios").glob("*.toml"))
]
DRAWS, SEED = 256, 0
DIGITS = 11
RELATIVE = 1e-9


@pytest.fixture(scope="module")
def markets():
    return {name: read_market(folder) for name, folder in FOLDERS.items()}


def golden_file(market, scenario):
    return GOLDEN / f"{market}.{scenario}.csv"


def results(market, folder, scenario):
    """Return the summary of a scenario, its numbers rounded to what is compared."""
    text = (folder / "scenarios" / f"{scenario}.toml").read_text("utf-8")
    summary = project(market, read_scenario(text, market), draws=DRAWS, seed=SEED).summary
    return summary.drop("scenario").with_columns(pl.selectors.float().round_sig_figs(DIGITS))


@pytest.mark.parametrize(("market", "scenario"), CASES, ids=[f"{market}.{scenario}" for market, scenario in CASES])
def test_the_headline_results_are_the_accepted_ones(markets, request, market, scenario):
    found, path = results(markets[market], FOLDERS[market], scenario), golden_file(market, scenario)
    if request.config.getoption("--accept-golden"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(found.write_csv(), encoding="utf-8", newline="\n")
        pytest.fail("golden results rewritten; read the diff and run again", pytrace=False)
    assert path.exists(), f"{path.name} is missing; run with --accept-golden, read it and commit it"
    accepted = pl.read_csv(StringIO(path.read_text("utf-8")), schema=found.schema)
    assert found.select("figure", "unit").equals(accepted.select("figure", "unit"))
    for mine, theirs in zip(found.iter_rows(named=True), accepted.iter_rows(named=True), strict=True):
        scale = max(abs(value) for value in theirs.values() if isinstance(value, float))
        # The scale matters for standard errors of what does not vary, which are rounding noise.
        numbers = {name: value for name, value in mine.items() if isinstance(value, float)}
        expected = {name: theirs[name] for name in numbers}
        assert numbers == pytest.approx(expected, rel=RELATIVE, abs=1e-12 * scale), mine["figure"]


def test_every_scenario_has_its_golden_file_and_every_file_its_scenario():
    others = (".digests.csv", ".answers.csv", ".sentences.txt")
    found = {path.name for path in GOLDEN.iterdir() if not path.name.endswith(others)}
    assert found == {golden_file(*case).name for case in CASES}


def test_scenarios_give_different_results():
    texts = [path.read_text("utf-8") for path in GOLDEN.glob("*.csv")]
    assert len(set(texts)) == len(texts)
