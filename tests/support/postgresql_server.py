"""A PostgreSQL server of the tests' own: started from the installed binaries, ended with the block."""

import ctypes
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 60
# What makes a server safe against power cuts; a test's server lives for a minute.
HASTY = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=80", "autovacuum=off")


class NoServerError(Exception):
    """There is no PostgreSQL to test with, and why."""


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Start a server with an empty folder and give its address, a socket in that folder; raises `NoServerError`."""
    binaries = _binaries()
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="shareshift-postgresql-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        _run([binaries / "initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C",
              "--username=shareshift", "-D", folder / "data"], user)  # fmt: skip
        settings = [part for setting in HASTY for part in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", folder / "data", "-k", folder, "-h", "", *settings],
                cwd=folder, stdout=log, stderr=log, preexec_fn=_end_with_parent, **_identity(user),
            )  # fmt: skip
        try:
            _wait(binaries, folder, server)
            yield f"postgresql://shareshift@/postgres?host={folder}"
        finally:
            # At once, without writing out what nobody will read.
            server.send_signal(signal.SIGQUIT)
            server.wait(PATIENCE_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def empty_database(server: str) -> str:
    """Make a new database on a server and return its address."""
    import psycopg

    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")


def _binaries() -> Path:
    if os.name != "posix":
        raise NoServerError("PostgreSQL is tested on Linux and macOS only")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    found = shutil.which("postgres")
    for folder in [*debian, *([Path(found).parent] if found else [])]:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise NoServerError("no PostgreSQL server is installed (Debian's package is called postgresql)")


def _user() -> str | None:
    """Return whom to start the server as, None for whoever runs the tests; it refuses to run as root."""
    import pwd

    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return name
    raise NoServerError("PostgreSQL does not run as root, and there is no other user to run it as")


def _identity(user: str | None) -> dict[str, object]:
    import pwd

    return {} if user is None else {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _run(command: list[object], user: str | None) -> None:
    done = subprocess.run(
        [str(part) for part in command], cwd="/", capture_output=True, text=True, check=False,
        env={**os.environ, "LC_ALL": "C"}, **_identity(user),
    )  # fmt: skip
    if done.returncode:
        raise NoServerError(f"PostgreSQL's {Path(str(command[0])).name} failed: {done.stderr.strip()[-300:]}")


def _wait(binaries: Path, folder: Path, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < end:
        ready = subprocess.run([binaries / "pg_isready", "-q", "-h", folder], check=False)
        if ready.returncode == 0:
            return
        time.sleep(0.05)
    raise NoServerError(f"PostgreSQL did not start: {(folder / 'log').read_text('utf-8', 'replace').strip()[-300:]}")


def _end_with_parent() -> None:
    # Tests that are killed leave no server behind; elsewhere than on Linux there is no such wish to make.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)
