"""`shareshift serve`: which port it takes, what it says, and that nothing of it stays behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from shareshift.basics.places import dashboard_name
from shareshift.cli import ports, serve
from support.places import TINY

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def signals_and_market_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SHARESHIFT_MARKET", str(TINY))
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something listens that never answers."""
    with socket.socket() as listener:
        listener.bind((ports.ADDRESS, 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def dashboard() -> Iterator[int]:
    """The port of a server that answers as this dashboard does."""
    name = f"{dashboard_name()} another"

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == ports.HEALTH_PATH else 404)
            self.send_header(ports.NAME_HEADER, name)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer((ports.ADDRESS, 0), Health) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_taken_port_is_refused_where_it_was_named_and_passed_over_where_not(
    taken: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, sentence = run("serve", "--port", taken)
    assert code == 2
    assert sentence == f"Port {taken} is in use. Leave --port out, and the next free one is taken.\n"
    monkeypatch.setattr(ports, "FIRST_PORT", taken)
    port, runs = ports.find_port(None)
    assert taken < port < taken + ports.TRIED_PORTS
    assert not runs


@pytest.mark.parametrize("port", ["0", "65536", "eighty"])
def test_an_impossible_port_is_refused(port: str, run: Run) -> None:
    assert run("serve", "--port", port)[0] == 2


def test_a_folder_without_a_market_is_refused(tmp_path: Path, run: Run) -> None:
    code, _, sentence = run("serve", tmp_path)
    assert code == 2
    assert sentence.startswith(f"{tmp_path} is not a market")


def test_a_dashboard_that_runs_already_is_opened_and_no_other_started(
    dashboard: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setenv("BROWSER", "here")
    monkeypatch.setattr(serve.webbrowser, "open", lambda url: opened.append(url) or True)
    address = f"http://127.0.0.1:{dashboard}"
    assert run("serve", "--port", dashboard) == (0, f"The dashboard already runs at {address}.\n", "")
    assert run("serve", "--port", dashboard, "--no-browser")[0] == 0
    assert opened == [address]
    # Another market is another dashboard.
    monkeypatch.delenv("SHARESHIFT_MARKET")
    assert run("serve", "--port", dashboard)[0] == 2


def test_other_machines_are_served_only_where_that_is_asked_for_and_told_what_it_means(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    class Ended:
        returncode = 0

        def __init__(self, command: list[str], **_: object) -> None:
            started.append(command)

        def poll(self) -> int:
            return 0

    monkeypatch.delenv("SHARESHIFT_HOSTS", raising=False)
    monkeypatch.setattr(serve.subprocess, "Popen", Ended)
    monkeypatch.setattr(serve, "early_end", lambda _: "It ended.")
    assert "password" not in run("serve", "--no-browser")[1]
    assert started[0][6:8] == ["--server.address", "127.0.0.1"]
    said = run("serve", "--no-browser", "--host", "shares.example")[1]
    assert "under shares.example" in said
    assert "without a password" in said
    assert started[1][6:8] == ["--server.address", "0.0.0.0"]  # noqa: S104
    assert os.environ.pop("SHARESHIFT_HOSTS") == "shares.example"


def test_a_server_that_ends_at_once_is_reported_and_nothing_else_is_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0))
    with subprocess.Popen([sys.executable, "-c", "raise SystemExit(7)"]) as process:
        process.wait()
        with pytest.raises(ports.ServeError, match=r"code 7 before it answered; the reason stands above\.$"):
            serve.await_answer(process, 1, "start")


def test_broken_packages_make_run_py_prepare_them_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    (stamp := tmp_path / "shareshift-stamp").touch()
    assert "makes .venv anew" in serve.early_end(1)
    assert not stamp.exists()


def test_a_server_that_does_not_follow_is_forced_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "LAST_SECONDS", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        serve.stop(process)
        assert process.returncode not in (None, 0)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals that a test could send")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_the_dashboard_answers_under_its_name_and_ends_with_its_launcher(number: int, code: int) -> None:
    with socket.socket() as free:
        free.bind((ports.ADDRESS, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "shareshift", "serve", str(TINY), "--port", str(port), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        lines = iter(launcher.stdout.readline, "")
        said = next(line for line in lines if re.search(rf"answers at http://127\.0\.0\.1:{port} after", line))
        assert "Ctrl-C ends it" in said
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            assert page.headers[ports.NAME_HEADER].startswith(dashboard_name())
        second = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert (second.returncode, second.stdout) == (0, f"The dashboard already runs at http://127.0.0.1:{port}.\n")
        launcher.send_signal(number)
        launcher.stdout.read()
        assert launcher.wait(timeout=30) == code
    assert ports.is_free(port)
