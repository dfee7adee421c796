"""The launcher, without the network and without making a virtual environment."""

import ast
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from support.places import ROOT

RUN_PY = ROOT / "run.py"
PIP_WITHOUT_NETWORK = """\
Looking in indexes: http://127.0.0.1:9
WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError('\
<pip._vendor.urllib3.connection.HTTPConnection object at 0x7f0e594a47d0>: \
Failed to establish a new connection: [Errno 111] Connection refused')': /altair/
ERROR: Could not find a version that satisfies the requirement altair==6.3.0 (from versions: none)
ERROR: No matching distribution found for altair==6.3.0
"""
UV_WITHOUT_NETWORK = """\
error: Request failed after 3 retries
  cause: Failed to fetch: http://127.0.0.1:9/attrs/
  cause: tcp connect error
  cause: Connection refused (os error 111)
"""


def load_launcher() -> ModuleType:
    spec = importlib.util.spec_from_file_location("launcher_under_test", RUN_PY)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


run = load_launcher()


@pytest.fixture
def place(tmp_path: Path) -> "run.Place":
    (tmp_path / "tests").mkdir()
    (tmp_path / "app.py").write_text("")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "requirements.lock").write_text("altair==6.3.0\n")
    (tmp_path / "tests" / "requirements.lock").write_text("altair==6.3.0\npytest==9.0\n")
    here = run.Place(tmp_path)
    here.python.parent.mkdir(parents=True)
    here.python.write_text("")
    return here


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture(autouse=True)
def no_browser_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHARESHIFT_CHROMIUM", raising=False)
    monkeypatch.delenv("SHARESHIFT_NO_BROWSER_REASON", raising=False)


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def one_sentence(text: str) -> bool:
    return "\n" not in text.strip() and "Traceback" not in text and text.strip().endswith((".", ")"))


@pytest.mark.parametrize("arguments", [["--help"], ["test", "--help"]])
def test_the_help_names_the_options_and_the_tests(arguments: list[str]) -> None:
    answer = subprocess.run([sys.executable, RUN_PY, *arguments], capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0
    assert all(word in answer.stdout for word in ("--port", "--no-browser", "run.py test", "8501"))


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eighty"])
def test_an_impossible_port_is_refused(port: str, place: "run.Place", capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run.main([f"--port={port}"], place)
    assert "is not a port between 1 and 65535" in capsys.readouterr().err


def test_an_old_python_gets_one_sentence_with_both_versions() -> None:
    sentence = run.too_old((3, 8))
    assert one_sentence(sentence)
    assert "3.11" in sentence
    assert "3.8" in sentence
    assert run.too_old((3, 10)) != ""


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 14), (4, 0)])
def test_a_python_that_is_new_enough_gets_no_sentence(version: tuple[int, int]) -> None:
    assert run.too_old(version) == ""


def test_the_launcher_parses_on_an_old_python() -> None:
    ast.parse(RUN_PY.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_the_launcher_says_that_python_is_too_old_before_anything_newer_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 6, 9))
    with pytest.raises(SystemExit, match="2"):
        load_launcher()
    assert "this is Python 3.6" in capsys.readouterr().err


def test_the_launcher_needs_only_the_standard_library() -> None:
    tree = ast.parse(RUN_PY.read_text(encoding="utf-8"))
    plain = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    named = [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    roots = {name.split(".")[0] for name in plain + named}
    assert "subprocess" in roots
    assert roots <= sys.stdlib_module_names


def test_a_taken_port_is_named_with_the_remedy(
    listener: int, place: "run.Place", capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(["--port", str(listener)], place) == 2
    sentence = capsys.readouterr().err
    assert f"Port {listener} is taken" in sentence
    assert "--port" in sentence
    assert sentence.count("\n") == 1


def test_a_port_that_is_bound_without_listening_is_taken_as_well() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        with pytest.raises(run.LaunchError, match=f"Port {port} is taken"):
            run.require_free_port(port)


def test_a_free_port_is_accepted_and_stays_free() -> None:
    port = free_port()
    run.require_free_port(port)
    run.require_free_port(port)


@pytest.mark.parametrize("port", [80, 65535])
def test_the_remedy_names_a_port_that_anyone_may_use(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect_ex", lambda *_: 0)
    with pytest.raises(run.LaunchError, match="--port 8501"):
        run.require_free_port(port)


def test_a_fresh_environment_is_not_ready(place: "run.Place") -> None:
    assert not run.is_ready(place, "run")


def test_a_stamp_that_matches_skips_all_installing(place: "run.Place", monkeypatch: pytest.MonkeyPatch) -> None:
    run.write_stamp(place, "run")
    for name in ("make_venv", "install", "is_usable"):
        monkeypatch.setattr(run, name, lambda *_: pytest.fail("nothing should be installed"))
    run.prepare(place, "run")


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_file_asks_for_a_new_installation(name: str, place: "run.Place") -> None:
    run.write_stamp(place, "run")
    assert run.is_ready(place, "run")
    (place.root / name).write_text("changed\n")
    assert not run.is_ready(place, "run")


def test_the_level_of_the_tests_satisfies_the_level_of_the_dashboard(place: "run.Place") -> None:
    run.write_stamp(place, "test")
    assert run.is_ready(place, "test")
    assert run.is_ready(place, "run")


def test_the_level_of_the_dashboard_does_not_satisfy_the_level_of_the_tests(place: "run.Place") -> None:
    run.write_stamp(place, "run")
    assert not run.is_ready(place, "test")


def test_a_changed_lock_of_the_tests_leaves_the_dashboard_ready(place: "run.Place") -> None:
    run.write_stamp(place, "test")
    (place.root / "tests" / "requirements.lock").write_text("changed\n")
    assert run.is_ready(place, "run")
    assert not run.is_ready(place, "test")


def test_another_python_asks_for_a_new_installation(place: "run.Place", monkeypatch: pytest.MonkeyPatch) -> None:
    run.write_stamp(place, "run")
    monkeypatch.setattr(sys.implementation, "cache_tag", "cpython-399")
    assert not run.is_ready(place, "run")


def test_a_moved_project_asks_for_a_new_installation(place: "run.Place", tmp_path: Path) -> None:
    run.write_stamp(place, "run")
    moved = tmp_path.parent / (tmp_path.name + "-moved")
    tmp_path.rename(moved)
    assert run.Place(moved).stamp.is_file()
    assert not run.is_ready(run.Place(moved), "run")


def test_a_stamp_without_a_working_interpreter_counts_for_nothing(place: "run.Place") -> None:
    run.write_stamp(place, "run")
    place.python.unlink()
    assert not run.is_ready(place, "run")


def with_installer(monkeypatch: pytest.MonkeyPatch, code: int, output: str = "") -> None:
    def pretend(_command: list[str], place: "run.Place", _title: str, _total: int = 0) -> int:
        place.log.write_text(output)
        return code

    monkeypatch.setattr(run, "run_logged", pretend)


def test_a_good_installation_ends_with_the_stamp(place: "run.Place", monkeypatch: pytest.MonkeyPatch) -> None:
    with_installer(monkeypatch, 0)
    run.install(place, "test", None)
    assert run.is_ready(place, "test")
    assert not place.unfinished.exists()


def test_a_failed_installation_takes_the_old_stamp_away(place: "run.Place", monkeypatch: pytest.MonkeyPatch) -> None:
    run.write_stamp(place, "run")
    with_installer(monkeypatch, 1, PIP_WITHOUT_NETWORK)
    with pytest.raises(run.LaunchError):
        run.install(place, "test", None)
    assert not run.is_ready(place, "run")


def test_an_installer_that_was_killed_makes_the_environment_unusable(
    place: "run.Place", monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = sys.implementation.cache_tag
    answer = subprocess.CompletedProcess([], 0, stdout=f"{tag}\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    assert run.is_usable(place, None)
    with_installer(monkeypatch, -9)
    with pytest.raises(run.LaunchError, match="killed by signal 9"):
        run.install(place, "run", None)
    assert not run.is_usable(place, None)


@pytest.mark.parametrize("uv", [None, "/usr/bin/uv"])
def test_only_wheels_with_the_hashes_of_the_lock_are_installed(uv: str | None, place: "run.Place") -> None:
    command = run.lock_command(place, "test", uv)
    joined = " ".join(command)
    assert "--require-hashes --only-binary :all:" in joined
    assert command[-1] == "tests/requirements.lock"
    assert "index" not in joined
    assert str(place.python) in command


def test_a_missing_lock_is_named(place: "run.Place", capsys: pytest.CaptureFixture[str]) -> None:
    (place.root / "requirements.lock").unlink()
    assert run.main(["--port", str(free_port())], place) == 2
    sentence = capsys.readouterr().err
    assert sentence.startswith("requirements.lock is missing from")
    assert one_sentence(sentence)


def test_the_lock_of_the_tests_is_needed_for_the_tests_only(
    place: "run.Place", capsys: pytest.CaptureFixture[str]
) -> None:
    (place.root / "tests" / "requirements.lock").unlink()
    run.write_stamp(place, "run")
    run.prepare(place, "run")
    assert run.main(["test"], place) == 2
    assert "tests/requirements.lock is missing" in capsys.readouterr().err


def test_without_ensurepip_the_sentence_names_the_remedy(place: "run.Place", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name)
    with pytest.raises(run.LaunchError) as caught:
        run.make_venv(place, None)
    assert "python3-venv" in str(caught.value)
    assert "install uv" in str(caught.value)
    assert one_sentence(str(caught.value))
    assert place.python.exists()


def test_a_folder_that_cannot_be_written_is_named(
    place: "run.Place", monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert run.main(["--port", str(free_port())], place) == 2
    sentence = capsys.readouterr().err
    assert f"no permission to write in {place.root}" in sentence
    assert one_sentence(sentence)


def test_a_refused_write_later_on_is_one_sentence_too(
    place: "run.Place", monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "/somewhere/.venv")

    monkeypatch.setattr(run, "prepare", refuse)
    assert run.main(["--port", str(free_port())], place) == 2
    assert capsys.readouterr().err == "Shareshift cannot use /somewhere/.venv: Permission denied.\n"


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        (PIP_WITHOUT_NETWORK, ": [Errno 111] Connection refused;"),
        (UV_WITHOUT_NETWORK, ": Connection refused (os error 111);"),
    ],
)
def test_an_installation_without_network_is_one_sentence_with_the_cause(
    output: str, cause: str, place: "run.Place"
) -> None:
    sentence = run.install_problem(output, place)
    assert sentence.startswith("The packages could not be downloaded")
    assert cause in sentence
    assert str(place.log) in sentence
    assert one_sentence(sentence)


def test_a_package_with_another_hash_is_not_blamed_on_the_network(place: "run.Place") -> None:
    output = PIP_WITHOUT_NETWORK + "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n"
    assert "does not match its hash" in run.install_problem(output, place)


def test_any_other_failure_shows_the_last_line_with_an_error(place: "run.Place") -> None:
    output = "Collecting x\nERROR: No matching distribution found for x==1\nsome advice\n"
    sentence = run.install_problem(output, place)
    assert "could not be installed: No matching distribution found for x==1 (" in sentence


def test_the_progress_counts_the_lines_of_pip() -> None:
    lines = ["Ignoring colorama: no", "Collecting altair==6", "  Downloading altair"]
    output = "\n".join([*lines, "Requirement already satisfied: x", ""])
    assert run.packages_so_far(output, 57) == "3 of 57 packages"
    assert run.packages_so_far(output, 2) == "2 of 2 packages"
    assert run.packages_so_far("", 57) == ""
    assert run.packages_so_far(output + "Installing collected packages: altair\n", 57) == "unpacking"


def test_the_output_of_an_installer_goes_to_the_log_and_its_code_comes_back(
    place: "run.Place", capfd: pytest.CaptureFixture[str]
) -> None:
    program = "import sys; print('noise'); print('trouble', file=sys.stderr); sys.exit(3)"
    assert run.run_logged([sys.executable, "-c", program], place, "Trying") == 3
    assert "noise" in run.read_log(place)
    assert "trouble" in run.read_log(place)
    shown = capfd.readouterr()
    assert "noise" not in shown.out + shown.err
    assert "Trying: failed after" in shown.out


class Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/_stcore/health" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_server_is_up_when_its_health_path_answers() -> None:
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            assert run.is_healthy(server.server_port)
        finally:
            server.shutdown()
            thread.join()
    assert not run.is_healthy(server.server_port)


def test_a_dashboard_that_stops_at_once_is_reported(place: "run.Place", monkeypatch: pytest.MonkeyPatch) -> None:
    answer = subprocess.CompletedProcess([], 0)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    run.write_stamp(place, "run")
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.exit(7)"]) as process:
        process.wait()
        with pytest.raises(run.LaunchError, match="stopped with code 7 before it answered"):
            run.await_health(process, free_port(), place)
    assert run.is_ready(place, "run")


def test_a_dashboard_whose_packages_are_broken_gets_a_new_environment(
    place: "run.Place", monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    run.write_stamp(place, "run")
    assert "it is made anew" in run.early_end(1, place)
    assert not run.is_ready(place, "run")
    assert not run.is_usable(place, None)


def test_stopping_ends_a_process_that_does_not_follow() -> None:
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    program = f"import signal, time; {deaf}; print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        begun = time.monotonic()
        run.stop(process, patience=0.2)
        assert process.returncode is not None
        assert time.monotonic() - begun < 10


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM that a test could send")
def test_the_end_of_the_launcher_is_the_end_of_its_server(
    place: "run.Place", monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    genuine = subprocess.Popen

    def sleeper(_command: list[str], **options: object) -> subprocess.Popen[bytes]:
        started.append(genuine([sys.executable, "-c", "import time; time.sleep(60)"], **options))
        return started[0]

    def answer(*_: object) -> float:
        os.kill(os.getpid(), signal.SIGTERM)
        return 0.0

    run.write_stamp(place, "run")
    monkeypatch.setattr(subprocess, "Popen", sleeper)
    monkeypatch.setattr(run, "await_health", answer)
    assert run.main(["--no-browser", "--port", str(free_port())], place) == 0
    assert started[0].returncode == -signal.SIGTERM
    shown = capfd.readouterr()
    assert "Ending the dashboard." in shown.out
    assert "Traceback" not in shown.err


def test_no_browser_is_opened_when_that_is_not_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(run.webbrowser, "open", lambda url: opened.append(url) or True)
    monkeypatch.setattr(run, "can_open_browser", lambda: True)
    run.show_dashboard(1.0, 8501, with_browser=False)
    assert opened == []
    run.show_dashboard(1.0, 8501, with_browser=True)
    assert opened == ["http://127.0.0.1:8501"]
    assert "yourself" not in capsys.readouterr().out


def with_attempts(monkeypatch: pytest.MonkeyPatch, successful: str | None) -> list[str]:
    asked: list[str] = []
    for name in ("browser_here", "browser_from_apt", "browser_from_playwright"):

        def attempt(_place: "run.Place", name: str = name) -> "run.Browser":
            asked.append(name)
            return run.Browser(path=name) if name == successful else run.Browser(reason=f"not by {name}")

        monkeypatch.setattr(run, name, attempt)
    return asked


@pytest.mark.parametrize(
    ("successful", "expected"),
    [
        ("browser_here", ["browser_here"]),
        ("browser_from_apt", ["browser_here", "browser_from_apt"]),
        ("browser_from_playwright", ["browser_here", "browser_from_apt", "browser_from_playwright"]),
    ],
)
def test_a_chromium_is_looked_for_before_one_is_installed(
    successful: str, expected: list[str], place: "run.Place", monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = with_attempts(monkeypatch, successful)
    assert run.find_browser(place).path == successful
    assert asked == expected


def test_the_chromium_of_the_environment_comes_first(place: "run.Place", monkeypatch: pytest.MonkeyPatch) -> None:
    asked = with_attempts(monkeypatch, "browser_here")
    monkeypatch.setenv("SHARESHIFT_CHROMIUM", str(place.python))
    assert run.find_browser(place).path == str(place.python)
    assert asked == []


def test_a_chromium_of_the_environment_that_is_not_there_is_an_error(
    place: "run.Place", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARESHIFT_CHROMIUM", str(place.root / "nowhere"))
    with pytest.raises(run.LaunchError, match="there is no such file"):
        run.find_browser(place)


def test_without_any_chromium_pytest_gets_all_the_reasons(place: "run.Place", monkeypatch: pytest.MonkeyPatch) -> None:
    with_attempts(monkeypatch, None)
    environment = run.browser_environment(run.find_browser(place))
    reason = environment["SHARESHIFT_NO_BROWSER_REASON"]
    assert reason == "not by browser_here; not by browser_from_apt; not by browser_from_playwright"
    assert "SHARESHIFT_CHROMIUM" not in environment


def test_with_a_chromium_pytest_gets_its_path_and_no_old_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARESHIFT_NO_BROWSER_REASON", "from before")
    environment = run.browser_environment(run.Browser(path="/usr/bin/chromium"))
    assert environment["SHARESHIFT_CHROMIUM"] == "/usr/bin/chromium"
    assert "SHARESHIFT_NO_BROWSER_REASON" not in environment


def test_the_names_on_the_path_are_tried_in_order(place: "run.Place", monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"google-chrome": "/opt/chrome", "chromium": "/usr/bin/chromium"}
    monkeypatch.setattr(run.shutil, "which", known.get)
    monkeypatch.setattr(run, "starts", lambda path: path in known.values())
    assert run.browser_here(place).path == "/usr/bin/chromium"
    del known["chromium"]
    assert run.browser_here(place).path == "/opt/chrome"
    known.clear()
    assert run.browser_here(place) == run.Browser(reason="no Chromium was found")


def test_the_usual_places_of_windows_are_tried(
    place: "run.Place", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LocalAppData", str(tmp_path))
    monkeypatch.setattr(run.shutil, "which", lambda _: None)
    assert str(tmp_path / "Google/Chrome/Application/chrome.exe") in run.browser_places()
    assert "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" in run.browser_places()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no scripts with an interpreter line")
def test_a_stub_that_only_asks_for_another_package_is_no_browser(tmp_path: Path) -> None:
    for name, code in (("stub", 1), ("browser", 0)):
        script = tmp_path / name
        script.write_text(f"#!/bin/sh\nexit {code}\n")
        script.chmod(0o755)
    assert not run.starts(str(tmp_path / "stub"))
    assert not run.starts(str(tmp_path / "absent"))
    assert run.starts(str(tmp_path / "browser"))


def test_apt_is_left_alone_by_ordinary_users(place: "run.Place", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(run.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(run, "run_logged", lambda *_: pytest.fail("apt-get should not be started"))
    assert run.browser_from_apt(place).path == ""


@pytest.fixture
def commands(place: "run.Place", monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], dict[str, int]]:
    asked: list[str] = []
    codes: dict[str, int] = {}

    def note(command: list[str], _place: "run.Place", _environment: dict[str, str]) -> int:
        asked.append(" ".join(command[2:]))
        return codes.get(command[2], 0)

    run.write_stamp(place, "test")
    monkeypatch.setattr(run, "run_openly", note)
    with_attempts(monkeypatch, "browser_here")
    return asked, codes


def test_pytest_runs_last(place: "run.Place", commands: tuple[list[str], dict[str, int]]) -> None:
    assert run.main(["test"], place) == 0
    assert commands[0] == ["ruff format --check .", "ruff check .", "mypy", "pytest -n auto --dist worksteal"]


def test_arguments_go_to_pytest_alone(place: "run.Place", commands: tuple[list[str], dict[str, int]]) -> None:
    assert run.main(["test", "-k", "stamp", "--port"], place) == 0
    assert commands[0] == ["pytest -k stamp --port"]


def test_a_failed_check_is_reported_before_pytest_and_shows_in_the_code(
    place: "run.Place", commands: tuple[list[str], dict[str, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    commands[1]["mypy"] = 1
    assert run.main(["test"], place) == 1
    assert commands[0][-1] == "pytest -n auto --dist worksteal"
    shown = capsys.readouterr().out
    assert shown.index("FAILED: mypy") < shown.index("== pytest")
    assert shown.endswith("== pytest\n")


def test_a_failure_of_pytest_keeps_its_code(place: "run.Place", commands: tuple[list[str], dict[str, int]]) -> None:
    commands[1]["pytest"] = 5
    assert run.main(["test"], place) == 5
