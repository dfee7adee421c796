"""How near a claim comes that fails in every simulation, in words."""

import numpy as np

from shareshift.basics.formats import quantity
from shareshift.results.claims.claim import Claim, Measured

NEARLY = 0.001
UNITS = {"usd_per_year": " a year", "ratio": " times"}


def reach_words(item: Measured) -> str:
    """Return what the simulation that comes nearest reaches; empty where the claim holds in any, or is not tested."""
    if not item.tested or item.holds.any():
        return ""
    claim = item.claim
    if claim.metric == "exit":
        return f"It fails in every simulation: the customer {'stays' if claim.least == -np.inf else 'leaves'} in none."
    which = "largest" if item.nearest < claim.least else "smallest"
    bound = claim.least if which == "largest" else claim.most
    reached, asked = _amount(item.nearest, claim.unit), _amount(bound, claim.unit)
    # Two amounts that round to the same words would read as a claim that holds.
    if abs(item.nearest - bound) < NEARLY * abs(bound) or reached == asked:
        reached = f"just {'under' if which == 'largest' else 'over'} {asked}"
    return f"It fails in every simulation: the {which} reaches {reached}, the claim needs {_needed(claim)}."


def _needed(claim: Claim) -> str:
    if not np.isfinite(claim.most):
        return f"at least {_amount(claim.least, claim.unit)}"
    if not np.isfinite(claim.least):
        return f"at most {_amount(claim.most, claim.unit)}"
    return f"{_amount(claim.least, claim.unit)} to {_amount(claim.most, claim.unit)}"


def _amount(value: float, unit: str) -> str:
    return quantity(round(value, 3) if unit == "ratio" else value, unit) + UNITS.get(unit, "")
