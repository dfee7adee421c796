"""A connection to PostgreSQL that hangs up on a server that stands still: limits of the server's own need it to run."""

import os
import socket
from contextlib import suppress
from threading import Timer
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

RV = TypeVar("RV")


class Patient(psycopg.Connection[Any]):
    """A connection that waits for an answer for so many seconds, and is lost after that."""

    seconds: float

    def wait(self, gen: PQGen[RV], *args: Any, **kwargs: Any) -> RV:
        """Wait for the answer to one statement."""
        overdue = Timer(self.seconds, self._hang_up)
        overdue.daemon = True
        overdue.start()
        try:
            return super().wait(gen, *args, **kwargs)
        finally:
            overdue.cancel()

    def _hang_up(self) -> None:
        # The descriptor is the library's own, so a copy of it is closed.
        with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(self.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)


def patient(seconds: float) -> type[Patient]:
    """Return the kind of connection that waits for so long."""
    return type("Patient", (Patient,), {"seconds": seconds})
