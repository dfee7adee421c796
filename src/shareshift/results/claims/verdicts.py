"""What became of claims: the chance that the simulations gave each, and whether it came true, as far as is known."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from shareshift.results.claims.claim import Claim, Measured
from shareshift.results.rows import numbers, texts

# An outcome this many days from the deadline, or nearer, speaks of the claim, even where it does not name it.
NEAR_DAYS = 31
# How a verdict reads, by the highest chance that it takes.
VERDICTS = (
    (0.0, "in no simulation"),
    (0.5, "in half of the simulations or fewer"),
    (1 - 1e-12, "in more than half of the simulations"),
    (1.0, "in every simulation"),
)
ROWS = texts("claim_id", "reading", "metric", "verdict") | numbers("probability", "observed")
ROWS |= {"came_true": pl.Boolean(), "is_ours": pl.Boolean()}
NEVER = VERDICTS[0][1]


def verdicts(measured: Sequence[Measured], outcomes: pl.DataFrame, as_of: date, scored_on: date) -> pl.DataFrame:
    """Return one row per test of a claim whose outcome became known after `as_of` and was due and known by a day.

    Readings and reports that come to the same test count once.
    """
    known = outcomes.filter(
        pl.col("known_from").is_between(as_of, scored_on, closed="right"), pl.col("period_end") <= scored_on
    ).drop_nulls("central")
    told: dict[tuple[object, ...], dict[str, Any]] = {}
    for item in measured:
        claim = item.claim
        outcome = next(_on(claim, known), None)
        if not item.tested or outcome is None or claim.deadline > scored_on:
            continue
        chance, seen = float(item.holds.mean()), float(outcome["central"])
        row = {name: getattr(claim, name) for name in ("claim_id", "reading", "metric")}
        row |= {"verdict": verdict_of(chance), "probability": chance, "observed": seen}
        test = (*claim.subject, claim.least, claim.most, claim.basis, claim.deadline)
        ours = claim.source_id == "assumption"
        told.setdefault(test, row | {"came_true": claim.least <= seen <= claim.most, "is_ours": ours})
    return pl.DataFrame(list(told.values()), schema=ROWS)


def verdict_of(chance: float) -> str:
    """Return how a chance reads, 0..1."""
    return next(words for most, words in VERDICTS if chance <= most)


def verdict_sentence(rows: pl.DataFrame, whose: str) -> str:
    """Return how many claims of each verdict came true, the most doubtful first; `whose` says which claims."""
    if rows.is_empty():
        return f"No outcome is known yet of {whose}."
    counts: Mapping[str, tuple[int, int]] = {
        str(verdict): (true, count)
        for verdict, true, count in rows.group_by("verdict").agg(pl.col("came_true").sum(), pl.len()).iter_rows()
    }
    told = [f"{counts[words][0]} of {counts[words][1]} that held {words}" for _, words in VERDICTS if words in counts]
    sentences = [f"Of {whose}, as far as outcomes tell, these came true: {', '.join(told)}."]
    if ours := int(rows["is_ours"].sum()):
        sentences.append(
            f"{ours} of the {rows.height} are nobody’s words but assumptions of the tables, which lean to what came."
        )
    if NEVER not in counts:
        sentences.append("None of them had failed in every simulation, so what that verdict is worth is not known.")
    return " ".join(sentences)


def _on(claim: Claim, outcomes: pl.DataFrame) -> Iterator[Mapping[str, Any]]:
    """Yield the outcomes of what a claim is about: those that name it, then those near its deadline, nearest first."""
    subject = ("customer_id", claim.customer_id) if claim.metric == "exit" else ("vendor_id", claim.vendor_id)
    same = [
        row
        for row in outcomes.sort("outcome_id").iter_rows(named=True)
        if row["metric"] == claim.metric
        and row[subject[0]] == subject[1]
        and (claim.metric != "revenue" or row["basis"] == claim.basis)
    ]
    apart = {row["outcome_id"]: abs((row["period_end"] - claim.deadline).days) for row in same}
    yield from (row for row in same if row["claim_id"] == claim.claim_id)
    yield from sorted(
        (row for row in same if apart[row["outcome_id"]] <= NEAR_DAYS), key=lambda row: apart[row["outcome_id"]]
    )
