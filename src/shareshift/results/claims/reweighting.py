"""The reweighting of draws that changes them least: minimum relative entropy (Kullback 1959; Csiszar 1975).

Of all weights under which every claim holds with its credibility, the ones nearest to equal weights. They depend on
which claims a draw makes true and on nothing else, so they are found on the distinct patterns of claims, by Newton's
method on the convex dual: the weight of a pattern is its share of the draws times exp(sum of the multipliers of the
claims it makes true).
"""

import numpy as np
import numpy.typing as npt

from shareshift.basics.arrays import Floats, Mask
from shareshift.basics.errors import ClaimError

Booleans = Mask

TOLERANCE = 1e-12
FLAT = 1e-6
MAX_ROUNDS = 500
EDGE = 1e-6


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


def attainable(holds: Booleans, credibilities: Floats) -> bool:
    """Return whether any weights of the draws give every claim its credibility; shapes as for `reweight`."""
    return bool(_support(_patterns(holds)[0], credibilities).any())


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
        # A step tells little beyond where it changes weights by more than e ** 2: there the curvature is another.
        size = min(1.0, 2.0 / max(np.abs(centred @ step).max(), 1e-300))
        while True:
            trial, tried = _dual(centred, prior, multipliers + size * step)
            lower = trial <= height + 1e-4 * size * float(gradient @ step)
            # Near the optimum the height is flat to rounding and only the gradient still tells.
            error = np.abs(gradient).max()
            nearer = error < FLAT and np.abs(tried @ centred).max() < error / 2
            if lower or nearer or size < 1e-12:
                break
            size /= 2
        multipliers, height, shares = multipliers + size * step, trial, tried
    if np.abs(shares @ centred).max() < 1e-9:
        return shares
    raise ClaimError(
        "These credibilities are at the edge of what the simulations allow together. Move them further from 0 and 1, "
        "those of claims that imply each other further apart."
    )


def _dual(centred: Floats, prior: Floats, multipliers: Floats) -> tuple[float, Floats]:
    """Return log sum p exp(m . x) and the shares it is made of."""
    exponent = centred @ multipliers
    top = float(exponent.max())
    mass = prior * np.exp(exponent - top)
    return top + float(np.log(mass.sum())), mass / mass.sum()
