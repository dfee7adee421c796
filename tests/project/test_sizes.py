"""Rooms stay small: modules, functions and their arguments, counted over the whole package."""

import ast
import statistics
from pathlib import Path

import pytest

from support.places import ROOT

PACKAGE = ROOT / "src" / "shareshift"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
# A kernel is compiled as a whole, so what belongs to one loop stands in one function.
COMPILED = {"kernel", "part", "register_jitable"}


def length(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]


def is_compiled(node: ast.FunctionDef) -> bool:
    calls = [made.func if isinstance(made, ast.Call) else made for made in node.decorator_list]
    return any(isinstance(call, ast.Name) and call.id in COMPILED for call in calls)


def test_few_things_stand_at_the_top() -> None:
    assert sum(path.is_dir() and path.name != "__pycache__" for path in PACKAGE.iterdir()) <= 10
    assert len(list(PACKAGE.glob("*.py"))) <= 8
    assert length(ROOT / "run.py") <= 200


def test_no_module_is_long_and_half_of_them_are_short() -> None:
    lengths = {path.relative_to(PACKAGE): length(path) for path in MODULES}
    assert not {path: lines for path, lines in lengths.items() if lines > 200}
    assert statistics.median(lengths.values()) <= 80


@pytest.mark.parametrize(
    "room", sorted({path.parent.relative_to(PACKAGE).parts[0] for path in MODULES if path.parent != PACKAGE})
)
def test_functions_are_short_and_take_few_things_by_position(room: str) -> None:
    long, wide = [], []
    for path in sorted((PACKAGE / room).rglob("*.py")):
        for node in functions(path):
            if not is_compiled(node) and (node.end_lineno or node.lineno) - node.lineno >= 60:
                long.append(f"{path.name}: {node.name}")
            if len(node.args.posonlyargs) + len(node.args.args) > 8:
                wide.append(f"{path.name}: {node.name}")
    assert not long
    assert not wide
