"""Where leavers go whose first choices are not to be had: the best that is left to those who left the incumbent.

Removing the incumbent and the full options from the shares at once would also move the buyers of the full ones, who
stay where they are; and diversion ratios are no shares. Of a nested logit, the part of the incumbent's buyers whose
best among the open options is k can be written as one integral over [0, 1].
"""

import numpy as np
from numba import boolean, float64, void

from shareshift.basics.arrays import Floats, Mask
from shareshift.basics.kernels import kernel, record
from shareshift.model.equations.diversion import divert
from shareshift.model.equations.records import Nests

# Gauss-Legendre nodes in y, with z = y ** 4: where a nest is nearly gone the integrand is steep at z = 0.
_Y, _WEIGHT = np.polynomial.legendre.leggauss(6)
NODES = ((_Y + 1) / 2) ** 4
WEIGHTS = _WEIGHT / 2 * 4 * ((_Y + 1) / 2) ** 3
# Less than this is no share of anything that could be split.
NOTHING = 1e-290


@kernel(void(float64[::1], boolean[::1], record(Nests), float64[:]))
def best_left(shares: Floats, gone: Mask, nests: Nests, best: Floats) -> None:
    """Fill `best` with which part of the incumbent's buyers would take each rival if those `gone` were not there.

    `shares` (rivals + 1,), the incumbent last, are shares before the event; `gone` is (rivals,) or longer. `best` sums
    to 1 over the rivals left, or to 0 where none is.

    With s the shares, S_g those of nests, w_g the part of a nest that is gone, the incumbent counted, and
    theta_g = 1 - w_g (1 - z), it is in proportion to s_k times the integral over z from 0 to 1 of theta_I ** -rho
    theta_g ** -rho / alpha ** 2, for the incumbent's own nest plus rho / (1 - rho) theta_I ** (-1 - rho) / (S_I alpha),
    where alpha = sum S_g theta_g ** (1 - rho).
    """
    rivals, membership, home, rho = shares.size - 1, nests.membership, nests.home, nests.rho[0]
    total, kept, value, power = nests.work[0], nests.work[1], nests.work[2], nests.work[3]
    total[:], kept[:], value[:], untouched, common = 0.0, 0.0, 0.0, 0.0, 0.0
    for rival in range(rivals):
        total[membership[rival]] += shares[rival]
        kept[membership[rival]] += 0.0 if gone[rival] else shares[rival]
    total[home] += shares[rivals]
    for nest in range(total.size):
        untouched += total[nest] if kept[nest] == total[nest] else 0.0
    for node in range(NODES.size):
        alpha, power[home] = untouched, 1.0
        for nest in range(total.size):
            if kept[nest] < total[nest]:
                theta = (kept[nest] + (total[nest] - kept[nest]) * NODES[node]) / total[nest]
                power[nest] = theta**-rho
                alpha += total[nest] * theta * power[nest]
        lead = WEIGHTS[node] * power[home] / alpha
        common += lead / alpha
        for nest in range(total.size):
            if kept[nest] < total[nest]:
                value[nest] += lead * power[nest] / alpha
        # Where nobody chooses the nest at all, neither the incumbent nor a rival in it, its worth is nobody's.
        if total[home] > NOTHING:
            theta = (kept[home] + (total[home] - kept[home]) * NODES[node]) / total[home]
            value[home] += lead * rho / (1.0 - rho) / (theta * total[home])
    for nest in range(total.size):
        value[nest] += common if kept[nest] == total[nest] else 0.0
    whole = 0.0
    for rival in range(rivals):
        best[rival] = 0.0 if gone[rival] else shares[rival] * value[membership[rival]]
        whole += best[rival]
    for rival in range(rivals):
        best[rival] = best[rival] / whole if whole > NOTHING else 0.0


@kernel(float64(float64[::1], float64, boolean[::1], record(Nests), float64[:, ::1], float64[::1]))
def second_choice(choice: Floats, outside: float, full: Mask, nests: Nests, best: Floats, second: Floats) -> float:
    """Fill `second` with where money goes that finds the options `full`, and return what is not spent.

    `choice` (options,) and `outside` are first choices, in-house last; `best` (2, rivals) is `best_left` for those that
    were full before and for `full`. The customer's own options take what the joint removal from first choices sends
    there, and rivals share the rest as the best that is left grows. Where nothing is open -1 is returned.
    """
    beyond = divert(choice, outside, full, nests.membership, nests.rho, nests.work, second)
    # Without correlation the removal is exact already.
    if beyond < 0.0 or nests.rho[0] == 0.0:
        return beyond
    to_rivals, gained = 0.0, 0.0
    for rival in range(best.shape[1]):
        to_rivals += second[rival]
        gained += 0.0 if full[rival] else max(best[1, rival] - best[0, rival], 0.0)
    if gained > 0.0:
        for rival in range(best.shape[1]):
            gain = 0.0 if full[rival] else max(best[1, rival] - best[0, rival], 0.0)
            second[rival] = to_rivals * gain / gained
    return beyond


@kernel(void(float64[:, ::1], float64[:], float64[:, ::1], boolean[::1], record(Nests), float64[::1]))
def without_shut(choices: Floats, outsides: Floats, shares: Floats, shut: Mask, nests: Nests, second: Floats) -> None:
    """Send on what chose an option that is `shut`: `choices` (kinds, options) and `outsides` (kinds,) of one draw."""
    nobody, best = np.zeros_like(shut), np.empty((2, shares.shape[1] - 1))
    for kind in range(len(choices)):
        choice, money = choices[kind], 0.0
        for option in range(shut.size):
            money += choice[option] if shut[option] else 0.0
        if money <= 0.0:
            continue
        if nests.rho[0] > 0.0:
            best_left(shares[kind], nobody, nests, best[0])
            best_left(shares[kind], shut, nests, best[1])
        beyond = second_choice(choice, outsides[kind], shut, nests, best, second)
        for option in range(shut.size):
            kept = 0.0 if shut[option] else choice[option]
            choice[option] = kept + (money * second[option] if beyond >= 0.0 else 0.0)
        outsides[kind] += money * beyond if beyond >= 0.0 else 0.0
