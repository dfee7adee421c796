"""Believing claims: the reweighting of the draws that changes them least, and the polite refusals.

Of all weights under which every believed claim holds with its credibility, the ones nearest to equal weights in
relative entropy (Kullback 1959; Csiszar 1975). They depend on which claims a draw makes true and on nothing else, so
they are found on the distinct patterns of claims, by Newton's method on the convex dual: the weight of a pattern is
its share of the draws times exp(sum of the multipliers of the claims it makes true).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from shareshift.claims import Claim, Measured
from shareshift.credibility import Key, by_weight
from shareshift.errors import ClaimError
from shareshift.formats import percent, quantity
from shareshift.programme import smallest_conflict

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
TOLERANCE = 1e-12
MAX_ROUNDS = 500
EDGE = 1e-6
# Below this part of the draws the posterior rests on too few of them to be read closely.
FEW_DRAWS = 0.1


@dataclass(frozen=True, kw_only=True)
class Belief:
    """What believing came to: one weight per draw, and a sentence for everything that could not be believed.

    `weights` (draws,) add up to 1; they are equal when nothing is believed or `conflict` says that what is asked
    cannot be. `believed` holds the claims that count, each with its credibility; `refused` those that could not be
    believed as asked, `merged` those that count only once with another.
    """

    weights: Floats = field(repr=False)
    believed: Mapping[Key, float]
    refused: Mapping[Key, str]
    merged: Mapping[Key, str]
    conflict: str | None = None
    conflicting: tuple[Key, ...] = ()

    @property
    def effective_draws(self) -> float:
        """The effective sample size, 1 / sum of squared weights (Kish 1965)."""
        return float(1 / (self.weights**2).sum())

    @property
    def effective_share(self) -> float:
        """The effective sample size as a share of the draws."""
        return self.effective_draws / self.weights.size

    @property
    def few_draws(self) -> bool:
        """Whether fewer than a tenth of the draws carry the posterior."""
        return self.effective_share < FEW_DRAWS

    @property
    def changes_nothing(self) -> bool:
        """Whether no claim is believed, so that posterior and prior are the same."""
        return not self.believed or self.conflict is not None


def believe(measured: Iterable[Measured], credibilities: Mapping[Key, float], draws: int) -> Belief:
    """Reweight the draws so that every claim in `credibilities` holds with its credibility.

    Two readings of one claim, or two reports of one story, count once: the one with the higher credibility, then the
    better graded, then the later. A claim that holds in no draw cannot be made credible and one that holds in every
    draw cannot be made doubtful; both are refused with a sentence, and the others go on. When the rest cannot have
    these credibilities together the weights stay equal, and `conflict` names a smallest set of claims at odds.

    Raises `ClaimError` for a credibility outside 0..1 or a claim that is not among the measured.
    """
    by_key = {item.claim.key: item for item in measured}
    _check(by_key, credibilities)
    chosen, merged = _once(by_key, credibilities)
    refused = {key: why for key in chosen if (why := _refusal(by_key[key], credibilities[key]))}
    # Sorted, so that the order in which claims are given changes not even the last bit.
    keys = sorted(key for key in chosen if key not in refused)
    equal = np.full(draws, 1 / draws)
    believed = {key: credibilities[key] for key in keys}
    if not keys:
        return Belief(weights=equal, believed={}, refused=refused, merged=merged)
    holds, targets = np.column_stack([by_key[key].holds for key in keys]), np.array(list(believed.values()))
    weights = reweight(holds, targets)
    if weights is not None:
        return Belief(weights=weights, believed=believed, refused=refused, merged=merged)
    odds = smallest_conflict(
        len(keys), lambda some: bool(some) and not _support(*_patterns(holds[:, some])[:1], targets[list(some)]).any()
    )
    conflicting = tuple(keys[i] for i in odds)
    return Belief(
        weights=equal,
        believed=believed,
        refused=refused,
        merged=merged,
        conflict=_conflict_words(believed, conflicting),
        conflicting=conflicting,
    )


def reweight(holds: Booleans, credibilities: Floats) -> Floats | None:
    """Return the weights nearest to equal under which every claim has its credibility; None where there are none.

    `holds` (draws, claims) says which draw makes which claim true, `credibilities` (claims,) lie in 0..1; the weights
    (draws,) add up to 1 and are the same for all draws of one pattern. A credibility within 1e-6 of 0 or 1 is taken
    for it. Raises `ClaimError` where the credibilities are so near the edge of the possible that no weights are found.
    """
    # The solver cannot tell a coefficient this small from none.
    credibilities = np.where(credibilities < EDGE, 0.0, np.where(credibilities > 1 - EDGE, 1.0, credibilities))
    patterns, member, counts = _patterns(holds)
    support = _support(patterns, credibilities)
    if not support.any():
        return None
    prior = counts[support] / counts[support].sum()
    tilted = np.zeros(len(patterns))
    tilted[support] = _tilt(patterns[support], prior, credibilities)
    weights = (tilted / counts)[member]
    return np.asarray(weights / weights.sum())


def _patterns(holds: Booleans) -> tuple[Floats, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    patterns, member, counts = np.unique(holds, axis=0, return_inverse=True, return_counts=True)
    return patterns.astype(np.float64), member.reshape(-1), counts


def _support(patterns: Floats, credibilities: Floats) -> Booleans:
    """Return which patterns can carry weight at all; none of them when the credibilities cannot be had together.

    A linear programme: of all non-negative weights, of any total, under which the claims have their credibilities,
    one that is at least 1 on as many patterns as possible.
    """
    from scipy.optimize import linprog

    count = len(patterns)
    balance = (patterns - credibilities).T
    bounds = [(0.0, 1.0)] * count + [(0.0, None)] * count
    cost = np.concatenate([-np.ones(count), np.zeros(count)])
    found = linprog(cost, A_eq=np.hstack([balance, balance]), b_eq=np.zeros(len(balance)), bounds=bounds)
    return np.asarray(found.x[:count] > 0.5) if found.success else np.zeros(count, dtype=np.bool_)


def _tilt(patterns: Floats, prior: Floats, credibilities: Floats) -> Floats:
    """Return the share of each pattern under the exponential tilting with the wanted means; shape as `prior`."""
    centred = patterns - credibilities
    multipliers = np.zeros(len(credibilities))
    height, shares = _dual(centred, prior, multipliers)
    for _ in range(MAX_ROUNDS):
        gradient = shares @ centred
        if np.abs(gradient).max() < TOLERANCE:
            return shares
        curvature = (centred * shares[:, None]).T @ centred - np.outer(gradient, gradient)
        step = np.linalg.lstsq(curvature, -gradient, rcond=1e-14)[0]
        size = 1.0
        while True:
            trial, tried = _dual(centred, prior, multipliers + size * step)
            # Near the optimum the height is flat to rounding and only the gradient still tells.
            lower = trial <= height + 1e-4 * size * float(gradient @ step)
            if lower or np.abs(tried @ centred).max() < np.abs(gradient).max() / 2 or size < 1e-10:
                break
            size /= 2
        multipliers, height, shares = multipliers + size * step, trial, tried
    if np.abs(shares @ centred).max() < 1e-9:
        return shares
    raise ClaimError(
        "These credibilities lie at the edge of what the draws can have together. Bring them further from 0 and 1, and "
        "those of claims that imply each other further apart."
    )


def _dual(centred: Floats, prior: Floats, multipliers: Floats) -> tuple[float, Floats]:
    """Return log sum p exp(m . x) and the shares it is made of."""
    exponent = centred @ multipliers
    top = float(exponent.max())
    mass = prior * np.exp(exponent - top)
    return top + float(np.log(mass.sum())), mass / mass.sum()


def _once(by_key: Mapping[Key, Measured], credibilities: Mapping[Key, float]) -> tuple[list[Key], dict[Key, str]]:
    """Return the claims that count, and why the other readings and reports do not."""
    given = by_weight(by_key[key].claim for key in sorted(credibilities))
    chosen: list[Claim] = []
    merged = {}
    for claim in sorted(given, key=lambda claim: -credibilities[claim.key]):
        for other in chosen:
            if claim.claim_id == other.claim_id:
                merged[claim.key] = f"Another reading of the claim counts: {other.reading}."
            elif claim.story == other.story:
                merged[claim.key] = f"It tells the same story as {other.claim_id}, which counts once."
        if claim.key not in merged:
            chosen.append(claim)
    return [claim.key for claim in chosen], merged


def _check(by_key: Mapping[Key, Measured], credibilities: Mapping[Key, float]) -> None:
    faults = []
    for key, value in credibilities.items():
        name = "/".join(key)
        if key not in by_key:
            faults.append(f"{name} is no claim of this market known by its date. Choose one that is.")
        elif not 0 <= value <= 1:
            faults.append(f"{name}: {value:g} is no credibility. Give a number from 0 to 1.")
    if faults:
        raise ClaimError("\n".join(faults))


def _refusal(item: Measured, credibility: float) -> str | None:
    if item.reason is not None:
        return item.reason
    if not item.holds.any() and credibility > 0:
        nearest, unit = item.nearest, item.claim.unit
        assert nearest is not None  # noqa: S101 - what was measured has a nearest draw
        return (
            "Nothing in this scenario makes this true: it holds in no draw. The nearest draw reaches "
            f"{_amount(nearest, unit)}; the claim needs {_range_words(item.claim)}."
        )
    if item.holds.all() and credibility < 1:
        return (
            f"It holds in every draw of this scenario, so that nothing here makes it only {percent(credibility)} sure."
        )
    return None


def _range_words(claim: Claim) -> str:
    if not np.isfinite(claim.most):
        return f"at least {_amount(claim.least, claim.unit)}"
    if not np.isfinite(claim.least):
        return f"at most {_amount(claim.most, claim.unit)}"
    return f"{_amount(claim.least, claim.unit)} to {_amount(claim.most, claim.unit)}"


def _amount(value: float, unit: str) -> str:
    words = {"usd": " USD", "usd_per_year": " USD per year", "ratio": " times"}
    return quantity(round(value, 3) if unit == "ratio" else value, unit) + words.get(unit, "")


def _conflict_words(believed: Mapping[Key, float], odds: tuple[Key, ...]) -> str:
    names = " and ".join(f"{'/'.join(key)} at {percent(believed[key])}" for key in odds)
    return (
        f"No weighting of these draws has {names} together. Lower one of these credibilities or leave one of these "
        "claims out."
    )
