"""Uncertain numbers: a range, and a market's slider for each parameter of the model."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

# A power of two, as quasi-random points like it; enough for a Monte Carlo error far below the ranges shown.
DEFAULT_DRAWS = 4096
# The most that are held at once, with percentiles that are exact, and the most that are counted window by window.
MAX_DRAWS = 65_536
MAX_STREAMED_DRAWS = 2**24
DistributionName = Literal["fixed", "uniform", "triangular", "pert", "lognormal"]


@dataclass(frozen=True, kw_only=True)
class Range:
    """An uncertain number: its low end, central value, high end and the shape between them."""

    low: float
    central: float
    high: float
    distribution: DistributionName

    def moved_to(self, central: float, minimum: float, maximum: float) -> "Range":
        """Return the range carried along to another central value, cut at the limits.

        Moving a slider changes what is thought most likely, not how much is known; the range keeps its width
        until it meets a limit. At the old central value this is the same range, bit for bit.
        """
        if central == self.central:
            return self
        if self.distribution == "lognormal":
            return self._scaled(central / self.central) if central > 0 else Range.fixed(central)
        shift = central - self.central
        low, high = max(self.low + shift, minimum), min(self.high + shift, maximum)
        return Range(low=min(low, central), central=central, high=max(high, central), distribution=self.distribution)

    def _scaled(self, factor: float) -> "Range":
        # A log-normal is moved in logarithms, where its centre is the middle of its ends.
        return replace(self, low=self.low * factor, central=self.central * factor, high=self.high * factor)

    def narrowed(self, share: float) -> "Range":
        """Return the range with its ends drawn in to `share` of their distance from the central value."""
        if share == 1.0:
            return self
        if self.distribution == "lognormal":
            if share == 0.0:
                return Range.fixed(self.central)
            low, high = (self.central * (end / self.central) ** share for end in (self.low, self.high))
        else:
            low, high = (self.central + share * (end - self.central) for end in (self.low, self.high))
        return replace(self, low=low, high=high)

    @classmethod
    def fixed(cls, value: float) -> "Range":
        """Return a number without uncertainty."""
        return cls(low=value, central=value, high=value, distribution="fixed")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One slider: what the reader is told, the limits, and the range in the tables."""

    parameter_id: str
    label: str
    group: str
    in_view: bool
    range: Range
    minimum: float
    maximum: float
    step: float
    unit: str
    reason: str
    source_id: str
    grade: str

    @classmethod
    def from_row(cls, row: Mapping[str, object]) -> "Parameter":
        """Build a parameter from one row of `parameters`."""
        return cls(
            parameter_id=str(row["parameter_id"]),
            label=str(row["label"]),
            group=str(row["group"]),
            in_view=bool(row["in_view"]),
            range=range_of(row, ""),
            minimum=_float(row, "minimum"),
            maximum=_float(row, "maximum"),
            step=_float(row, "step"),
            unit=str(row["unit"]),
            reason=str(row["reason"]),
            source_id=str(row["source_id"]),
            grade=str(row["grade"]),
        )


def range_of(row: Mapping[str, object], unit: str) -> Range:
    """Return the range in the columns low, central, high of a row, each followed by `unit`."""
    shape = cast(DistributionName, row.get("distribution") or "pert")
    low, central, high = (_float(row, f"{name}{unit}") for name in ("low", "central", "high"))
    return Range(low=low, central=central, high=high, distribution=shape)


def _float(row: Mapping[str, object], column: str) -> float:
    return float(cast(float, row[column]))
