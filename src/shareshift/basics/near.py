"""The name that somebody may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def meant(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a question with the known name nearest to one that is not known; `otherwise` where none is near."""
    near = get_close_matches(name, list(known), n=1)
    return f"Did you mean {near[0]}?" if near else otherwise


def meant_of(name: str, known: Iterable[str], opening: str) -> str:
    """Return the same, and where none is near all known names after an opening such as “The tables are”."""
    names = list(known)
    return meant(name, names, f"{opening} {', '.join(names)}.")
