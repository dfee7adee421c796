"""What it takes to bring a claim to even odds, slider by slider."""

import numpy as np

from shareshift.results.claims.measuring import measure_claims
from shareshift.results.projection import Projection
from shareshift.results.targets import Name, Reach, Scan, Target, find_target, movable

EVEN = 0.5


def claim_chances(run: Projection) -> dict[Name, Reach]:
    """Return the probability of every reading that a run can test, by claim and reading."""
    reaches: dict[Name, Reach] = {}
    for item in measure_claims(run):
        if item.tested:
            distance = float(item.claim.distance(np.asarray(item.nearest)))
            nearest = item.nearest if distance > 0 else None
            reaches[item.claim.key] = Reach(result=float(item.holds.mean()), nearest=nearest, distance=distance)
    return reaches


def find_targets(scan: Scan, result: Name) -> tuple[Target, ...]:
    """Return for each slider in view what it takes to bring a result to even odds.

    `Scan(market, scenario, claim_chances)` knows the claims by (claim_id, reading); keep it to ask about another
    claim, because the coarse scans are then done. About five runs a slider, and as many again where it reaches the
    target.
    """
    return tuple(find_target(scan, result, name, EVEN) for name in movable(scan.market))
