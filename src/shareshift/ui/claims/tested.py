"""The claims of a run put in order: one card each, reports of one test together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

Row = Mapping[str, Any]
GROUPS = {
    "won_from_incumbent": "What rivals say they win",
    "revenue": "What rivals say they win",
    "demand_ratio": "Demand, before capacity limits",
    "exit": "Who leaves and who stays",
    "in_house_flow": "Work that customers take in-house",
    "incumbent_revenue": "The incumbent",
    "share": "The incumbent",
}


@dataclass(kw_only=True)
class Test:
    """One thing that is tested: a row of the claims table, and further reports that come to the same test."""

    row: Row
    reports: list[Row] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """Claim and reading."""
        return self.row["claim_id"], self.row["reading"]


@dataclass(kw_only=True)
class Card:
    """One claim with everything it is tested on."""

    claim_id: str
    group: str
    tests: list[Test]

    @property
    def row(self) -> Row:
        """The first report of the claim."""
        return self.tests[0].row

    @property
    def best(self) -> Row:
        """The reading that is likeliest; of equals the one that needs the least of the pool."""
        rows = [test.row for test in self.tests if test.row["probability"] is not None]
        return max(rows or [self.row], key=lambda row: (row["probability"] or 0.0, -(row["needed_capture_share"] or 0)))

    @property
    def tested(self) -> bool:
        """Whether any reading can be tested in this run."""
        return any(test.row["probability"] is not None for test in self.tests)


def cards_of(claims: pl.DataFrame) -> list[Card]:
    """Return the claims in the order of the page, reports of one test put together."""
    order = list(dict.fromkeys(GROUPS.values()))
    cards: dict[str, Card] = {}
    for row in claims.iter_rows(named=True):
        card = cards.setdefault(row["claim_id"], Card(claim_id=row["claim_id"], group=GROUPS[row["metric"]], tests=[]))
        same = [test for test in card.tests if _measure(test.row) == _measure(row)]
        if same:
            same[0].reports.append(row)
        else:
            card.tests.append(Test(row=row))
    return sorted(cards.values(), key=lambda card: order.index(card.group))


def _measure(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("comparator", "low", "high", "unit", "basis", "deadline"))
