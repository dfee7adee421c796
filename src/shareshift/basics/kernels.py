"""Compiled kernels: one signature each, compiled once, kept under what the kernels of this version say."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, get_type_hints

from numba import config, njit, types

P = ParamSpec("P")
R = TypeVar("R")
# Any, because the types of numba are not written down anywhere.
Type = Any
HERE = Path(__file__).parents[1]


def _sources() -> str:
    sha = hashlib.sha256()
    rooms = ("basics", "model", "results/counting")
    for file in sorted(file for room in rooms for file in (HERE / room).rglob("*.py")):
        sha.update(file.read_bytes())
    return sha.hexdigest()[:16]


# A kernel calls kernels of other files, and numba looks at the date of its own file only: after an update that touches
# one file it would run what it had compiled of the other. Under their common hash nothing old is ever found.
config.CACHE_DIR = str(HERE / "__pycache__" / f"kernels-{_sources()}")  # type: ignore[attr-defined]  # set when read


def kernel(signature: Type, *, allocates: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Compile a function for one signature and keep it for the next start; it runs without the interpreter's lock.

    A signature is a text such as "f8(f8[::1])", or a call of numba's types. There is one only, so that no call of a
    page waits for a compiler. A kernel that works in arrays it is given and allocates none need not count who refers
    to them, which else takes half the time of one with many parts. Division follows IEEE 754, here and in NumPy.
    """
    # One of numba's own settings that its published types leave out.
    counting: dict[str, Any] = {"_nrt": allocates}
    compiled: Callable[[Callable[P, R]], Callable[P, R]] = njit(
        [signature], cache=True, nogil=True, error_model="numpy", **counting
    )
    return compiled


def part(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a function as a part of kernels, written into each that calls it."""
    compiled: Callable[P, R] = njit(nogil=True, error_model="numpy", inline="always")(function)
    return compiled


def record(of: type) -> Type:
    """Return the type of a named tuple whose fields are annotated with numba's types, or are such tuples."""
    hints = get_type_hints(of, include_extras=True).values()
    members = [hint.__metadata__[0] if hasattr(hint, "__metadata__") else record(hint) for hint in hints]
    return types.BaseTuple.from_types(members, of)  # type: ignore[no-untyped-call]  # numba has no types
