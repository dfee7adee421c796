"""Randomised quasi-Monte Carlo: every input has its own stream of uniforms, keyed by its name.

The inputs that matter in every market take fixed dimensions of a Sobol sequence (direction numbers of Joe and
Kuo 2008), each scrambled by a random linear matrix and a digital shift (Matousek 1998). Inputs that belong to
one vendor or customer take a Latin hypercube of their own (McKay, Beckman and Conover 1979). Every key is a hash
of seed, scrambling and name, so one more customer, vendor or scenario leaves all other draws as they were.
Only integers and one division are used, so the bits are the same on every machine.
"""

import hashlib
from collections.abc import Callable, Hashable
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from shareshift.distributions import quantile
from shareshift.parameters import Range

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
BITS = 32
T = TypeVar("T")
# Independent scramblings: enough to estimate a standard error, few enough to keep the points even.
SCRAMBLINGS = 16
# Order matters: the first dimensions of a Sobol sequence are the most even. Names may be added at the end only;
# moving one would change every projection.
SOBOL_NAMES = (
    "exits", "incumbent_revenue", "growth", "moved_share", "half_life", "exodus", "built_in_house",
    "not_spent", "neutrality", "capacity_growth", "patience", "size_pull", "nest_correlation", "slack", "lag",
    "contagion", "in_house_base", "in_house_growth", "loyalty", "fit", "timing_shape", "owner_top_up",
    "pivot_revenue", "momentum_spread", "exit_left", "exit_leaving", "exit_reconsidering", "exit_unknown",
    "exit_continuing", "exit_staying",
)  # fmt: skip


class Draws:
    """The uniforms of `count` draws under one seed, and the inputs already drawn from them.

    Keep one object to move a slider cheaply: an input whose range has not changed is not drawn again, and a stage
    of the model whose inputs have not changed is not reckoned again.
    """

    def __init__(self, count: int, seed: int = 0) -> None:
        """Raise ValueError for fewer than one draw."""
        if count < 1:
            msg = f"{count} draws asked for; at least 1 is needed"
            raise ValueError(msg)
        self.count, self.seed = count, seed
        self.scramblings = scramblings(count)
        self._uniforms: dict[str, Floats] = {}
        self._values: dict[str, tuple[Range, Floats]] = {}
        self._stages: dict[str, tuple[Hashable, Any]] = {}

    def uniform(self, name: str) -> Floats:
        """Return the uniforms of one input, strictly within (0, 1); shape (count,)."""
        if name not in self._uniforms:
            size = self.count // self.scramblings
            parts = [_stream(name, size, self.seed, part) for part in range(self.scramblings)]
            self._uniforms[name] = np.concatenate(parts)
        return self._uniforms[name]

    def value(self, name: str, figure: Range) -> Floats:
        """Return the draws of one input in its own unit, its central value appended; shape (count + 1,)."""
        held = self._values.get(name)
        if held is None or held[0] != figure:
            drawn = np.append(quantile(figure, self.uniform(name)), figure.central)
            drawn.flags.writeable = False
            # The latest range of every input is kept, so that moving one slider draws one input.
            held = self._values[name] = (figure, drawn)
        return held[1]

    def stage(self, name: str, key: Hashable, make: Callable[[], T]) -> T:
        """Return what a stage of the model came to, made again only when `key`, all it rests on, has changed.

        The latest of every stage is kept; what `make` returns must not be written to.
        """
        held = self._stages.get(name)
        if held is None or held[0] != key:
            held = self._stages[name] = (key, make())
        return cast(T, held[1])


def scramblings(count: int) -> int:
    """Return into how many independent scramblings of equal size `count` draws fall."""
    return next((parts for parts in (SCRAMBLINGS, 8, 4, 2) if count % parts == 0 and count >= 4 * parts), 1)


def _stream(name: str, size: int, seed: int, part: int) -> Floats:
    words = _generator(f"{seed}/{part}/{name}")
    if name in SOBOL_NAMES:
        return _scrambled(SOBOL_NAMES.index(name), size, words)
    # Sorting random words is a random order that no change of a library's shuffling can alter.
    strata = np.argsort(words.random_raw(size), kind="stable").astype(np.float64)
    return np.asarray((strata + _open_unit(words.random_raw(size))) / size)


def _generator(key: str) -> np.random.Philox:
    digest = hashlib.sha256(key.encode()).digest()
    return np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64))


def _open_unit(words: Words) -> Floats:
    """Map random words into (0, 1), both ends left out."""
    return np.asarray(((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52)


def _scrambled(dimension: int, size: int, words: np.random.Philox) -> Floats:
    """Return the first `size` points of one Sobol dimension under a random linear scrambling."""
    directions = _directions()[dimension]
    # Digit i of a point becomes the parity of itself and a random choice of the digits before it; digit 0 is
    # the highest bit.
    rows = [
        (int(word) & 0xFFFFFFFF) >> (BITS - i) << (BITS - i) | 1 << (BITS - 1 - i)
        for i, word in enumerate(words.random_raw(BITS))
    ]
    mixed = [
        sum(((row & int(direction)).bit_count() & 1) << (BITS - 1 - i) for i, row in enumerate(rows))
        for direction in directions
    ]
    points = np.full(size, int(words.random_raw()) & 0xFFFFFFFF, dtype=np.uint64)
    index = np.arange(size, dtype=np.uint64)
    for bit in range(max(1, (size - 1).bit_length())):
        points ^= np.uint64(mixed[bit]) * ((index >> np.uint64(bit)) & np.uint64(1))
    # The digits beyond the net are filled at random, so that no draw sits on a lattice.
    return np.asarray((points.astype(np.float64) + _open_unit(words.random_raw(size))) * 2.0**-BITS)


@cache
def _directions() -> npt.NDArray[np.uint64]:
    """Return the direction numbers as 32-bit fractions; shape (dimensions, 32)."""
    text = files("shareshift").joinpath("sobol_directions.csv").read_text()
    return np.array([[int(word) for word in line.split(",")] for line in text.split()], dtype=np.uint64)
