"""Draws whose uniforms somebody gives: the way to hold one input still, or to exchange it for another."""

from collections.abc import Callable

from shareshift.basics.arrays import Floats
from shareshift.model.draws.streams import Draws


class GivenDraws(Draws):
    """Draws that ask `give` for the uniforms of each input, by its name, when the model first wants them.

    `give` returns (count,), strictly within (0, 1). The object neither has windows nor branches.
    """

    def __init__(self, count: int, give: Callable[[str], Floats], seed: int = 0) -> None:
        """Nothing is asked for yet."""
        super().__init__(count, seed)
        self._give = give

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of all inputs that the model has drawn, in alphabetical order."""
        return tuple(sorted(self._uniforms))

    def uniform(self, name: str) -> Floats:
        """Return the uniforms of one input as they were given; shape (count,)."""
        if name not in self._uniforms:
            self._uniforms[name] = self._give(name)
        return self._uniforms[name]
