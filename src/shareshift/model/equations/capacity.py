"""Rivals cannot grow overnight: how much more each can take on."""

from typing import TypeVar

import numpy as np
from numba.extending import register_jitable

from shareshift.basics.arrays import Floats

# A number in a kernel, an array elsewhere; either way of one kind throughout.
Amount = TypeVar("Amount", float, Floats)


@register_jitable
def grown(able: Amount, monthly_growth: Amount) -> Amount:
    """Return what can be delivered a month later; scalars or arrays of one shape, here and in kernels alike."""
    return able * (1.0 + monthly_growth)


@register_jitable
def spare(able: Amount, steady: Amount, growth: Amount, market: Amount) -> Amount:
    """Return what of a month's capacity the option's own customers leave, below 0 where they need more than it has.

    `able` is the capacity and `steady` the delivery at the event, USD per month; `growth` and `market` the factors by
    which the option's no-event delivery and the whole market's have grown. Who outgrows the market has grown capacity
    for that as well.
    """
    return able * (growth / market) - steady * growth


def capacity_by_month(run_rate: Floats, slack: Floats, monthly_growth: Floats, path: Floats) -> Floats:
    """Return what each option could deliver beyond its own customers; shape (months, options, draws), USD.

    run_rate / 12 ((1 + slack) (1 + monthly_growth) ** t / market - 1) growth, with `run_rate` (USD per year), `slack`
    and `monthly_growth` (options, draws), and `path` (months, options, draws), by which the no-event delivery grows.
    The last option is in-house work, which grows with the market.
    """
    steady = run_rate / 12
    able = steady * (1 + slack)
    spared = np.empty((len(path), *run_rate.shape))
    for month, growth in enumerate(path):
        able = grown(able, monthly_growth)
        spared[month] = spare(able, steady, growth, growth[-1])
    return spared


def headroom(run_rate: Floats, slack: Floats, monthly_growth: Floats, path: Floats) -> Floats:
    """Return what each option can take on in each month, which is never below 0; arguments of `capacity_by_month`."""
    spared = capacity_by_month(run_rate, slack, monthly_growth, path)
    return np.maximum(spared, 0.0, out=spared)
