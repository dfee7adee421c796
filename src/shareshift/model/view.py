"""The inputs as one stage of the model sees them: what it reads is remembered, and is all its results rest on."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from shareshift.basics.arrays import Floats, Mask
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import Inputs, MarketFacts
from shareshift.model.keys import InputKey

T = TypeVar("T")
# Something that was read: a range, or one of the scenario's choices by its name.
Read = InputKey | str


class View:
    """Inputs and draws for one stage.

    Whoever makes a stage's result takes every input from here and none from elsewhere, so a result that is kept is
    used again exactly as long as all that was read for it is the same.
    """

    def __init__(self, inputs: Inputs, draws: Draws) -> None:
        """Nothing is read yet but which market it is."""
        self._inputs, self._draws = inputs, draws
        self.seen: dict[Read, Hashable] = {"market_key": inputs.market_key}

    @property
    def facts(self) -> MarketFacts:
        """What is certain; it hangs on the market alone."""
        return self._inputs

    @property
    def count(self) -> int:
        """How many values an input has: the draws, and the central value."""
        return self._draws.size + 1

    @property
    def form(self) -> str:
        """The form of the model."""
        self._note("form")
        return self._inputs.form

    @property
    def horizon_months(self) -> int:
        """How many months are looked at."""
        self._note("horizon_months")
        return self._inputs.horizon_months

    @property
    def excluded(self) -> Mask:
        """Which rivals the scenario takes out; (rivals,)."""
        self._note("excluded")
        return self._inputs.excluded

    def has(self, key: InputKey) -> bool:
        """Tell whether the inputs have a number of their own under a key."""
        self._note(key)
        return key in self._inputs.ranges

    def value(self, kind: str | InputKey) -> Floats:
        """Return the draws of an input, or of a slider by its id, in its own unit; (count,)."""
        key = kind if isinstance(kind, InputKey) else InputKey(kind)
        self._note(key)
        return self._draws.value(str(key), self._inputs.ranges[key])

    def own_or_common(self, own: InputKey, common: str) -> Floats:
        """Return the draws of an input that somebody has of its own, else those of the common slider; (count,)."""
        return self.value(own if self.has(own) else common)

    def uniform(self, kind: str, customer: str = "", vendor: str = "") -> Floats:
        """Return the uniforms of a stream that rests on the seed alone; (count - 1,)."""
        return self._draws.uniform(str(InputKey(kind, customer, vendor)))

    def stage(self, name: str, make: Callable[["View"], T]) -> T:
        """Return what a stage came to, made again only when something that it read has changed."""

        def made() -> tuple[dict[Read, Hashable], T]:
            view = View(self._inputs, self._draws)
            return view.seen, make(view)

        seen, found = self._draws.kept(name, self._holds, made)
        self.seen |= seen
        return found

    def _holds(self, seen: dict[Read, Hashable]) -> bool:
        return all(self._now(what) == was for what, was in seen.items())

    def _note(self, what: Read) -> None:
        self.seen[what] = self._now(what)

    def _now(self, what: Read) -> Hashable:
        if isinstance(what, InputKey):
            return self._inputs.ranges.get(what)
        return self._inputs.choice(what)
