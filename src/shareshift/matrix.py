"""The diversion matrix: second choices as the tables have them, in place of attraction and nests."""

import numpy as np
import numpy.typing as npt

from shareshift.draws import Draws
from shareshift.inputs import Inputs
from shareshift.second_choices import EVERYBODY

Floats = npt.NDArray[np.float64]


def second_choices(inputs: Inputs, draws: Draws) -> Floats:
    """Return each customer's second choices among rivals; (customers, rivals, draws + 1).

    A customer's own rows are taken, else those for every customer. Excluded rivals are taken out and the others
    scaled up together, which is the joint removal of the excluded at rho = 0. Shares sum to 1 over rivals in every
    draw, or to 0 where no rival is left.
    """
    shares = np.zeros((len(inputs.customers), len(inputs.rivals), draws.count + 1))
    told = {name.split(":")[1] for name in inputs.ranges if name.startswith("diversion:")}
    for c, customer in enumerate(inputs.customers):
        whose = customer if customer in told else EVERYBODY
        for k, rival in enumerate(inputs.rivals):
            name = f"diversion:{whose}:{rival}"
            if name in inputs.ranges and not inputs.excluded[k]:
                shares[c, k] = draws.value(name, inputs.ranges[name])
    total = shares.sum(axis=1, keepdims=True)
    return np.asarray(shares / np.where(total > 0, total, 1.0))
