"""The placing of one month's money, with plain arrays."""

import numpy as np

from shareshift.model.equations.capacity import place


def place_month(money, shares, outside, room, patience, rho, membership, followed=None):
    """Place one month's money: (customers, draws) USD, wishes (customers, options, draws), room (options, draws).

    Returns flows (customers, options, draws), and not spent and unplaced (customers, draws); of no customers where
    `followed` (options, options + 2, draws) is there to be filled instead.
    """
    money, shares, outside, room, patience, rho = (
        np.array(values, dtype=float) for values in (money, shares, outside, room, patience, rho)
    )
    customers, options, draws = shares.shape
    flat, none = np.zeros((1, draws)), np.zeros((options, draws))
    by_month = [
        np.empty((1, options, draws)),
        np.empty((1, options, draws)),
        np.empty((1, draws)),
        np.empty((1, draws)),
    ]
    flows = np.empty((1, customers if followed is None else 0, options + 2, draws))
    followed = np.empty((0, 0, 0)) if followed is None else followed
    place(
        money, np.arange(customers), money, np.ones((1, draws)), flat, shares.transpose(2, 0, 1).copy(),
        outside.T.copy(), room * 12, none, none, True, patience, np.array(membership, dtype=np.int64), rho,
        np.zeros(1, dtype=np.int64), 0, draws, 0, 0, *by_month, flows, followed,
    )  # fmt: skip
    return flows[0, :, :-2], flows[0, :, -2], flows[0, :, -1]
