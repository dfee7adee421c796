"""Histograms of draws, as the pages draw them and the files hold them."""

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats, Indices

BINS = 40


def histogram(values: Floats, bins: int = BINS) -> tuple[Floats, Indices]:
    """Return the edges (bins + 1,) of a histogram of `values` (draws,) and each draw's bin (draws,).

    The edges span the middle 98% of the draws; what lies beyond goes to the first or last bin. Values that are all
    0 or 1 take two bins.
    """
    if np.isin(values, (0.0, 1.0)).all():
        return np.array([-0.5, 0.5, 1.5]), values.astype(np.int64)
    ends = np.quantile(values, (0.01, 0.99), method="nearest")
    low, high = ends if ends[1] > ends[0] else (values.min(), values.max())
    width = high - low if high > low else max(abs(low), 1.0)
    edges = np.linspace(low, low + width, bins + 1)
    return edges, np.clip(np.searchsorted(edges, values, side="right") - 1, 0, bins - 1)


def bins_frame(edges: Floats, bins: Indices) -> pl.DataFrame:
    """Return one row per bin: its ends, and `share_of_draws`, which adds up to 1."""
    share = np.bincount(bins, minlength=len(edges) - 1) / bins.size
    return pl.DataFrame({"bin_low": edges[:-1], "bin_high": edges[1:], "share_of_draws": share})
