"""The placing of one month's money, with plain arrays."""

import numpy as np

from shareshift.model.equations.place import place
from shareshift.model.equations.records import Asked, Limits, Nests, Placed, Wishes


def place_month(money, shares, outside, room, patience, rho, membership, ends=None):
    """Place one month's money: (customers, draws) USD, wishes (customers, options, draws), room (options, draws).

    Returns flows (customers, options, draws), and not spent and unplaced (customers, draws); of no customers where
    `ends` (options, options + 2, draws) is there to be filled instead.
    """
    money, shares, outside, room, patience, rho = (
        np.array(values, dtype=float) for values in (money, shares, outside, room, patience, rho)
    )
    customers, options, draws = shares.shape
    none = np.zeros((options, draws))
    wishes = Wishes(
        leaving=money[None].copy(),
        kind=np.arange(customers),
        together=money[None].copy(),
        choices=shares.transpose(2, 0, 1).copy(),
        outsides=outside.T.copy(),
        # Nothing is known of vendors' shares before the event, so second choices follow from the first alone.
        shares=np.zeros((draws, customers, options)),
    )
    nests = Nests(
        membership=np.array(membership, dtype=np.int64),
        home=0,
        rho=np.zeros(max(membership) + 1),
        work=np.empty((4, max(membership) + 1)),
    )
    limits = Limits(
        run_rate=room * 12,
        slack=none + 1,
        monthly_growth=none,
        path=np.ones((1, options + 1, draws)),
        limited=True,
        patience=patience,
        closes=1,
        rho=rho,
        shut=np.zeros(options, dtype=np.bool_),
    )
    placed = Placed(
        to_options=np.empty((1, options, draws)),
        turned_away=np.empty((1, options, draws)),
        not_spent=np.empty((1, draws)),
        unplaced=np.empty((1, draws)),
        flows=np.empty((1, customers if ends is None else 0, options + 2, draws)),
        ends=np.empty((0, 0, 0)) if ends is None else ends,
    )
    place(wishes, limits, Asked(np.zeros(1, dtype=np.int64), 0, draws, 0, 0), placed, nests)
    return placed.flows[0, :, :-2], placed.flows[0, :, -2], placed.flows[0, :, -1]
