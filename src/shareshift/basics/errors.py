"""The one family of errors that readers are shown; anything else is a bug."""

from collections.abc import Sequence
from dataclasses import dataclass

from shareshift.basics.formats import cut

# So many lines of faults are shown at once; the same fault in more rows than that is told once.
SHOWN_FAULTS, TOLD_APART = 5, 3


class ShareshiftError(Exception):
    """Something a reader can mend: the message says where, what, and what to do."""


class ScenarioError(ShareshiftError):
    """A scenario names something the market does not have, or gives a value out of range."""


class ClaimError(ShareshiftError):
    """A claim mixes measures that cannot be compared, or beliefs have no distribution that fits them."""


class ModelError(ShareshiftError):
    """The engine was handed numbers for which the model has no answer."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong with one place of a table.

    `row` is the line of the file (the header is line 1); None where the fault concerns the whole file.
    """

    file: str
    rule: str
    remedy: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it concerns a whole file, its header, or the market, so that others may follow from it."""
        return self.file == "market.toml" or self.row in {None, 1}

    def __str__(self) -> str:
        """Return the fault as one sentence and its remedy as another."""
        parts = (("row", self.row), ("column", self.column))
        place = "".join(f", {word} {part}" for word, part in parts if part is not None)
        # A broken quote can put a whole file into one cell; a message must stay a sentence.
        value = "" if self.value is None else f"{cut(self.value, 60)} "
        return f"{self.file}{place}: {value}{self.rule}. {self.remedy}."


class DataError(ShareshiftError):
    """The tables of a market break their rules; `faults` holds every one of them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults in the order of file, row and column; what concerns a whole file, or the market, first."""
        self.faults = tuple(sorted(faults, key=lambda f: (not f.is_whole, f.file, f.row or 0, f.column or "", f.rule)))
        super().__init__(str(self))

    @property
    def lines(self) -> list[str]:
        """Every fault in words, one a line; the same fault of a column in many rows is told once, with the rows."""
        alike: dict[tuple[object, ...], list[Fault]] = {}
        for fault in self.faults:
            alike.setdefault((fault.file, fault.column, fault.rule, fault.remedy), []).append(fault)
        return [line for group in alike.values() for line in _told(group)]

    def __str__(self) -> str:
        """Return the first faults, one a line, and how many more there are."""
        shown, more = self.lines[:SHOWN_FAULTS], len(self.lines) - SHOWN_FAULTS
        return "\n".join([*shown, f"... and {more} more; `shareshift validate` names all."] if more > 0 else shown)


def _told(faults: Sequence[Fault]) -> list[str]:
    if len(faults) <= TOLD_APART:
        return [str(fault) for fault in faults]
    rest = ", ".join(str(fault.row) for fault in faults[1:])
    return [f"{faults[0]} The same in {len(faults) - 1} more rows: {cut(rest, 200)}."]
