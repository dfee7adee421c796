"""The draws of a run: the uniforms of every input, its values, and what stages of the model made of them."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.basics.errors import ModelError
from shareshift.market.parameters import Range
from shareshift.model.draws.points import scramblings, uniforms
from shareshift.model.draws.quantiles import quantile

K = TypeVar("K")
T = TypeVar("T")


class Draws:
    """The uniforms of `count` draws under one seed, and the inputs already drawn from them.

    Keep one object to move a slider cheaply: an input whose range has not changed is not drawn again, and a stage
    of the model whose inputs have not changed is not computed again. `window` narrows an object to some of the
    draws; `branch` gives many readers what one run has drawn already.
    """

    def __init__(self, count: int, seed: int = 0) -> None:
        """Raise ValueError for fewer than one draw."""
        if count < 1:
            msg = f"{count} draws asked for; at least 1 is needed"
            raise ValueError(msg)
        self.count, self.seed = count, seed
        self.scramblings = scramblings(count)
        self.first, self.last = 0, count
        self._parent: Draws | None = None
        self._uniforms: dict[str, Floats] = {}
        self._values: dict[str, tuple[Range, Floats]] = {}
        # Any: every stage comes to something else.
        self._stages: dict[str, tuple[Any, Any]] = {}

    @property
    def size(self) -> int:
        """How many draws this object gives: all, or those of its window."""
        return self.last - self.first

    def window(self, first: int, last: int) -> "Draws":
        """Return the draws from `first` up to, not with, `last`, bit for bit those of the whole; nothing is shared."""
        if not 0 <= first < last <= self.count:
            msg = f"draws {first} to {last} are no part of {self.count}"
            raise ValueError(msg)
        part = Draws(self.count, self.seed)
        part.first, part.last = first, last
        return part

    def branch(self) -> "Draws":
        """Return an object that takes from this one whatever it has drawn, and keeps to itself what it draws.

        Do not draw from this one any more: branches read it at the same time.
        """
        child = Draws(self.count, self.seed)
        child.first, child.last, child._parent = self.first, self.last, self
        return child

    def uniform(self, name: str) -> Floats:
        """Return the uniforms of one input, strictly within (0, 1); shape (size,)."""
        held = self._uniforms.get(name)
        if held is None and self._parent is not None:
            held = self._parent._uniforms.get(name)
        if held is None:
            held = self._uniforms[name] = uniforms(name, self.count, self.scramblings, self.seed, self.first, self.last)
        return held

    def value(self, name: str, figure: Range) -> Floats:
        """Return the draws of one input in its own unit, its central value appended; shape (size + 1,).

        Raises `ModelError` naming the input where its range leads to what is no finite number.
        """
        held = self._values.get(name)
        if (held is None or held[0] != figure) and self._parent is not None:
            held = self._parent._values.get(name)
        if held is None or held[0] != figure:
            drawn = np.append(_drawn(name, figure, self.uniform(name)), figure.central)
            drawn.flags.writeable = False
            # The latest range of every input is kept, so that moving one slider draws one input.
            held = self._values[name] = (figure, drawn)
        return held[1]

    def kept(self, name: str, holds: Callable[[K], bool], make: Callable[[], tuple[K, T]]) -> tuple[K, T]:
        """Return what a stage of the model rests on and came to, made again unless what it rests on still `holds`.

        The latest of every stage is kept; what `make` returns must not be written to.
        """
        held = self._stages.get(name)
        if (held is None or not holds(held[0])) and self._parent is not None:
            held = self._parent._stages.get(name)
        if held is None or not holds(held[0]):
            held = self._stages[name] = make()
        return held

    def stage(self, name: str, key: Hashable, make: Callable[[], T]) -> T:
        """Return what a stage came to that rests on a key alone."""
        return self.kept(name, lambda held: held == key, lambda: (key, make()))[1]


def _drawn(name: str, figure: Range, uniform: Floats) -> Floats:
    ends = (figure.low, figure.central, figure.high)
    if not np.isfinite(ends).all():
        low, central, high = ends
        raise ModelError(f"The input {name} is {low:g}, {central:g}, {high:g}. Give it finite numbers.")
    with np.errstate(all="ignore"):
        drawn = quantile(figure, uniform)
    if not np.isfinite(drawn).all():
        raise ModelError(f"The input {name} became infinite or undefined. Bring its range nearer to the data.")
    return drawn
