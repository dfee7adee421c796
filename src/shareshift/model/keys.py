"""What an uncertain number is called: a kind, and the customer and vendor that it belongs to."""

from typing import NamedTuple


class InputKey(NamedTuple):
    """The key of an uncertain number: its kind, and the customer or vendor it belongs to, where it has one.

    A slider's kind is its parameter's id. As text, in tables and for the streams of draws: `growth`, `spend:google`,
    `wallet:google:surge`.
    """

    kind: str
    customer: str = ""
    vendor: str = ""

    def __str__(self) -> str:
        """Return the key as text."""
        return ":".join(word for word in self if word)


INCUMBENT_REVENUE = InputKey("incumbent_revenue")
