"""How wide words are, and names cut to the room that a chart has for them."""

from __future__ import annotations

import re
from unicodedata import bidirectional, category, east_asian_width, normalize

# Widths of Liberation Sans (as Arial and Helvetica) in thousandths of the size, from the space on. The family that the
# pages serve is narrower, so what fits here fits everywhere.
WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
WIDE, OTHER = 1000, 700
# One space as wide as two: browsers and SVG draw several spaces as one, and not all measure them so.
BETWEEN = "\u2002"
MORE = "…"
LEFT_TO_RIGHT_MARK = "\u200e"
# What a reader sees as one sign: flags in pairs, else a letter with all that is put on it or joined to it.
SIGN = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}|."
    "(?:[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u20d0-\u20ff"
    "\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]|\u200d.)*",
    re.DOTALL,
)


def width_of(words: str, size: float) -> float:
    """Return how many pixels words take at a size of type; of signs beyond Latin an upper guess."""
    return sum(_width(sign[0]) for sign in SIGN.findall(words)) * size / 1000


def fitted(words: str, room: float, size: float = 12.5) -> str:
    """Return words on one line, cut between two signs where they would be wider than the room."""
    line = " ".join(words.split())
    if width_of(line, size) <= room:
        return line
    kept = ""
    for sign in SIGN.findall(line):
        if width_of(kept + sign + MORE, size) > room:
            break
        kept += sign
    return f"{kept.rstrip()}{MORE}"


def labelled(name: str, amount: str, room: float, size: float = 12.5) -> str:
    """Return a name with its amount beside it; only the name is cut, and it never turns the amount round."""
    short = fitted(name, room - width_of(f"{BETWEEN}{amount}", size), size)
    turned = any(bidirectional(letter) in ("R", "AL") for letter in short)
    return f"{short}{LEFT_TO_RIGHT_MARK if turned else ''}{BETWEEN}{amount}"


def _width(letter: str) -> int:
    if category(letter) in ("Mn", "Me", "Cf"):
        return 0
    if letter == BETWEEN:
        return 500
    base = ord(normalize("NFD", letter)[0])
    if 32 <= base < 32 + len(WIDTHS):
        return WIDTHS[base - 32]
    return WIDE if letter == MORE or east_asian_width(letter) in "WF" else OTHER
