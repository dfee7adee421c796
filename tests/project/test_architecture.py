"""What import-linter does not say: how the house is laid out, and what its door shows."""

import ast
import re
import subprocess
import sys

import pytest

import shareshift
from support.places import ROOT

PACKAGE = ROOT / "src" / "shareshift"
MODULES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))
DRAWERS = {"utils", "util", "helpers", "common", "misc", "constants"}
FACE = {"Scenario", "ShareshiftError", "project", "read_market", "removal_diversion"}


def test_the_top_is_read_at_a_glance() -> None:
    assert len(ROOMS) <= 10
    assert len(list(PACKAGE.glob("*.py"))) <= 8


def test_the_map_of_the_readme_names_the_rooms_there_are() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    drawn = readme.split("src/shareshift/\n")[1].split("\ntests/")[0]
    assert sorted(re.findall(r"^  (\w+)/ ", drawn, re.MULTILINE)) == [room.name for room in ROOMS]


def test_every_room_says_what_belongs_in_it() -> None:
    silent = [
        str(path.parent.relative_to(PACKAGE))
        for path in PACKAGE.rglob("__init__.py")
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    assert [path for path in MODULES if path.stem in DRAWERS] == []


def test_the_package_shows_five_names_and_every_one_is_there() -> None:
    assert set(shareshift.__all__) == FACE
    assert {name for name in dir(shareshift) if not name.startswith("_")} == FACE
    assert all(getattr(shareshift, name).__doc__ for name in FACE)
    with pytest.raises(AttributeError):
        _ = shareshift.nothing


def test_the_package_alone_loads_neither_tables_nor_the_engine() -> None:
    loaded = "import sys, shareshift; print({'polars', 'numpy', 'numba', 'streamlit'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert answer.stdout == "set()\n"
