"""Text from tables made safe for the page: never Markdown, never HTML."""

import re
from collections.abc import Hashable, Mapping
from html import escape
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

# Every mark that Markdown could take for its own may be escaped, and in text of others every one is.
MARKS = re.compile(r"([!-/:-@\[-`{-~])")
# Addresses become links even where marks are escaped. A word joiner, which nobody sees, parts what makes them one.
ADDRESSES = re.compile(r"(?<=://)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
JOINER = "\u2060"


def plain(text: str) -> str:
    """Return text that Markdown shows as it is, on one line: no headings, links, pictures, formulas or icons."""
    return MARKS.sub(r"\\\1", ADDRESSES.sub(JOINER, " ".join(text.split())))


def told_apart(labels: Mapping[K, str]) -> dict[K, str]:
    """Return a label for every option, no two alike: an option is known by what readers see of it.

    Of options with one label the second says (2), the third (3), in their order; a number that is taken is passed over.
    """
    found: dict[K, str] = {}
    taken = set(labels.values())
    seen: set[str] = set()
    for key, label in labels.items():
        words, number = label, 2
        while words in seen or (words != label and words in taken):
            words, number = f"{label} ({number})", number + 1
        seen.add(words)
        found[key] = words
    return found


def html(text: str) -> str:
    """Return text that HTML shows as it is."""
    return escape(text, quote=True)
