"""First-order and total Sobol indices with intervals; SciPy samples and analyses, the model runs page by page.

A and B are two samples of all inputs. Every input that is asked about has a page: A with that input taken from B; all
other inputs together have one more (Saltelli et al. 2010, Computer Physics Communications 181).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy.stats import bootstrap, qmc, sobol_indices

from shareshift.basics.arrays import Floats, Indices
from shareshift.model.draws.points import uniforms
from shareshift.results.drivers.study import Driver, Study
from shareshift.results.rows import headed, numbers, texts

# A power of two, as the points like it.
DRAWS = 2048
SINGLES = 16
RESAMPLES = 199
LEVEL = 0.9
REST = "all_others"
ENDS = ("first_order", "total")
INDICES = texts("figure", "input_id", "label") | numbers(
    *(f"{name}{end}" for name in ENDS for end in ("", "_low", "_high"))
)


class Pages:
    """The two samples of all inputs and the pages between them; the order of the names does not matter."""

    def __init__(self, singles: Sequence[str], draws: int = DRAWS, seed: int = 0) -> None:
        """Take the inputs that have a page of their own; page 0 is A, page 1 is B, the last that of all others."""
        self.singles, self.draws, self.seed = tuple(singles), draws, seed
        points = qmc.Sobol(2 * max(len(singles), 1), rng=np.random.default_rng(seed)).random(draws)
        # Points have 30 digits and may be 0; half of the last digit more keeps them within the open interval.
        self._points = points.T.reshape(2, -1, draws) + 2.0**-31
        self._place = {name: place for place, name in enumerate(sorted(singles))}

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self.singles) + 3

    def uniform(self, page: int, name: str) -> Floats:
        """Return the uniforms of an input on a page; (draws,)."""
        place = self._place.get(name)
        own = self.count - 1 if place is None else self.singles.index(name) + 2
        side = 1 if page in {1, own} else 0
        if place is not None:
            return np.ascontiguousarray(self._points[side, place])
        return uniforms(f"{'AB'[side]}/{name}", self.draws, 1, self.seed, 0, self.draws)


@dataclass(frozen=True, kw_only=True)
class SobolIndices:
    """First-order and total indices, (inputs,) each, with the ends of their intervals, (2, inputs)."""

    first_order: Floats
    total: Floats
    first_order_interval: Floats
    total_interval: Floats


def indices_of(pages: Floats, seed: int = 0) -> SobolIndices:
    """Return the indices from a function's values on every page, (pages, draws), the draws in any order.

    Intervals hold 90 in 100 of what other draws would have given, by bootstrap. Where nothing varies all are 0.
    """
    # Draws in the order of their values, so that the bootstrap takes the same whatever order they came in.
    pages = pages[:, np.lexsort(pages[::-1])]
    draws = pages.shape[1]

    def analysed(some: Indices) -> Floats:
        values = pages[:, some]
        of = sobol_indices(func={"f_A": values[:1], "f_B": values[1:2], "f_AB": values[2:, None]}, n=draws)
        return np.array([np.atleast_1d(of.first_order), np.atleast_1d(of.total_order)])

    first, total = analysed(np.arange(draws))
    if np.ptp(pages[:2]) == 0:
        nothing = np.zeros((2, len(first)))
        return SobolIndices(first_order=first, total=total, first_order_interval=nothing, total_interval=nothing)
    spread = bootstrap(
        (np.arange(draws),), analysed, vectorized=False, n_resamples=RESAMPLES, confidence_level=LEVEL,
        method="percentile", rng=np.random.default_rng(seed),
    ).confidence_interval  # fmt: skip
    return SobolIndices(
        first_order=first,
        total=total,
        first_order_interval=np.array([spread.low[0], spread.high[0]]),
        total_interval=np.array([spread.low[1], spread.high[1]]),
    )


@dataclass(kw_only=True)
class Exploration:
    """The runs for one figure's indices, a page at a time, so that somebody can watch and stop them."""

    study: Study
    figure: str
    drivers: Sequence[Driver]
    draws: int = DRAWS
    found: list[Floats] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        """Draw the points; nothing runs yet."""
        self.drivers = list(self.drivers)[:SINGLES]
        self.pages = Pages([driver.input_id for driver in self.drivers], self.draws, self.study.held.seed)

    @property
    def share_done(self) -> float:
        """How much of the runs is done, 0..1."""
        return len(self.found) / self.pages.count

    def advance(self) -> None:
        """Run one more page."""
        page, row = len(self.found), self.study.row(self.figure)
        self.found.append(self.study.run(self.draws, lambda name: self.pages.uniform(page, name))[row])

    def table(self) -> pl.DataFrame:
        """Return one row per input and one for all others, the largest total index first; all pages must have run."""
        of = indices_of(np.array(self.found), self.study.held.seed)
        words = [(driver.input_id, driver.label) for driver in self.drivers]
        words.append((REST, "All other inputs together"))
        rows = [
            (
                self.figure,
                *word,
                *_cells(of.first_order, of.first_order_interval, n),
                *_cells(of.total, of.total_interval, n),
            )
            for n, word in enumerate(words)
        ]
        frame = headed(pl.DataFrame(rows, schema=INDICES, orient="row"), scenario=self.study.scenario.title)
        return frame.sort(-pl.col("total"), "input_id")


def _cells(index: Floats, interval: Floats, n: int) -> tuple[float, float, float]:
    return float(index[n]), float(interval[0, n]), float(interval[1, n])
