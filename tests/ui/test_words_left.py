"""Phrases that no native reader of business English would use stand nowhere that a reader looks."""

import ast
import re

import pytest

from support.places import BUNDLED, ROOT

GONE = (
    "comes loose", "would have billed", "waits at Scale", "against no event", "widest stream", "Moved up to the end",
    "are drawn together", "in 100 simulations", "of 100 simulations", "How much is the model", "What binds there",
    "Take the numbers", "reckons it again", "as in the tables", "shift of every chance", "Share of a leaving budget",
    "Blocked money", "Pull of", "vendor luck", "Closeness of", "Width of all ranges", "put back alone",
    "Acting only together", "change places", "older state", "cannot be carried", "What stops it", "Told again",
    "weights the draws", "Even odds by", "by the tables", "Room at once", "are the record", "Rests on source",
    "keeps its place", "no value of a scenario", "runs out of room", "bn USD",
)  # fmt: skip


def words_of_code() -> str:
    """Every text that the product can say, docstrings left out."""
    found = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inner = (node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef))
        docs = {ast.get_docstring(node, clean=False) for node in inner}
        texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        found += [text for text in texts if isinstance(text, str) and text not in docs]
    return "\n".join(found)


def written() -> str:
    """What is written for readers beside the code."""
    paths = [ROOT / "README.md", *(ROOT / "src").rglob("*.md"), *(ROOT / "src").rglob("*.toml")]
    paths += [*BUNDLED.glob("*.csv"), *BUNDLED.rglob("*.toml")]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@pytest.mark.parametrize("phrase", GONE)
def test_a_phrase_that_was_replaced_is_gone(phrase: str) -> None:
    assert phrase.lower() not in f"{words_of_code()}\n{written()}".lower()


def test_readers_meet_simulations_and_not_draws() -> None:
    """A draw is a word of the engine; on the command line it is the name of an option."""
    told = re.findall(r"[^\n]*\b\d[\d,]* draws\b[^\n]*", written())
    assert not told
