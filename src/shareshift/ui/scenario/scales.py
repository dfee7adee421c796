"""How a slider counts: money in millions of dollars where its steps are millions, all else in its unit."""

from shareshift.basics.formats import MONEY_UNITS, PERCENT_UNITS
from shareshift.market.parameters import Parameter


def slider_scale(parameter: Parameter) -> float:
    """Return what one on a slider stands for, in its unit."""
    return 1e6 if parameter.unit in MONEY_UNITS and parameter.step >= 1e6 else 1.0


def on_slider(value: float, parameter: Parameter) -> float:
    """Return where a value stands on its slider."""
    scale = slider_scale(parameter)
    return value / scale if scale > 1 else value


def slider_format(parameter: Parameter) -> str:
    """Return how a slider writes where it stands, the same as the words below it."""
    if parameter.unit in PERCENT_UNITS:
        return "percent"
    if parameter.unit in MONEY_UNITS:
        return "$%gm" if slider_scale(parameter) > 1 else "$%g"
    return "%g"
