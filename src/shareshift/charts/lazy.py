"""Altair, imported when the first chart is drawn: charts are kept, and a start that finds them does not wait for it."""

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["alt"]

if TYPE_CHECKING:
    import altair as alt
else:

    class _Altair:
        def __getattr__(self, name: str) -> object:
            return getattr(import_module("altair"), name)

    alt = _Altair()
