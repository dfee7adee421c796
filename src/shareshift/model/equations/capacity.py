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
def spare(able: Amount, steady: Amount, growth: Amount) -> Amount:
    """Return what of a month's capacity the option's own customers leave, below 0 where they need more than it has.

    `able` is the capacity and `steady` the delivery at the event, USD per month, before the option's own `growth`, the
    factor by which the no-event delivery has grown: who grows anyway has grown capacity for that.
    """
    return (able - steady) * growth


def capacity_by_month(run_rate: Floats, slack: Floats, monthly_growth: Floats, growth: Floats) -> Floats:
    """Return what each option could deliver beyond its own customers; shape (months, options, draws), USD.

    run_rate / 12 ((1 + slack) (1 + monthly_growth) ** t - 1) growth, with `run_rate` (USD per year), `slack` and
    `monthly_growth` (options, draws), and `growth` (months, options, draws), by which the no-event delivery grows.
    """
    steady = run_rate / 12
    able = steady * (1 + slack)
    spared = np.empty(growth.shape)
    for month, grew in enumerate(growth):
        able = grown(able, monthly_growth)
        spared[month] = spare(able, steady, grew)
    return spared


def headroom(run_rate: Floats, slack: Floats, monthly_growth: Floats, growth: Floats) -> Floats:
    """Return what each option can take on in each month, which is never below 0; arguments of `capacity_by_month`."""
    spared = capacity_by_month(run_rate, slack, monthly_growth, growth)
    return np.maximum(spared, 0.0, out=spared)
