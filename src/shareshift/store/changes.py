"""What differs between two scenarios given as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One value that differs: where it stands, and what it was and is; None where there is none.

    `path` is made of keys from the outside in, such as ("customers", "google", "exit").
    """

    path: tuple[str, ...]
    before: Any
    after: Any


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> list[Change]:
    """Return every value that differs, in the order of the paths; nothing where the two say the same.

    Numbers are compared by value, so 1 and 1.0 are the same, while true and 1 are not.
    """
    return _changes((), before, after)


def _changes(path: tuple[str, ...], before: object, after: object) -> list[Change]:
    # A table that appears or goes is told value by value.
    if isinstance(before, Mapping) and after is None:
        after = {}
    elif isinstance(after, Mapping) and before is None:
        before = {}
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return [
            change
            for key in sorted({*before, *after})
            for change in _changes((*path, key), before.get(key), after.get(key))
        ]
    return [] if _same(before, after) else [Change(path, before, after)]


def _same(before: object, after: object) -> bool:
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        return len(before) == len(after) and all(map(_same, before, after))
    return bool(before == after) and isinstance(before, bool) == isinstance(after, bool)
