"""Believing claims: which count, at which credibility, what it makes of the draws, and the polite refusals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.basics.errors import ClaimError
from shareshift.basics.formats import percent
from shareshift.results.claims.claim import Claim, Key, Measured
from shareshift.results.claims.conflicts import smallest_conflict
from shareshift.results.claims.credibility import by_weight
from shareshift.results.claims.reaching import reach_words
from shareshift.results.claims.reweighting import attainable, reweight

# Below this part of the draws the posterior rests on too few of them to be read closely.
FEW_DRAWS = 0.1
# The part of the draws that stands for a claim which holds in fewer: those that come nearest to it.
NEAREST = 0.05


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
    believed = {key: credibilities[key] for key in sorted(chosen) if key not in refused}
    equal = Belief(weights=np.full(draws, 1 / draws), believed=believed, refused=refused, merged=merged)
    if not believed:
        return equal
    keys = list(believed)
    holds, targets = np.column_stack([by_key[key].holds for key in keys]), np.array(list(believed.values()))
    weights = reweight(holds, targets)
    if weights is not None:
        return replace(equal, weights=weights)
    odds = smallest_conflict(len(keys), lambda some: not attainable(holds[:, some], targets[list(some)]))
    conflicting = tuple(keys[i] for i in odds)
    return replace(equal, conflict=_conflict_words(believed, conflicting), conflicting=conflicting)


def as_if_true(item: Measured, share: float = NEAREST) -> Belief:
    """Return equal weights on the draws in which a claim holds, to ask what would have to be true for it.

    Where it holds in fewer than `share` of the draws, the weights lie on the `share` of draws that come nearest to
    it instead: what it would take to come nearer. Raises `ClaimError` for a claim that was not tested.
    """
    if not item.tested:
        raise ClaimError(f"{'/'.join(item.claim.key)} was not tested. {item.reason}")
    count = max(int(item.holds.sum()), int(np.ceil(share * item.drawn.size)))
    weights = np.zeros(item.drawn.size)
    weights[np.argsort(item.claim.distance(item.drawn), kind="stable")[:count]] = 1 / count
    return Belief(weights=weights, believed={item.claim.key: 1.0}, refused={}, merged={})


def _once(by_key: Mapping[Key, Measured], credibilities: Mapping[Key, float]) -> tuple[list[Key], dict[Key, str]]:
    """Return the claims that count, and why the other readings and reports do not."""
    given = by_weight(by_key[key].claim for key in sorted(credibilities))
    chosen: list[Claim] = []
    merged = {}
    for claim in sorted(given, key=lambda claim: -credibilities[claim.key]):
        reasons = [why for other in chosen if (why := claim.again(other))]
        if reasons:
            merged[claim.key] = reasons[-1]
        else:
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
        return reach_words(item)
    if item.holds.all() and credibility < 1:
        return f"It holds in every simulation of this scenario; nothing here makes it only {percent(credibility)} sure."
    return None


def _conflict_words(believed: Mapping[Key, float], odds: tuple[Key, ...]) -> str:
    names = " and ".join(f"{'/'.join(key)} at {percent(believed[key])}" for key in odds)
    return (
        f"No weighting of these simulations has {names} together. Lower one of these credibilities or leave one of "
        "these claims out."
    )
