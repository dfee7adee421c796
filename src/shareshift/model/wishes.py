"""What a block of draws asks for: what each customer takes away, and where it wants to go before anybody is full."""

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.model.equations.departures import add_up
from shareshift.model.equations.destinations import with_own_options
from shareshift.model.equations.records import Nests, Wishes
from shareshift.model.equations.second_choices import without_shut
from shareshift.model.inputs import Inputs
from shareshift.model.sample import Sample


def wishes_of(inputs: Inputs, sample: Sample, block: slice) -> Wishes:
    """Return the wishes of a block of draws, with what chose an excluded rival sent on already."""
    shares, first = sample.among_rivals(block)
    count, kinds, rivals = first.shape
    choices, outsides = np.empty((count, kinds, rivals + 1)), np.empty((count, kinds))
    with_own_options(first, sample.in_house[block], sample.not_spent[block], choices, outsides)
    if inputs.excluded.any():
        nests, shut = nests_of(inputs), np.append(inputs.excluded, False)
        second = np.empty(rivals + 1)
        for draw, rho in enumerate(sample.nest_correlation[block]):
            nests.rho[:] = rho
            without_shut(choices[draw], outsides[draw], shares[draw], shut, nests, second)
    leaving = np.ascontiguousarray(sample.leaving(slice(None), block))
    return Wishes(leaving, sample.kind, _by_kind(sample, leaving), choices, outsides, shares)


def nests_of(inputs: Inputs) -> Nests:
    """Return which options are alike, with room for one thread to compute in; in-house is a nest of its own."""
    membership, nests = np.append(inputs.membership, len(inputs.nests)), len(inputs.nests) + 1
    return Nests(
        membership=membership,
        home=inputs.incumbent_nest,
        rho=np.zeros(nests),
        work=np.empty((4, nests)),
    )


def _by_kind(sample: Sample, leaving: Floats) -> Floats:
    """Return what the customers of each kind take away together; (months, kinds, block), USD."""
    kinds = sample.kind.max() + 1
    if kinds == leaving.shape[1]:
        return leaving
    together = np.empty((len(leaving), kinds, leaving.shape[2]))
    add_up(leaving, sample.kind, together)
    return together
