"""Where the dashboard's own files are, and the name under which a running one is known."""

import hashlib
import os
from pathlib import Path

from shareshift.basics.version import __version__

MARKET_VARIABLE = "SHARESHIFT_MARKET"
# The header in which a server of the dashboard says which one it is.
NAME_HEADER = "x-shareshift"
# Set by whoever starts a server, to know it from one that another start put on the same port.
START_VARIABLE = "SHARESHIFT_START"
# Further names of the server, separated by commas, where others reach it or it stands behind a proxy; * takes any.
HOSTS_VARIABLE = "SHARESHIFT_HOSTS"
_PACKAGE = Path(__file__).resolve().parents[1]


def home() -> Path:
    """Return the folder of app.py, Streamlit's settings and the bundled market.

    An installed wheel carries them inside the package; a checkout has them beside `src`.
    """
    inside = _PACKAGE / "bundled"
    return inside if inside.is_dir() else _PACKAGE.parents[1]


def market_folder() -> Path:
    """Return the folder of the market to show: the one that SHARESHIFT_MARKET names, else the bundled one."""
    return Path(os.environ.get(MARKET_VARIABLE) or home() / "data" / "scale-meta-2025")


def dashboard_name() -> str:
    """Return what two servers have in common that show the same market with the same code and the same store.

    It is sent to readers, so it tells neither a path nor an address of a database.
    """
    settings = (os.environ.get(name, "") for name in ("SHARESHIFT_DATA", HOSTS_VARIABLE))
    parts = [__version__, str(home()), str(market_folder().resolve()), *settings]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
