"""The forms of the model: how a displaced dollar chooses among rivals, and whether rivals can be full.

A form that is simpler than the nested logit is the nested logit with some inputs held at fixed values; the diversion
matrix takes its place. The capacity rule is a choice of its own, and the named forms are the pairs that are compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shareshift.market.parameter_records import PARAMETERS

DEFAULT_FORM = "nested_logit"
MATRIX = "diversion_matrix"
# What readers call each way to choose among rivals.
FORMS: Mapping[str, str] = MappingProxyType(
    {
        DEFAULT_FORM: "Nested logit",
        "logit": "Logit",
        "fair_share": "Fair share",
        "equal_split": "Equal split",
        MATRIX: "Diversion matrix",
    }
)
FORM_WORDS: Mapping[str, str] = MappingProxyType(
    {
        DEFAULT_FORM: "Size, neutrality, fit and loyalty attract; vendors of one kind are closer substitutes.",
        "logit": "As the nested logit, but all vendors are equally close substitutes.",
        "fair_share": "Rivals win in proportion to their size.",
        "equal_split": "All rivals win alike, whatever their size.",
        MATRIX: "Second choices as the table of diversion has them.",
    }
)
# Inputs that a form holds at a value, whatever the tables and the scenario say. The matrix replaces attraction as a
# whole; holding what it does not use keeps those inputs out of the uncertainty.
HELD: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {form: {name: record.held[form] for name, record in PARAMETERS.items() if form in record.held} for form in FORMS}
)
# Inputs that matter only where rivals can be full.
ABOUT_CAPACITY = tuple(name for name, record in PARAMETERS.items() if record.capacity)


@dataclass(frozen=True, kw_only=True)
class NamedForm:
    """A form and whether the capacity rule holds, under the name by which they are compared."""

    form_id: str
    form: str
    capacity: bool
    label: str


NAMED_FORMS = (
    NamedForm(
        form_id="fair_share",
        form="fair_share",
        capacity=False,
        label="Fair share",
    ),
    NamedForm(
        form_id="logit",
        form="logit",
        capacity=False,
        label="Logit",
    ),
    NamedForm(
        form_id="nested_logit",
        form=DEFAULT_FORM,
        capacity=False,
        label="Nested logit",
    ),
    NamedForm(
        form_id="nested_logit_with_capacity",
        form=DEFAULT_FORM,
        capacity=True,
        label="Nested logit with capacity",
    ),
    NamedForm(
        form_id="diversion_matrix",
        form=MATRIX,
        capacity=True,
        label="Diversion matrix",
    ),
)


def without_effect(form: str, capacity: bool) -> tuple[str, ...]:
    """Return the inputs that change nothing under a form, in the order in which they are held."""
    return (*HELD[form], *(() if capacity else ABOUT_CAPACITY))


def form_label(form: str, capacity: bool) -> str:
    """Return what readers call a form with or without the capacity rule."""
    return f"{FORMS[form]} {'with' if capacity else 'without'} capacity"
