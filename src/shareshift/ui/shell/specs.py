"""Charts' specifications without data, drawn once for each market, mode and shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from shareshift.charts.look import Look, Spec, to_spec

# The page opens before the charts' library is imported.
if TYPE_CHECKING:
    import altair as alt

Shape = tuple[int | str, ...]


def spec_of(draw: Callable[..., alt.LayerChart], look: Look, digest: str, *shape: int | str) -> Spec:
    """Return what `draw` makes of a look and a shape: heights, numbers of rows, units."""
    return _spec(draw, look, (draw.__module__, draw.__name__, digest, look.style.mode), shape)


@st.cache_resource(show_spinner=False, max_entries=256)
def _spec(_draw: Callable[..., alt.LayerChart], _look: Look, key: tuple[str, ...], shape: Shape) -> Spec:  # noqa: ARG001
    return to_spec(_draw(_look, *shape))
