"""How far a graded claim is believed: from the Admiralty code to a probability, and which report of many counts.

The code (NATO AJP-2.1) rates the source by a letter, A reliable to E unreliable, and the information by a digit,
1 confirmed to 5 improbable; F and 6 mean that it cannot be judged. It gives no probabilities. Ours are an assumption:
a digit's word is read as a probability (probably true as 80%, doubtful as 35%) and multiplied by how often a
source of that letter is taken to get right what it passes on, so that a worse letter or a worse digit never makes
a claim more credible. The page lets readers put in their own.
"""

from collections.abc import Iterable, Mapping

import polars as pl

from shareshift.results.claims.claim import Claim, Key, Measured
from shareshift.results.projection import Projection
from shareshift.results.rows import headed, texts

INFORMATION = {"1": 0.95, "2": 0.80, "3": 0.60, "4": 0.35, "5": 0.15}
RELIABILITY = {"A": 1.0, "B": 0.95, "C": 0.85, "D": 0.70, "E": 0.50}
CREDIBILITY: Mapping[str, float] = {
    f"{letter}{digit}": round(part * probability, 4)
    for letter, part in RELIABILITY.items()
    for digit, probability in INFORMATION.items()
}


def credibility(grade: str) -> float | None:
    """Return the probability at which a claim of this grade is believed; None where it cannot be judged."""
    return CREDIBILITY.get(grade)


def by_weight(claims: Iterable[Claim]) -> list[Claim]:
    """Return claims with the better graded first, then the later said, then in the order given."""
    return sorted(claims, key=lambda claim: (-(credibility(claim.grade) or 0.0), -claim.said_on.toordinal()))


def contradictions(claims: Iterable[Claim]) -> list[tuple[Claim, Claim]]:
    """Return the pairs of claims that no state of the world makes true together, each pair once.

    Two claims about one subject contradict each other when their ranges do not meet, on one basis and by one
    deadline; for a customer's exit the deadline does not matter, because the model settles an exit once.
    """
    ordered = sorted(claims, key=lambda claim: claim.key)
    pairs = [(one, other) for i, one in enumerate(ordered) for other in ordered[i + 1 :]]
    return [(one, other) for one, other in pairs if _same_measure(one, other) and _disjoint(one, other)]


def contradictions_table(run: Projection, measured: Iterable[Measured]) -> pl.DataFrame:
    """Return one row per pair of readings that no state of the world makes true together."""
    rows = [(*one.subject, *one.key, *other.key) for one, other in contradictions(item.claim for item in measured)]
    names = texts("metric", "vendor_id", "customer_id", "claim_id", "reading", "against", "against_reading")
    return headed(pl.DataFrame(rows, schema=names, orient="row"), scenario=run.scenario.title)


def default_beliefs(measured: Iterable[Measured]) -> tuple[dict[Key, float], dict[Key, str]]:
    """Return which claims are believed unless the reader says otherwise, at which credibility, and why others are not.

    One report of every claim and statement: the better graded, then the later. Of two claims that contradict each
    other, again the better graded, later one. A claim that cannot be judged (F or 6) or tested is left out, and so is
    one that the draws already hold more probable than its grade would: a doubtful report is no evidence against what
    it says. Nor is one believed that fails in every draw: nothing here could make it hold. A target and an opinion are
    left out too: the grade rates the report that somebody aims at something or thinks so, which can be true though
    nothing comes of it.
    """
    tested = {item.claim.key: item for item in measured}
    believed: dict[Key, float] = {}
    left_out: dict[Key, str] = {}
    chosen: list[Claim] = []
    for claim in by_weight(item.claim for item in tested.values()):
        reason = _why_not(claim, tested[claim.key], chosen)
        if reason in (None, MORE_PROBABLE, IMPOSSIBLE):
            # What the draws hold more probable than its grade, or impossible, still stands for its other reports.
            chosen.append(claim)
        if reason is None:
            believed[claim.key] = CREDIBILITY[claim.grade]
        else:
            left_out[claim.key] = reason
    return believed, left_out


MORE_PROBABLE = "The simulations already hold it more probable than its grade would."
IMPOSSIBLE = "It fails in every simulation of this scenario, so no reweighting makes it hold."


UNTOLD = {
    "target": "It is a target: that it was named says nothing of whether it is met. It is believed only if you say so.",
    "opinion": "It is an opinion: that it is held says nothing of whether it holds. It is believed only if you say so.",
}


def _why_not(claim: Claim, tested: Measured, chosen: list[Claim]) -> str | None:
    if tested.reason is not None:
        return tested.reason
    if claim.kind in UNTOLD:
        return UNTOLD[claim.kind]
    if credibility(claim.grade) is None:
        return f"Its grade {claim.grade} says that it cannot be judged."
    for other in chosen:
        if why := claim.again(other, counts="stands for it"):
            return why
    if against := [other for other in chosen if contradictions([claim, other])]:
        return f"It contradicts {against[0].claim_id}, which is better graded or later."
    if not tested.holds.any():
        return IMPOSSIBLE
    return MORE_PROBABLE if tested.holds.mean() >= CREDIBILITY[claim.grade] else None


def _same_measure(one: Claim, other: Claim) -> bool:
    same = (one.subject, one.basis, one.unit) == (other.subject, other.basis, other.unit)
    return same and (one.metric == "exit" or one.deadline == other.deadline)


def _disjoint(one: Claim, other: Claim) -> bool:
    return max(one.least, other.least) > min(one.most, other.most)
