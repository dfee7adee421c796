"""The diversion matrix: second choices as the tables have them, in place of attraction and nests."""

from collections.abc import Callable

import numpy as np

from shareshift.basics.arrays import Floats, Indices
from shareshift.market.second_choices import EVERYBODY
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import Inputs


def second_choices(inputs: Inputs, draws: Draws, members: Indices) -> Callable[[slice], Floats]:
    """Return the second choices among rivals of some customers, for a block of draws: (block, members, rivals).

    A customer's own rows are taken, else those for every customer. Excluded rivals are taken out and the others
    scaled up together, which is the joint removal of the excluded at rho = 0. Shares sum to 1 over rivals in every
    draw, or to 0 where no rival is left.
    """
    told = {name.split(":")[1] for name in inputs.ranges if name.startswith("diversion:")}
    cells: list[tuple[int, int, Floats]] = []
    for row, member in enumerate(members):
        customer = inputs.customers[member]
        whose = customer if customer in told else EVERYBODY
        for k, rival in enumerate(inputs.rivals):
            name = f"diversion:{whose}:{rival}"
            if name in inputs.ranges and not inputs.excluded[k]:
                cells.append((row, k, draws.value(name, inputs.ranges[name])))

    def reckon(block: slice) -> Floats:
        shares = np.zeros((len(range(*block.indices(draws.size + 1))), len(members), len(inputs.rivals)))
        for row, k, values in cells:
            shares[:, row, k] = values[block]
        total = shares.sum(axis=2, keepdims=True)
        return np.asarray(shares / np.where(total > 0, total, 1.0))

    return reckon
