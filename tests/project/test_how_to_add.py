"""What the README says of adding things is enough: each is done in a copy, in the files that it names and no others."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.places import BUNDLED, ROOT, TINY

README = (ROOT / "README.md").read_text("utf-8")
RECORD = """

[trial_delay]
label = "A trial delay"
group = "how fast"
unit = "months"
limits = [0, 24]
default = [0, 0, 0]
shape = "fixed"
slider = [0, 12, 1]
reason = "A trial."
"""
TABLE = '''

def trial_table(run: Run) -> Table:
    """One row per month: the first vendor's revenue."""
    return _monthly(run, None, ("",), ("trial_usd",), lambda month: (run.month_accounts(month).revenue[:1],))
'''
PAGE = '''"""A trial page."""

import streamlit as st

st.html("<h1>Trial</h1>")
'''


@pytest.fixture
def house(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def named(heading: str) -> str:
    """Return the paragraph of the README that says how to add something."""
    return README.split(f"**{heading}.**")[1].split("\n\n")[0]


def edit(house: Path, heading: str, file: str, old: str, new: str) -> None:
    assert f"src/shareshift/{file}" in re.sub(r"\s", "", named(heading)), "the README does not name the file"
    path = house / "src" / "shareshift" / file
    text = path.read_text("utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1), "utf-8")


def answer(house: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=240, check=False,
        env={"PYTHONPATH": str(house / "src"), "SHARESHIFT_CACHE": str(house / "cache"), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_a_parameter_touches_its_record_and_its_use_and_every_market_stays_valid(house):
    end = "\n[evidence_spread]"
    edit(house, "A parameter", "market/parameters.toml", end, RECORD + end)
    edit(house, "A parameter", "model/leaving.py", 'view.value("lag")', 'view.value("lag") + view.value("trial_delay")')
    moved = answer(
        house,
        f"""
from shareshift import Scenario, project, read_market
for folder in ({str(TINY)!r}, {str(BUNDLED)!r}):
    market = read_market(folder)
    market.parameters["trial_delay"]
    plain, late = (project(market, Scenario(parameters=given), draws=64) for given in ({{}}, {{"trial_delay": 2.0}}))
    mean = [run.summary.filter(figure="displaced")["mean_value"][0] for run in (plain, late)]
    print(mean[1] < mean[0])
""",
    )
    assert moved == "True\nTrue\n"


@pytest.mark.slow
def test_a_table_of_results_is_written_and_described(house):
    edit(
        house,
        "A table of results",
        "results/tables/accounts.py",
        "\n\ndef gains_table(",
        TABLE + "\n\ndef gains_table(",
    )
    file = "results/projection.py"
    edit(
        house, "A table of results", file, "    concentration_table,\n", "    concentration_table,\n    trial_table,\n"
    )
    edit(house, "A table of results", file, "    capacity = _held", '    trial = _held("trial")\n    capacity = _held')
    edit(house, "A table of results", file, '    "concentration": ', '    "trial": trial_table,\n    "concentration": ')
    edit(house, "A table of results", "export/bundle/columns.py", "QUANTITIES = {\n",
         'QUANTITIES = {\n    "trial_usd": "What was tried, USD",\n')  # fmt: skip
    told = answer(
        house,
        f"""
from pathlib import Path
from shareshift.cli.main import app
from typer.testing import CliRunner
out = Path({str(house)!r})
for words in (["project", {str(TINY)!r}, "--draws", "64", "--out", str(out / "p")],
              ["bundle", {str(TINY)!r}, "--draws", "64", "--out", str(out / "b.zip")]):
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, repr(result.exception)
import json, zipfile
package = json.loads(zipfile.ZipFile(out / "b.zip").read("datapackage.json"))
print((out / "p" / "trial.csv").exists(), "What was tried" in json.dumps(package))
""",
    )
    assert told == "True True\n"


@pytest.mark.slow
def test_a_page_is_a_file_and_a_line(house):
    edit(house, "A page", "ui/app.py", '    ("method",', '    ("trial", "Trial", "trial"),\n    ("method",')
    room = house / "src" / "shareshift" / "ui" / "trial"
    room.mkdir()
    (room / "__init__.py").write_text('"""A trial."""\n')
    (room / "page.py").write_text(PAGE)
    told = answer(
        house,
        f"""
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({str(room / "page.py")!r}).run(timeout=60)
from shareshift.ui.app import PAGES
print(bool(app.exception), ("trial", "Trial", "trial") in PAGES)
""",
    )
    assert told == "False True\n"
