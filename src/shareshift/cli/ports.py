"""The ports of this machine: which one is free, and whether the dashboard answers there."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket

from shareshift.basics.errors import ShareshiftError
from shareshift.basics.places import NAME_HEADER, dashboard_name

ADDRESS = "127.0.0.1"
FIRST_PORT = 8501
TRIED_PORTS = 20
HEALTH_PATH = "/_stcore/health"


class ServeError(ShareshiftError):
    """The dashboard cannot be started: the message says why, and what to do."""


def url(port: int) -> str:
    """Return the address that readers open."""
    return f"http://{ADDRESS}:{port}"


def find_port(given: int | None) -> tuple[int, bool]:
    """Return the given port, else the first free one, and whether this dashboard already runs there.

    Raises `ServeError` where another program has the given port or none is free.
    """
    for port in range(FIRST_PORT, FIRST_PORT + TRIED_PORTS) if given is None else [given]:
        if is_free(port):
            return port, False
        if name_at(port).startswith(dashboard_name()):
            return port, True
    if given is None:
        raise ServeError(f"No port from {FIRST_PORT} to {port} is free; name another one with --port.")
    raise ServeError(f"Port {given} is in use. Leave --port out, and the next free one is taken.")


def is_free(port: int) -> bool:
    """Tell whether a server can be started on a port; raises `ServeError` where the system does not allow it."""
    with socket.socket() as trial:
        trial.settimeout(1)
        # macOS lets a bind succeed next to a server on all addresses, so that asking is needed as well.
        if trial.connect_ex((ADDRESS, port)) == 0:
            return False
    with socket.socket() as trial:
        if os.name != "nt":
            # Connections that ended a moment ago must not count as taken.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((ADDRESS, port))
        except PermissionError:
            raise ServeError(f"Port {port} is not open to ordinary users; take one from 1024 upwards.") from None
        except OSError:
            return False
    return True


def name_at(port: int) -> str:
    """Return the name that a dashboard gives which is up on a port; nothing where there is none."""
    with contextlib.closing(http.client.HTTPConnection(ADDRESS, port, timeout=2)) as connection:
        try:
            connection.request("GET", HEALTH_PATH)
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException):
            return ""
        return answer.headers.get(NAME_HEADER, "") if answer.status == 200 else ""
