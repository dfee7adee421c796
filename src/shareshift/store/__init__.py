"""Saved scenarios with their versions, and drafts: one SQLite file, or PostgreSQL where its URL is given.

Here belongs what is kept between visits; what a scenario means does not: contents are plain values. Nothing is
imported before it is used: a page that stores nothing does not pay for the database library.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shareshift.store.changes import Change, difference
    from shareshift.store.errors import ContentError, DraftConflict, EditConflict, StoreError, UnknownScenario
    from shareshift.store.opening import Store, open_store
    from shareshift.store.records import Draft, Saved, Version

__all__ = [
    "Change",
    "ContentError",
    "Draft",
    "DraftConflict",
    "EditConflict",
    "Saved",
    "Store",
    "StoreError",
    "UnknownScenario",
    "Version",
    "difference",
    "open_store",
]
_HOMES = {
    "changes": ("Change", "difference"),
    "errors": ("ContentError", "DraftConflict", "EditConflict", "StoreError", "UnknownScenario"),
    "opening": ("Store", "open_store"),
    "records": ("Draft", "Saved", "Version"),
}


def __getattr__(name: str) -> Any:
    """Return a public name from the module that it lives in, importing that module at its first use."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
