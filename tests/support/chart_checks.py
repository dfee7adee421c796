"""What must hold of every chart: fields that exist, types that are stated, and a text in its place."""

from collections.abc import Iterator
from typing import Any

import altair as alt

from shareshift.charts.look import Datasets


def check_fields(chart: alt.LayerChart, data: Datasets) -> None:
    """Hold every field that a layer encodes against the columns of its data; a misspelt one draws nothing."""
    spec = chart.to_dict()
    for layer in spec["layer"]:
        named = set(_fields(layer["encoding"]))
        columns = set(data[layer.get("data", spec.get("data"))["name"]].columns)
        assert named
        assert named <= columns, f"{named - columns} are no columns"


def check_words_and_types(chart: alt.LayerChart) -> None:
    """Hold that a chart has a text alternative, states every type and carries no data."""
    spec = chart.to_dict()
    assert len(spec["description"]) > 60
    assert "datasets" not in spec
    for layer in spec["layer"]:
        for channel, encoding in layer["encoding"].items():
            if "field" in encoding and channel not in ("x2", "y2"):
                assert "type" in encoding, channel


def _fields(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key in ("field", "x2", "y2"):
            if isinstance(node.get(key), str):
                yield node[key]
        for value in node.values():
            yield from _fields(value)
