"""Imports point one way, the equations know nothing of each other, and Streamlit stays below its line."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "shareshift"
# From the bottom up: a module may import from the rows above its own and from no other, and from its own row where
# that makes no cycle. A module that is not listed asks questions of a projection.
LAYERS = (
    ("errors", "units", "vocabulary", "blocks", "formats"),
    ("parameters", "forms"),
    ("schemas",),
    ("reading", "checking", "rules"),
    ("market",),
    ("scenario", "second_choices"),
    ("drafting", "flat"),
    ("links",),
    ("distributions", "draws"),
    ("model",),
    ("inputs",),
    ("sampling", "matrix"),
    ("migration",),
    ("selection", "statistics", "sketches", "tables", "accounts", "rooms", "figures"),
    ("projection", "streaming"),
    ("questions asked of a projection",),
    ("export", "theme", "charts", "store"),
    ("sentences",),
    ("pictures",),
    ("report",),
    ("bundle",),
    ("cli", "cli_bundle", "cli_choices", "cli_compare", "cli_project", "cli_forms", "sweep", "__main__"),
    ("ui",),
    ("pages", "views"),
)
RANK = {name: rank for rank, row in enumerate(LAYERS) for name in row}
QUESTIONS = RANK["questions asked of a projection"]
STREAMLIT = {"ui", "pages", "views"}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())


def room(path):
    """Return the top part of a module's name: its file, or the folder it stands in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    """Yield the full names of what a module imports anywhere, except for type checking only."""
    tree = ast.parse(path.read_text("utf-8"))
    only_types = {
        node
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and "TYPE_CHECKING" in ast.unparse(test.test)
        for statement in test.body
        for node in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if node in only_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} line {node.lineno}: write imports in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(path):
    """Yield the imports of this package, as the parts of their names."""
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "shareshift" and len(parts) > 1 and not parts[1].startswith("__version"):
            yield parts[1:]


def rank(name):
    return RANK.get(name, QUESTIONS)


@each_module
def test_imports_point_one_way(path):
    own = rank(room(path))
    for parts in own_imports(path):
        other = parts[0]
        allowed = other == room(path) or rank(other) < own or (rank(other) == own and not backwards(path, other))
        assert allowed, f"{room(path)} imports {other}, which stands above it; move one of them in LAYERS or in life"


def backwards(path, other):
    """Say whether a module that stands in the same row imports back, which would be a cycle."""
    found = [module for module in MODULES if room(module) == other]
    return any(parts[0] == room(path) for module in found for parts in own_imports(module))


def test_no_module_is_part_of_a_cycle():
    def name(path):
        return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")

    names = {name(path) for path in MODULES}
    graph = {}
    for path in MODULES:
        targets = [".".join(parts[:length]) for parts in own_imports(path) for length in (1, 2, 3)]
        graph[name(path)] = {target for target in targets if target in names and target != name(path)}
    while leaves := [module for module, targets in graph.items() if not targets & set(graph)]:
        for module in leaves:
            del graph[module]
    assert not graph


@pytest.mark.parametrize("path", sorted((PACKAGE / "model").glob("*.py")), ids=lambda path: path.stem)
def test_the_equations_know_nothing_of_each_other(path):
    # Where an option is removed, whoever removes it uses the one removal there is.
    shared = {("model", "diversion", "divert")}
    assert [
        parts for parts in own_imports(path) if parts[0] not in {"errors", "units"} and tuple(parts) not in shared
    ] == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "model").glob("*.py")), ids=lambda path: path.stem)
def test_the_equations_know_nothing_of_frames_files_or_screens(path):
    assert {name.split(".")[0] for name in imports(path)} <= {
        "collections", "dataclasses", "math", "numpy", "numba", "scipy", "shareshift", "typing"
    }  # fmt: skip


@each_module
def test_streamlit_is_imported_below_its_line_only(path):
    if room(path) not in STREAMLIT:
        assert "streamlit" not in {name.split(".")[0] for name in imports(path)}


@each_module
def test_no_module_is_a_drawer_for_odds_and_ends(path):
    assert path.stem not in {"utils", "util", "constants", "helpers", "common", "misc"}


def test_streamlit_is_used_by_the_app_and_by_no_other_file_beside_it():
    for path in ROOT.glob("*.py"):
        if path.name != "app.py":
            assert "streamlit" not in {name.split(".")[0] for name in imports(path)}, path.name


def test_the_launcher_needs_the_standard_library_alone():
    import sys

    assert {name.split(".")[0] for name in imports(ROOT / "run.py")} <= sys.stdlib_module_names
