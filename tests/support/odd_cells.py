"""Single cells of the tiny market changed to odd values, and everything that a market is asked for."""

import csv
import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from shareshift.export.bundle.contents import bundle_tables
from shareshift.market.market import Market
from shareshift.market.schemas import SCHEMAS
from shareshift.model.draws.streams import Draws
from shareshift.results.claims.answer import claims_answer
from shareshift.results.compare.answer import compare
from shareshift.results.compare.explaining import explain
from shareshift.results.compare.forms import forms_spread
from shareshift.results.projection import project
from shareshift.results.record.score import score_run
from shareshift.scenario.scenario import Scenario, read_scenarios
from support.places import TINY

# Table, line, column, and the new text.
OddEdit = tuple[str, int, str, str]
DRAWS = 8
ODD = (
    "", "0", "1", "-1", "0.5", "0.999999999", "2", "1e-300", "1e-9", "999", "1e14", "1e15", "-1e15", "yes", "no",
    "2024-11-30", "2025-02-28", "1900-01-01", "0001-01-01", "9999-12-31", "acme", "bolt", "crane", "north", "south",
    "rest", "nobody", "gazette", "assumption", "in_house", "many", "a;b", "F6", "B2", "=1+1", "Ünlü\u200d & <b>$x$",
    "x" * 300,
)  # fmt: skip


def words_of(table: str, column: str) -> tuple[str, ...]:
    """Return the words that a column allows, where it allows only some."""
    for check in SCHEMAS[table].to_schema().columns[column].checks:
        if "allowed_values" in check.statistics:
            return tuple(check.statistics["allowed_values"])
    return ()


def odd_edits() -> Iterator[OddEdit]:
    """Yield every edit: table, line, column and the new text, in one order."""
    for path in sorted(TINY.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for column in rows[0]:
            own = sorted({row[column] for row in rows})
            texts = dict.fromkeys((*ODD, *words_of(path.stem, column), *own[:6]))
            for line, row in enumerate(rows, 2):
                yield from ((path.stem, line, column, text) for text in texts if text != row[column])


def _shuffled(edit: OddEdit) -> bytes:
    return hashlib.sha256(repr(edit).encode()).digest()


def some_edits(count: int) -> list[OddEdit]:
    """Return as many edits, the same every time: of all columns alike, so that the many sliders do not take all."""
    columns: dict[tuple[str, str], list[OddEdit]] = {}
    for edit in odd_edits():
        columns.setdefault((edit[0], edit[2]), []).append(edit)
    decks = [sorted(edits, key=_shuffled) for edits in columns.values()]
    rounds = max(map(len, decks))
    return [deck[at] for at in range(rounds) for deck in decks if at < len(deck)][:count]


def ask_everything(market: Market, folder: Path) -> dict[str, Any]:
    """Return every table that a market gives; raises whatever goes wrong on the way."""
    held = Draws(DRAWS, 0)
    run = project(market, Scenario(), DRAWS, held=held)
    scenarios = list(read_scenarios(folder, market).values())
    asked: dict[str, Any] = dict(bundle_tables(run))
    asked |= claims_answer(run, held).tables
    asked |= compare(market, scenarios, held).tables
    asked["explained"] = explain(market, scenarios, held)
    asked |= forms_spread(market, Scenario(), Draws(DRAWS, 0)).tables
    asked |= score_run(run, date(2026, 6, 30)).tables
    return asked
