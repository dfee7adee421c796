"""The dashboard's server as `shareshift serve` starts it, from any tree of the project, watched from outside."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from shareshift.cli.serve import MEMORY

ADDRESS = "127.0.0.1"
HEALTH = "/_stcore/health"
PATIENCE = 120.0


@dataclass(frozen=True)
class Memory:
    """What a process holds, in MiB: all that is resident, and that with shared pages counted in part."""

    rss: float
    pss: float


class AppServer:
    """A server of the app on a free port of this machine; leave the `with` block to end it.

    It runs in the interpreter of the caller with the tree's own `src` first on the path, keeps results in a
    temporary folder of its own, so that nothing of an earlier run helps, and is ended by its process id.
    """

    def __init__(
        self, tree: Path, program: Sequence[str] = ("-m", "streamlit", "run"), app: str = "app.py", **environment: str
    ) -> None:
        """Take the tree, what runs the app, the app, and variables to add to the environment."""
        self.tree, self.program, self.app, self.extra = tree, program, app, environment

    def __enter__(self) -> "AppServer":
        """Start the server and wait until it answers."""
        with socket.socket() as free:
            free.bind((ADDRESS, 0))
            self.port = free.getsockname()[1]
        self.folder = tempfile.TemporaryDirectory(prefix="shareshift-kept-")
        self.log = Path(self.folder.name) / "server.log"
        environment = {
            **MEMORY,
            **os.environ,
            "PYTHONPATH": str(self.tree / "src"),
            "SHARESHIFT_CACHE": self.folder.name,
            **self.extra,
        }
        options = {"address": ADDRESS, "port": str(self.port), "headless": "true"}
        flags = [part for name, value in options.items() for part in (f"--server.{name}", value)]
        begun = time.perf_counter()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.program, self.app, *flags],
                cwd=self.tree,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            while not self._answers():
                if self.process.poll() is not None or time.perf_counter() - begun > PATIENCE:
                    raise SystemExit(f"The server of {self.tree} did not start:\n{self.log.read_text()[-2000:]}")
                time.sleep(0.02)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.seconds_to_answer = time.perf_counter() - begun
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the server, by force when it does not follow."""
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return f"http://{ADDRESS}:{self.port}"

    @property
    def stream(self) -> str:
        """Where a websocket client finds it."""
        return f"ws://{ADDRESS}:{self.port}/_stcore/stream"

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(ADDRESS, self.port, timeout=2)
        try:
            connection.request("GET", HEALTH)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def cpu_seconds(self) -> float:
        """Return the processor time that the server has used so far."""
        # The name of the program, in parentheses, may hold spaces.
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> Memory:
        """Return what the server holds now."""
        lines = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()
        sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.endswith("kB")}
        return Memory(sizes["Rss"], sizes["Pss"])
