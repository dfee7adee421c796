"""How concentrated a market is."""

import numpy as np

from shareshift.basics.arrays import Floats


def herfindahl(shares: Floats) -> Floats:
    """Return the Herfindahl-Hirschman index, 10,000 times the sum of squared shares over the first axis.

    `shares` are 0..1 and sum to 1 over the first axis, which is the base; 10,000 is a monopoly.
    """
    return np.asarray(1e4 * np.square(shares).sum(axis=0))
