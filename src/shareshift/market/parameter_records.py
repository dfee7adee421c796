"""The parameters that the model has, one record each, as `parameters.toml` states them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class ParameterRecord:
    """What the model says of one parameter, whatever the market; `parameters.toml` explains each entry."""

    label: str
    group: str
    unit: str
    limits: tuple[float, float]
    default: tuple[float, float, float]
    shape: str
    slider: tuple[float, float, float]
    reason: str
    sobol: int | None = None
    superseded: tuple[float, float, float] | None = None
    held: Mapping[str, float] = field(default_factory=dict)
    capacity: bool = False

    def __post_init__(self) -> None:
        """Freeze what TOML has as lists."""
        for name in ("limits", "default", "slider", "superseded"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, tuple(map(float, getattr(self, name))))

    def row(self, parameter_id: str) -> dict[str, object]:
        """Return the row of `parameters` of a market that gives none: the default, marked as our assumption."""
        numbers = dict(
            zip(("low", "central", "high", "minimum", "maximum", "step"), self.default + self.slider, strict=True)
        )
        words = {"label": self.label, "group": self.group, "unit": self.unit, "reason": self.reason}
        kind = {"in_view": False, "distribution": self.shape, "source_id": "assumption", "grade": "F6", "note": None}
        return {"parameter_id": parameter_id, **words, **numbers, **kind}


def _records() -> Mapping[str, ParameterRecord]:
    text = files("shareshift.market").joinpath("parameters.toml").read_text("utf-8")
    return MappingProxyType({name: ParameterRecord(**entry) for name, entry in tomllib.loads(text).items()})


PARAMETERS = _records()
