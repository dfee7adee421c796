"""The dashboard's server, started as a reader would start it, on a port that it chooses itself."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from support.places import ROOT, TINY

ADDRESS = "127.0.0.1"
PATIENCE_SECONDS = 120.0
COMMAND = ("-m", "streamlit", "run", "app.py")


class Dashboard:
    """A server of the tiny market; it can be killed, and comes back on the port it had.

    All that it writes is kept in one file, so that whoever finds it wanting can read why.
    """

    def __init__(self, folder: Path, command: Sequence[str] = COMMAND, tree: Path = ROOT, **environment: str) -> None:
        """Take a folder for its log, what the interpreter runs, where, and variables to add to the environment."""
        self.log = folder / "server.log"
        self.command, self.tree = command, tree
        self.environment = {"SHARESHIFT_MARKET": str(TINY), **environment}
        # 0 lets the system choose; the log says what it chose.
        self.port = 0

    @property
    def address(self) -> str:
        return f"http://{ADDRESS}:{self.port}"

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        known = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command, f"--server.port={self.port}", "--server.headless=true"],
                cwd=self.tree,
                env={**os.environ, **self.environment, "PYTHONUNBUFFERED": "1"},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + PATIENCE_SECONDS
        while not self._answers(known):
            if not self.runs or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f"The server did not start:\n{self.said(known)}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server as a fault would, without a last word."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End the server, by force when it does not follow."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def said(self, since: int = 0) -> str:
        """Return what the server has written, from a byte on."""
        return self.log.read_bytes()[since:].decode("utf-8", "replace")

    def _answers(self, since: int) -> bool:
        found = re.search(r"URL: http://[^:\s]+:(\d+)", self.said(since))
        if found is None:
            return False
        self.port = int(found[1])
        connection = http.client.HTTPConnection(ADDRESS, self.port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
