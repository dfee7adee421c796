"""Where a shaken vendor's money goes: sourced claims in, a distribution over destinations out.

The public face, and all of it: `read_market`, `Scenario`, `project`, `removal_diversion` and `ShareshiftError`.
Everything else is this package's own affair and may move.
"""

import importlib
from typing import TYPE_CHECKING

from shareshift.basics.version import __version__ as __version__

if TYPE_CHECKING:
    from shareshift.basics.errors import ShareshiftError
    from shareshift.market.market import read_market
    from shareshift.model.equations.diversion import removal_diversion
    from shareshift.results.projection import project
    from shareshift.scenario.scenario import Scenario

__all__ = ["Scenario", "ShareshiftError", "project", "read_market", "removal_diversion"]
# Imported when they are first asked for: the pages start without the compiled engine where results are kept.
_ROOMS = {
    "Scenario": "scenario.scenario",
    "ShareshiftError": "basics.errors",
    "project": "results.projection",
    "read_market": "market.market",
    "removal_diversion": "model.equations.diversion",
}


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"shareshift.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
