"""What learning an input would bring: which part of a figure's variance goes, on average, once the input is known.

That part is the variance of the figure's mean given the input (Sobol 1993), which the draws of one run give without a
further one: the input's draws in order are cut into bins of equal size, and what bins differ by chance is taken off, as
in an analysis of variance (Plischke, Borgonovo and Smith 2013, European Journal of Operational Research 226).
"""

import numpy as np
from scipy.stats import f as f_distribution

from shareshift.basics.arrays import Floats, Mask

BINS = 32
LEAST_IN_BIN = 8
# The chance that any of the inputs stands out though none does anything.
CHANCE = 0.01


def learning(uniforms: Floats, values: Floats) -> tuple[Floats, Mask]:
    """Return the share of variance that goes with each input known, 0..1, and whether it is beyond noise.

    `uniforms` is (inputs, draws), `values` (figures, draws) and both answers (figures, inputs). The order of the draws
    does not matter, to the last bit.
    """
    shares = np.zeros((len(values), len(uniforms)))
    beyond = np.zeros(shares.shape, dtype=np.bool_)
    count = uniforms.shape[1]
    bins = max(min(BINS, count // LEAST_IN_BIN), 2)
    if count < 2 * bins:
        return shares, beyond
    starts = np.arange(bins) * count // bins
    sizes = np.diff(np.append(starts, count))
    for column, uniform in enumerate(uniforms):
        ordered = values[:, np.argsort(uniform)]
        centred = ordered - ordered.mean(axis=1, keepdims=True)
        sums = np.add.reduceat(centred, starts, axis=1)
        within = (np.add.reduceat(centred**2, starts, axis=1).sum(axis=1) - (sums**2 / sizes).sum(axis=1)) / (
            count - bins
        )
        between = (sums**2 / sizes).sum(axis=1) / (bins - 1)
        noise = np.maximum(within, 0.0)
        known = np.maximum(between - noise, 0.0) * bins / count
        whole = known + noise
        # What does not vary at all leaves rounding behind.
        varies = whole > 1e-18 * np.maximum((ordered**2).mean(axis=1), 1e-300)
        shares[:, column] = np.where(varies, known / np.where(varies, whole, 1.0), 0.0)
        ratio = between / np.where(noise > 0, noise, 1e-300)
        chance = f_distribution.sf(ratio, bins - 1, count - bins)
        beyond[:, column] = varies & (chance < CHANCE / len(uniforms))
    return shares, beyond
