"""Who may talk to the server: pages of its own, under a name of its own, and nothing that no page needs."""

import os
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from shareshift.basics.places import HOSTS_VARIABLE

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
# Of Streamlit's own endpoints: pages take no uploads, and nobody here reads metrics.
CLOSED = ("/_stcore/upload_file", "/_stcore/metrics")


def refusal(scope: Scope) -> str:
    """Return why a request or a connection is refused, or nothing.

    A name that is not the server's own is how a foreign page reaches it through DNS, and a foreign Origin how one
    opens a connection by itself; Streamlit would look up its own outside address for each of the latter.
    """
    if any(closed in scope.get("path", "") for closed in CLOSED):
        return "This server takes no files and tells no metrics."
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    more = os.environ.get(HOSTS_VARIABLE, "")
    known = LOCAL | {name.strip().lower() for name in more.split(",") if name.strip()}
    if "*" not in known and _name(f"//{host}") not in known:
        return f"This server is not called that. Name it in {HOSTS_VARIABLE} if it is."
    origin = headers.get("origin", "")
    if scope["type"] == "websocket" and origin and urlsplit(origin).netloc.lower() != host.lower():
        return "A page of another server cannot connect."
    return ""


def _name(address: str) -> str:
    try:
        parts = urlsplit(address)
        # A port that is no number raises here only, and whatever stands there is no name of this server.
        return (parts.hostname or "") if parts.port != 0 else ""
    except ValueError:
        return ""
