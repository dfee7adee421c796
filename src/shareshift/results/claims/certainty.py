"""How sure a probability is that was counted in draws, at its two ends as well."""

from dataclasses import dataclass

import numpy as np

from shareshift.basics.arrays import Mask
from shareshift.basics.formats import likelihood
from shareshift.results.counting.statistics import summarise
from shareshift.results.rows import numbers, texts

CONFIDENCE = 0.95
CERTAINTY = numbers("standard_error", "probability_bound") | texts("likelihood")


@dataclass(frozen=True, kw_only=True)
class Probability:
    """The share of draws in which something holds, 0..1, and how far that is to be trusted.

    `standard_error` comes from the spread of independent scramblings; None with one scrambling, and where it holds in
    no draw or in every draw, as then nothing spreads and an error of 0 would claim what was not seen. `bound` is given
    instead: the probability is at most (in no draw) or at least (in every draw) that, with a confidence of 95%.
    """

    value: float
    standard_error: float | None
    bound: float | None

    @property
    def certainty(self) -> dict[str, float | str | None]:
        """The error, the bound and the words as cells of a table."""
        cells = (self.standard_error, self.bound, in_words(self.value))
        return dict(zip(CERTAINTY, cells, strict=True))


def counted(holds: Mask, scramblings: int) -> Probability:
    """Return how probable it is that something holds; `holds` is (draws,), in the order of the scramblings."""
    found = summarise(np.append(holds.astype(np.float64), np.nan), scramblings)
    if holds.all() or not holds.any():
        bound = bound_of_none(holds.size)
        return Probability(value=float(holds[0]), standard_error=None, bound=1 - bound if holds[0] else bound)
    error = None if scramblings == 1 else float(found["standard_error"])
    return Probability(value=float(found["mean"]), standard_error=error, bound=None)


def bound_of_none(draws: int) -> float:
    """Return what the probability of something that none of the draws shows is at most, with a confidence of 95%.

    The probability at which that many independent draws all miss it in one case of twenty, close to 3 / draws (the
    rule of three: Hanley and Lippman-Hand 1983). Quasi-random points miss what is so rare about as often as
    independent ones do, which a test counts; their evenness is of no help here.
    """
    return float(-np.expm1(np.log(1 - CONFIDENCE) / draws))


def in_words(probability: float) -> str:
    """Return a probability in the words of ICD 203 with the number; no draw and every draw say so."""
    if probability <= 0.0:
        return "in no simulation"
    if probability >= 1.0:
        return "in every simulation"
    word = likelihood(probability)
    if 0.005 <= probability <= 0.995:
        return word
    return word.partition(" (")[0] + (" (under 1%)" if probability < 0.5 else " (over 99%)")
