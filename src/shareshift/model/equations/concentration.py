"""How concentrated a market is."""

import numpy as np

from shareshift.basics.arrays import Floats


def herfindahl(shares: Floats, firms: Floats | None = None) -> Floats:
    """Return the Herfindahl-Hirschman index, 10,000 times the sum of squared shares over the first axis.

    `shares` are 0..1 and sum to 1 over the first axis, which is the base; 10,000 is a monopoly. With `firms`, in how
    many equal firms each share is parted (infinity for so many that none counts), the index is the least that a
    table with pools allows; without it a pool counts as one firm, which is the most.
    """
    squares = np.square(shares)
    if firms is not None:
        squares = squares / firms.reshape(-1, *([1] * (squares.ndim - 1)))
    return np.asarray(1e4 * squares.sum(axis=0))
