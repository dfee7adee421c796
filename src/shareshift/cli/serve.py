"""Start the dashboard on this machine, open it in the browser, and end it with Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import webbrowser
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from shareshift.basics.places import HOSTS_VARIABLE, MARKET_VARIABLE, START_VARIABLE, dashboard_name, home
from shareshift.cli.ports import ADDRESS, FIRST_PORT, ServeError, find_port, name_at, url

# Seconds until the server has to answer, and to end once it is asked to.
PATIENCE, LAST_SECONDS = 120.0, 10.0
# All addresses of this machine; nothing but --host asks for them.
EVERYWHERE = "0.0.0.0"  # noqa: S104
OPEN = (
    "Other machines that reach this one can open the dashboard under {}: all of its tables and results, without a "
    "password and without encryption. Put it behind a proxy that has both where that is not meant."
)
# The C library of Linux hands every large array back to the system at once, and the pages of the next run's arrays
# are then cleared one by one, which takes a third of the engine's time. These let it keep them; others ignore them.
MEMORY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "1073741824",
    "MALLOC_TOP_PAD_": "67108864",
}


def serve_command(
    market: Annotated[
        Path | None,
        typer.Argument(help="A folder with market.toml and the tables; else SHARESHIFT_MARKET, else the bundled one."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", min=1, max=65535, help=f"Port of the dashboard.  [default: {FIRST_PORT} or the next free one]"
        ),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only start the server.")] = False,
    host: Annotated[
        str | None,
        typer.Option(
            "--host",
            metavar="NAMES",
            help="Serve other machines too, which find this one under these names or addresses, separated by commas. "
            "There is no password: whoever reaches it reads everything.  [default: this machine only]",
        ),
    ] = None,
) -> None:
    """Start the dashboard on this machine and open it in the browser; Ctrl-C ends it."""
    listen_to_signals()
    if market is not None:
        if not (market / "market.toml").is_file():
            raise ServeError(f"{market} is not a market: name a folder that holds market.toml and the tables.")
        os.environ[MARKET_VARIABLE] = str(market.resolve())
    if host:
        os.environ[HOSTS_VARIABLE] = ",".join(filter(None, (os.environ.get(HOSTS_VARIABLE), host)))
    chosen, runs = find_port(port)
    if not runs:
        if host:
            typer.echo(OPEN.format(host))
        raise typer.Exit(serve(chosen, not no_browser, EVERYWHERE if host else ADDRESS))
    show_dashboard(f"The dashboard already runs at {url(chosen)}.", chosen, not no_browser)


def listen_to_signals() -> None:
    """Let every ordinary request to end arrive as an exception, so that no server is left behind."""
    # Programs started in the background of a script ignore Ctrl-C unless they say otherwise.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # Who ignores SIGHUP started this with nohup and means it.
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda *_: sys.exit(0))


def serve(port: int, with_browser: bool, address: str = ADDRESS) -> int:
    """Run the dashboard on a free port until it is ended, and return the exit code."""
    start = uuid4().hex
    options = {"address": address, "port": str(port), "headless": "true"}
    flags = [part for name, value in options.items() for part in (f"--server.{name}", value)]
    # In a session of its own it does not see Ctrl-C, so that only `stop` ends it.
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "streamlit", "run", str(home() / "app.py"), *flags],
        env={**MEMORY, **os.environ, START_VARIABLE: start},
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    try:
        seconds = await_answer(process, port, start)
        if seconds is None:
            show_dashboard(f"Another start was quicker: the dashboard runs at {url(port)}.", port, with_browser)
            return 0
        show_dashboard(
            f"The dashboard answers at {url(port)} after {seconds:.1f} s. Ctrl-C ends it.", port, with_browser
        )
        code = wait_for(process)
        typer.echo(f"The dashboard ended by itself with code {code}.")
        return 1 if code else 0
    except KeyboardInterrupt:
        typer.echo("\nEnding the dashboard.")
        return 130
    finally:
        stop(process)


def await_answer(process: subprocess.Popen[bytes], port: int, start: str) -> float | None:
    """Return the seconds until a server answers; None where another start of this dashboard took its port.

    Raises `ServeError` where the server ends first, or does not answer in time.
    """
    begun = time.monotonic()
    while (waited := time.monotonic() - begun) < PATIENCE:
        ended = process.poll() is not None
        if name := name_at(port):
            # The port was free a moment ago: whoever answers under this name was started at the same time.
            return waited if name == f"{dashboard_name()} {start}" else None
        if ended:
            raise ServeError(early_end(process.returncode))
        time.sleep(0.1)
    raise ServeError(f"The dashboard did not answer within {PATIENCE:.0f} seconds.")


def early_end(code: int) -> str:
    """Say what follows from a server that ended before it answered."""
    ended = f"The dashboard stopped with code {code} before it answered; the reason stands above."
    probe = [sys.executable, "-P", "-c", "import streamlit, shareshift.ui.app"]
    if subprocess.run(probe, capture_output=True).returncode == 0:
        return ended
    # Installers trust their own notes about what is there; without its stamp run.py makes .venv anew.
    Path(sys.prefix, "shareshift-stamp").unlink(missing_ok=True)
    return f"{ended} A package is broken: start run.py again, which makes .venv anew, or install Shareshift anew."


def show_dashboard(words: str, port: int, with_browser: bool) -> None:
    """Say where the dashboard is, and open it where that is wanted and possible."""
    typer.echo(words)
    # Without a window, a text browser could take the terminal.
    has_windows = os.name == "nt" or sys.platform == "darwin"
    has_windows = has_windows or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    if with_browser and not (has_windows and webbrowser.open(url(port))):
        typer.echo(f"No browser could be opened from here: open {url(port)} yourself.")


def wait_for(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end of a process; in short turns, as Windows lets Ctrl-C in only between them."""
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=0.5)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process by its own handle: asked first, forced when it does not follow or Ctrl-C comes again."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=LAST_SECONDS)
        except (subprocess.TimeoutExpired, KeyboardInterrupt, SystemExit):
            process.kill()
            process.wait()
