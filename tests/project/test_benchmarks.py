"""The benchmarks still speak of the project as it is, and what the engine is measured against computes the same."""

import ast
import importlib
import sys
import tomllib
from types import ModuleType

import pytest

from support.places import ROOT

FOLDER = ROOT / "benchmarks"
SCRIPTS = sorted(FOLDER.glob("*.py"))


def named(module, name):
    """What `from module import name` gives: an attribute, or a module of that name."""
    found = importlib.import_module(module)
    return getattr(found, name) if hasattr(found, name) else importlib.import_module(f"{module}.{name}")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_what_a_benchmark_takes_from_the_project_is_there(script):
    tree = ast.parse(script.read_text("utf-8"))
    ours: dict[str, ModuleType] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in {"shareshift", "support"}:
            for alias in node.names:
                if isinstance(found := named(node.module, alias.name), ModuleType):
                    ours[alias.asname or alias.name] = found
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ours:
            assert hasattr(ours[node.value.id], node.attr), f"line {node.lineno}: {node.value.id}.{node.attr}"


def test_the_whole_array_baseline_computes_what_the_engine_does(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    engine = importlib.import_module("engine")
    for name in ("engine", "baselines"):
        monkeypatch.delitem(sys.modules, name)
    assert engine.measure_difference((5, 5, 8), 16) < 1e-12
    assert engine.measure_loop((3, 3, 2), 1, 1) > 0


def plan():
    return tomllib.loads((FOLDER / "mutation.toml").read_text("utf-8"))


def test_mutants_are_made_of_modules_and_tested_by_tests_that_exist():
    package = ROOT / "src" / "shareshift"
    for name, entry in plan()["modules"].items():
        assert (package / name).exists(), name
        files = [word for stage in entry["stages"] for word in stage if word.startswith("tests/")]
        assert files, name
        for file in files:
            assert (ROOT / file).exists(), file
    for name in plan()["types_only"]:
        assert (package / name).is_file(), name


def test_every_accepted_survivor_is_a_change_of_a_line_that_is_there():
    accepted = tomllib.loads((FOLDER / "mutation_survivors.toml").read_text("utf-8"))["survivor"]
    for entry in accepted:
        lines = {line.strip() for line in (ROOT / entry["module"]).read_text("utf-8").splitlines()}
        assert entry["old"] in lines, entry
        assert entry["reason"], entry
