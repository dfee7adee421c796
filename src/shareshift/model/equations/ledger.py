"""The money ledger: nothing appears, nothing vanishes, in any draw of any month."""

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.basics.errors import ModelError

TOLERANCE = 1e-9
REPORT = "This is a fault of the engine; please report the scenario."


def check_ledger(displaced: Floats, *destinations: Floats) -> None:
    """Raise `ModelError` unless what is displaced is the sum of where it went.

    All arrays are in USD and of one shape. The difference may be 1e-9 of what is displaced; no amount may be
    negative, infinite or not a number.
    """
    amounts = (displaced, *destinations)
    if not all(np.isfinite(values).all() for values in amounts):
        raise ModelError(f"The ledger does not close: an amount is infinite or not a number. {REPORT}")
    gap = np.abs(displaced - sum(destinations))
    if not (gap <= TOLERANCE * np.maximum(displaced, 1.0)).all():
        raise ModelError(f"The ledger does not close: {gap.max():g} USD of a month are unaccounted for. {REPORT}")
    if min(values.min() for values in amounts) < 0:
        raise ModelError(f"A flow of money is negative. {REPORT}")


def incumbent_revenue(no_event: Floats, left: Floats, top_up: Floats, new_lines: Floats) -> Floats:
    """Return the incumbent's revenue by month; shape (months, draws), USD.

    no-event revenue less what has left, plus what the new owner adds (`top_up`) and new lines of business
    (`new_lines`), all of that shape.
    """
    return np.asarray(no_event - left + top_up + new_lines)


def new_lines(pivot: Floats, months: int) -> Floats:
    """Return what new lines bring by month, reached after twelve in equal steps; (months, draws), USD.

    `pivot` (draws,) is USD per year.
    """
    ramp = np.minimum(np.arange(1, months + 1, dtype=np.float64) / 12, 1.0)
    return np.asarray(ramp[:, None] * (pivot / 12))
