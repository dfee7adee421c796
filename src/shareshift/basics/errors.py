"""The one family of errors that readers are shown; anything else is a bug."""

from collections.abc import Sequence
from dataclasses import dataclass

from shareshift.basics.formats import cut

SHOWN_FAULTS = 5


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

    def __str__(self) -> str:
        """Return the fault as one sentence and its remedy as another."""
        row = "" if self.row is None else f", row {self.row}"
        column = "" if self.column is None else f", column {self.column}"
        # A broken quote can put a whole file into one cell; a message must stay a sentence.
        value = "" if self.value is None else f"{cut(self.value, 60)} "
        return f"{self.file}{row}{column}: {value}{self.rule}. {self.remedy}."


class DataError(ShareshiftError):
    """The tables of a market break their rules; `faults` holds every one of them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults in the order of file, row and column."""
        self.faults = tuple(sorted(faults, key=lambda f: (f.file, f.row or 0, f.column or "", f.rule)))
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return the first faults, one a line, and how many more there are."""
        lines = [str(fault) for fault in self.faults[:SHOWN_FAULTS]]
        more = len(self.faults) - SHOWN_FAULTS
        return "\n".join([*lines, f"... and {more} more."] if more > 0 else lines)
