"""Start the dashboard, or the tests, after putting all they need into .venv.

Only the standard library is used. The whole file has to parse on Python 3.6, and the part above the
version check has to run there too, so that an old Python gets a sentence instead of a syntax error.
"""

import argparse
import hashlib
import http.client
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from pathlib import Path
from typing import NamedTuple

OLDEST = (3, 11)


def too_old(version_info: "tuple[int, ...]") -> str:
    """Give the sentence for a Python that is too old, or an empty string."""
    if version_info[:2] >= OLDEST:
        return ""
    found = ".".join(str(part) for part in version_info[:2])
    return f"Shareshift needs Python 3.11 or newer and this is Python {found}: start run.py with a newer one."


if too_old(sys.version_info[:2]):
    print(too_old(sys.version_info[:2]), file=sys.stderr)
    sys.exit(2)

ADDRESS = "127.0.0.1"
DEFAULT_PORT = 8501
HEALTH_PATH = "/_stcore/health"
HEALTH_PATIENCE = 120.0
LOCKS = {"run": "requirements.lock", "test": "tests/requirements.lock"}
LEVELS = {"run": ("run",), "test": ("run", "test")}
STATIC_CHECKS = (("ruff", "format", "--check", "."), ("ruff", "check", "."), ("mypy",))

CHROMIUM_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
    "microsoft-edge",
    "microsoft-edge-stable",
)
MAC_BROWSERS = ("Chromium", "Google Chrome", "Microsoft Edge")
WINDOWS_BROWSERS = (
    "Chromium/Application/chrome.exe",
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
PLAYWRIGHT_PATH = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright:\n"
    "    print(playwright.chromium.executable_path)\n"
)

NETWORK_SIGNS = re.compile(
    r"connection broken|connectionerror|connecttimeout|failed to establish|name resolution|getaddrinfo"
    r"|failed to fetch|error sending request|dns error|timed out|unreachable|connection refused"
    r"|connection reset|proxyerror|sslerror|certificate",
    re.IGNORECASE,
)
HASH_SIGNS = re.compile(r"do not match the hashes|hash mismatch", re.IGNORECASE)

USAGE = """python3 run.py [--port N] [--no-browser]
       python3 run.py test [pytest arguments]"""
ABOUT = """Installs the pinned packages into .venv (the first time, and when they change),
then starts the dashboard on 127.0.0.1 and opens it in the browser. Ctrl-C ends it."""
MORE = """`python3 run.py test` runs ruff, mypy and all the tests; with pytest arguments, pytest alone.
It takes the Chromium that SHARESHIFT_CHROMIUM names, else one it finds, else it installs one."""


class LaunchError(Exception):
    """A reason not to go on, as one sentence for the person at the keyboard."""


class Place(NamedTuple):
    """The project folder and what the launcher keeps inside it."""

    root: Path

    @property
    def venv(self) -> Path:
        """The folder with the virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter of the virtual environment."""
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def stamp(self) -> Path:
        """The file that says what a finished installation was made from."""
        return self.venv / "shareshift-stamp"

    @property
    def unfinished(self) -> Path:
        """The file that is there while an installer works, and stays when it is killed."""
        return self.venv / "shareshift-unfinished"

    @property
    def log(self) -> Path:
        """The whole output of the installers."""
        return self.venv / "install.log"


class Browser(NamedTuple):
    """A Chromium to test with, or the reason that there is none."""

    path: str = ""
    reason: str = ""


def say(text: str) -> None:
    """Print a line at once, in order with the output of the programs started here."""
    print(text, flush=True)


def wait_for(process: "subprocess.Popen[bytes]") -> int:
    """Wait for the end of a process; in short turns, as Windows lets Ctrl-C in only between them."""
    while True:
        try:
            return process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue


def stop(process: "subprocess.Popen[bytes]", patience: float = 10.0) -> None:
    """End a process by its own handle: asked first, forced when it does not follow."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=patience)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.wait()


def run_openly(command: "list[str]", place: Place, environment: "dict[str, str]") -> int:
    """Run a program whose output belongs on the screen, and give its exit code."""
    process = subprocess.Popen(command, cwd=place.root, env=environment)
    try:
        return wait_for(process)
    except KeyboardInterrupt:
        # The terminal sends Ctrl-C to the program as well, and pytest then needs time for its summary.
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            stop(process)
        raise


def run_logged(command: "list[str]", place: Place, title: str, total: int = 0) -> int:
    """Run an installer with its output in the log, showing how far it is, and give its exit code."""
    begun = time.monotonic()
    progress = Progress(title, begun)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "DEBIAN_FRONTEND": "noninteractive"}
    with place.log.open("ab") as sink:
        process = subprocess.Popen(
            command,
            cwd=place.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        try:
            while process.poll() is None:
                time.sleep(0.1)
                progress.show(packages_so_far(read_log(place), total))
        except BaseException:
            stop(process)
            raise
    progress.end("done" if process.returncode == 0 else "failed")
    return process.returncode


class Progress:
    """One line on a terminal that is written over; elsewhere a new line now and then."""

    def __init__(self, title: str, begun: float) -> None:
        """Begin with the title of the phase."""
        self.title, self.begun = title, begun
        self.rewrites = sys.stdout.isatty()
        self.pause = 0.3 if self.rewrites else 10.0
        self.last = begun
        self.show_line("..." if self.rewrites else "...\n")

    def show(self, detail: str) -> None:
        """Show the seconds that have passed, and the detail if there is one."""
        now = time.monotonic()
        if now - self.last < self.pause:
            return
        self.last = now
        text = f"... {detail + ', ' if detail else ''}{now - self.begun:.0f} s"
        self.show_line(text if self.rewrites else text + "\n")

    def end(self, outcome: str) -> None:
        """Close the phase with its outcome and its duration."""
        self.show_line(f": {outcome} after {time.monotonic() - self.begun:.1f} s\n")

    def show_line(self, text: str) -> None:
        """Write the title and the text, over the last one where that is possible."""
        line = self.title + text.rstrip("\n")
        end = "\n" if text.endswith("\n") else ""
        print(f"\r{line:<78}" if self.rewrites else line, end=end, flush=True)


def packages_so_far(output: str, total: int) -> str:
    """Say how many packages pip has dealt with, from the lines that it prints."""
    if not total:
        return ""
    if "Installing collected packages" in output:
        return "unpacking"
    lines = re.findall(r"^(?:Collecting|Requirement already satisfied:|Ignoring) ", output, re.MULTILINE)
    return f"{min(len(lines), total)} of {total} packages" if lines else ""


def read_log(place: Place) -> str:
    """Read what the installers have written so far."""
    return place.log.read_text(encoding="utf-8", errors="replace")


def digest(place: Place, level: str) -> str:
    """Digest all that decides what belongs into the virtual environment."""
    # The folder is part of it because the editable installation points at it.
    tag = sys.implementation.cache_tag
    summary = hashlib.sha256(f"{tag}\n{sys.platform}\n{place.root}\n".encode())
    for name in ("pyproject.toml", *(LOCKS[each] for each in LEVELS[level])):
        content = (place.root / name).read_bytes()
        summary.update(f"{name} {len(content)}\n".encode() + content)
    return summary.hexdigest()


def is_ready(place: Place, level: str) -> bool:
    """Tell whether the installation that the stamp describes is the one wanted."""
    if not (place.python.exists() and place.stamp.is_file()):
        return False
    return f"{level} {digest(place, level)}" in place.stamp.read_text(encoding="utf-8").splitlines()


def write_stamp(place: Place, level: str) -> None:
    """Note what was installed, for this level and for those it contains."""
    lines = [f"{each} {digest(place, each)}\n" for each in LEVELS[level]]
    place.stamp.write_text("".join(lines), encoding="utf-8")


def require_files(place: Place, names: "tuple[str, ...]") -> None:
    """Refuse to go on without the files of the project."""
    for name in names:
        if not (place.root / name).is_file():
            raise LaunchError(
                f"{name} is missing from {place.root}: get a complete copy of the project and start again."
            )


def prepare(place: Place, level: str) -> None:
    """Make the virtual environment hold what the level needs; nothing is done when it does already."""
    require_files(place, ("pyproject.toml", *(LOCKS[each] for each in LEVELS[level])))
    if is_ready(place, level):
        return
    if not os.access(place.root, os.W_OK):
        raise LaunchError(f"There is no permission to write in {place.root}: copy the project to a folder of your own.")
    begun = time.monotonic()
    uv = shutil.which("uv")
    say(f"Preparing .venv with {'uv' if uv else 'pip'}; later starts skip this.")
    if not is_usable(place, uv):
        make_venv(place, uv)
    install(place, level, uv)
    say(f"The packages are ready ({time.monotonic() - begun:.1f} s).")


def is_usable(place: Place, uv: "str | None") -> bool:
    """Tell whether an installer can work in the virtual environment that is there."""
    if place.unfinished.exists() or not place.python.exists():
        return False
    probe = "import sys; print(sys.implementation.cache_tag)" + ("" if uv else "; import pip")
    try:
        answer = subprocess.run([str(place.python), "-c", probe], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and answer.stdout.strip() == sys.implementation.cache_tag


def base_python() -> str:
    """Name an interpreter that stays when .venv goes, even if run.py was started from inside it."""
    return str(getattr(sys, "_base_executable", sys.executable))


def require_ensurepip() -> None:
    """Refuse to begin a virtual environment that would end up without pip."""
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        raise LaunchError(
            "This Python cannot make virtual environments: install python3-venv with the system's package "
            "manager (on Debian and Ubuntu: apt install python3-venv), or install uv, and start again."
        )


def make_venv(place: Place, uv: "str | None") -> None:
    """Make .venv anew, in place of a broken one."""
    if not uv:
        require_ensurepip()
    if place.venv.exists():
        say("Removing the .venv that is there, as it cannot be used.")
        shutil.rmtree(place.venv)
    begun = time.monotonic()
    maker = [uv, "venv", "--quiet", "--python", base_python()] if uv else [base_python(), "-m", "venv"]
    command = [*maker, str(place.venv)]
    made = subprocess.run(command, cwd=place.root, capture_output=True, text=True, errors="replace")
    if made.returncode != 0:
        shutil.rmtree(place.venv, ignore_errors=True)
        raise LaunchError(f"Making .venv failed: {last_line(made.stdout + made.stderr)}")
    say(f"Making .venv: done after {time.monotonic() - begun:.1f} s")


def install(place: Place, level: str, uv: "str | None") -> None:
    """Install the locked packages and the project, and write the stamp when all went well."""
    place.stamp.unlink(missing_ok=True)
    place.unfinished.touch()
    place.log.write_bytes(b"")
    total = len(re.findall(r"^[^\s#]+==", (place.root / LOCKS[level]).read_text(encoding="utf-8"), re.MULTILINE))
    code = run_logged(lock_command(place, level, uv), place, f"Installing {total} packages", total)
    if code == 0:
        code = run_logged(project_command(place, uv), place, "Installing shareshift itself")
    if code == 0:
        # Kept beside the modules, so that no later start has to wait for it.
        code = run_logged(
            [str(place.python), "-c", "import shareshift.results.projection"], place, "Compiling the engine"
        )
    if code >= 0:
        # Only an installer that was killed can leave a package half written.
        place.unfinished.unlink()
    if code < 0:
        raise LaunchError(f"The installer was killed by signal {-code}: start again, and .venv is made anew.")
    if code > 0:
        raise LaunchError(install_problem(read_log(place), place))
    write_stamp(place, level)


def lock_command(place: Place, level: str, uv: "str | None") -> "list[str]":
    """Give the command that installs exactly the wheels of a lock."""
    checks = ["--require-hashes", "--only-binary", ":all:"]
    if uv:
        return [uv, "pip", "sync", "--compile-bytecode", "--python", str(place.python), *checks, LOCKS[level]]
    pip = [str(place.python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    return [*pip, "--progress-bar", "off", *checks, "-r", LOCKS[level]]


def project_command(place: Place, uv: "str | None") -> "list[str]":
    """Give the command that installs the project so that edits count at once."""
    options = ["--no-deps", "--no-build-isolation", "-e", "."]
    if uv:
        return [uv, "pip", "install", "--python", str(place.python), *options]
    pip = [str(place.python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    return [*pip, *options]


def last_line(output: str) -> str:
    """Give the last line that says something, without the labels that tools put before it."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    text = lines[-1] if lines else "the program said nothing"
    text = re.sub(r"^((error|warning|caused? by|cause|e):\s*)+", "", text, flags=re.IGNORECASE)
    return text if len(text) <= 200 else text[:197] + "..."


def network_cause(line: str) -> str:
    """Take the cause out of a line about the network, which pip wraps into the names of its classes."""
    line = re.sub(r"<pip\S+ object at \w+>[:,] ", "", line)
    for frame in (r"Failed to \w+[^:']*: (.+?)['\")]*: /", r"connection broken by ['\"](.+?)['\"]: /"):
        found = re.search(frame, line)
        if found:
            return last_line(found.group(1))
    return last_line(line)


def install_problem(output: str, place: Place) -> str:
    """Turn the output of a failed installer into one sentence."""
    kept = f"(all output: {place.log})"
    if HASH_SIGNS.search(output):
        return f"A downloaded package does not match its hash in the lock, so it was not installed {kept}."
    network = [line for line in output.splitlines() if NETWORK_SIGNS.search(line)]
    if network:
        cause = network_cause(network[-1])
        return f"The packages could not be downloaded: {cause}; check the network and start again {kept}."
    errors = [line for line in output.splitlines() if re.match(r"\s*(ERROR|error|Caused by|cause):", line)]
    return f"The packages could not be installed: {last_line(errors[-1] if errors else output)} {kept}."


def require_free_port(port: int) -> None:
    """Refuse a port that another program uses or that is not allowed."""
    other = port + 1 if 1024 <= port < 65535 else DEFAULT_PORT
    remedy = f"choose another one, for example: python3 run.py --port {other}"
    with socket.socket() as trial:
        trial.settimeout(1)
        # macOS lets a bind succeed next to a server on all addresses, so that asking is needed as well.
        if trial.connect_ex((ADDRESS, port)) == 0:
            raise LaunchError(f"Port {port} is taken by another program; {remedy}")
    with socket.socket() as trial:
        if os.name != "nt":
            # Connections that ended a moment ago must not count as taken.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((ADDRESS, port))
        except PermissionError:
            raise LaunchError(f"Port {port} is not open to ordinary users; {remedy}") from None
        except OSError:
            raise LaunchError(f"Port {port} is taken by another program; {remedy}") from None


def is_healthy(port: int) -> bool:
    """Ask the server whether it is up."""
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=2)
    try:
        connection.request("GET", HEALTH_PATH)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def await_health(process: "subprocess.Popen[bytes]", port: int, place: Place) -> float:
    """Wait until the server answers, and give the seconds that it took."""
    begun = time.monotonic()
    while time.monotonic() - begun < HEALTH_PATIENCE:
        if process.poll() is not None:
            raise LaunchError(early_end(process.returncode, place))
        if is_healthy(port):
            return time.monotonic() - begun
        time.sleep(0.1)
    raise LaunchError(f"The dashboard did not answer within {HEALTH_PATIENCE:.0f} seconds.")


def early_end(code: int, place: Place) -> str:
    """Say what follows from a dashboard that stopped before it answered."""
    ended = f"The dashboard stopped with code {code} before it answered (see above)"
    probe = [str(place.python), "-c", "import streamlit, shareshift"]
    if subprocess.run(probe, cwd=place.venv, capture_output=True).returncode == 0:
        return f"{ended}."
    # Installers trust their own notes about what is there, so that only a new .venv mends this.
    place.unfinished.touch()
    place.stamp.unlink(missing_ok=True)
    return f"{ended} because .venv is broken: start again, and it is made anew."


# The C library of Linux hands every large array back to the system at once, and the pages of the next run's arrays
# are then cleared one by one, which takes a third of the engine's time. These let it keep them; others ignore them.
MEMORY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "1073741824",
    "MALLOC_TOP_PAD_": "67108864",
}


def can_open_browser() -> bool:
    """Tell whether a browser would get a window: without one, a text browser could take the terminal."""
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def serve(place: Place, port: int, with_browser: bool) -> int:
    """Run the dashboard until it is ended, and give the exit code."""
    options = {"address": ADDRESS, "port": str(port), "headless": "true"}
    flags = [part for name, value in options.items() for part in (f"--server.{name}", value)]
    # In a session of its own it does not see Ctrl-C, so that only `stop` ends it.
    process = subprocess.Popen(
        [str(place.python), "-m", "streamlit", "run", "app.py", *flags],
        cwd=place.root,
        env={**MEMORY, **os.environ},
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    try:
        show_dashboard(await_health(process, port, place), port, with_browser)
        code = wait_for(process)
        say(f"The dashboard ended by itself with code {code}.")
        return 1 if code else 0
    except KeyboardInterrupt:
        say("\nEnding the dashboard.")
        return 0
    finally:
        stop(process)


def show_dashboard(seconds: float, port: int, with_browser: bool) -> None:
    """Say where the dashboard is, and open it if that is wanted and possible."""
    url = f"http://{ADDRESS}:{port}"
    say(f"The dashboard answers at {url} after {seconds:.1f} s. Ctrl-C ends it.")
    if with_browser and not (can_open_browser() and webbrowser.open(url)):
        say(f"No browser could be opened from here: open {url} yourself.")


def browser_places() -> "list[str]":
    """List where a Chromium may be, the command path first."""
    places = [found for found in map(shutil.which, CHROMIUM_NAMES) if found]
    places.extend(f"/Applications/{name}.app/Contents/MacOS/{name}" for name in MAC_BROWSERS)
    for variable in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
        folder = os.environ.get(variable)
        places.extend(str(Path(folder, name)) for name in WINDOWS_BROWSERS if folder)
    return places


def starts(path: str) -> bool:
    """Tell whether a browser is there and has the libraries that it needs."""
    if not Path(path).is_file():
        return False
    if os.name == "nt":
        # On Windows a browser that is asked for its version opens a window.
        return True
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def browser_here(_place: Place) -> Browser:
    """Look for a Chromium on this machine."""
    for path in browser_places():
        if starts(path):
            return Browser(path)
    return Browser(reason="no Chromium was found")


def browser_from_apt(place: Place) -> Browser:
    """Install Chromium with apt where that is possible."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not (is_root and Path("/etc/debian_version").exists() and shutil.which("apt-get")):
        return Browser(reason="apt-get is not usable here")
    packages = ["chromium", "fonts-dejavu-core"]
    if run_logged(["apt-get", "update"], place, "Updating the list of system packages") != 0:
        # An old list can still be good enough.
        say("The list of system packages could not be updated; trying with the one that is there.")
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if run_logged(command, place, "Installing Chromium with apt-get") != 0:
        return Browser(reason=f"apt-get could not install it ({last_line(read_log(place))})")
    found = browser_here(place)
    return found if found.path else Browser(reason="the Chromium of apt-get does not start")


def browser_from_playwright(place: Place) -> Browser:
    """Install the Chromium that Playwright offers."""
    install_it = [str(place.python), "-m", "playwright", "install", "chromium"]
    if run_logged(install_it, place, "Installing Chromium with Playwright") != 0:
        return Browser(reason=f"Playwright could not install it ({playwright_problem(read_log(place))})")
    command = [str(place.python), "-c", PLAYWRIGHT_PATH]
    path = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    if not starts(path):
        return Browser(reason="the Chromium of Playwright does not start; system libraries are missing")
    return Browser(path)


def playwright_problem(output: str) -> str:
    """Take the line with the error out of the output, which ends with a trace of JavaScript."""
    errors = [line for line in output.splitlines() if re.match(r"\s*(\w*Error|Failed)\b", line)]
    return last_line(errors[-1] if errors else output)


def find_browser(place: Place) -> Browser:
    """Find a Chromium, else install one, else collect the reasons why neither works."""
    named = os.environ.get("SHARESHIFT_CHROMIUM")
    if named and not Path(named).is_file():
        raise LaunchError(f"SHARESHIFT_CHROMIUM names {named}, and there is no such file.")
    if named:
        return Browser(named)
    reasons = []
    for attempt in (browser_here, browser_from_apt, browser_from_playwright):
        found = attempt(place)
        if found.path:
            return found
        reasons.append(found.reason)
    return Browser(reason="; ".join(reasons))


def browser_environment(browser: Browser) -> "dict[str, str]":
    """Give pytest the Chromium, or the reason to report for the tests that are not run."""
    environment = dict(os.environ)
    environment.pop("SHARESHIFT_CHROMIUM", None)
    environment.pop("SHARESHIFT_NO_BROWSER_REASON", None)
    if browser.path:
        environment["SHARESHIFT_CHROMIUM"] = browser.path
    else:
        environment["SHARESHIFT_NO_BROWSER_REASON"] = browser.reason
    return environment


def run_static_checks(place: Place, environment: "dict[str, str]") -> bool:
    """Run ruff and mypy, and tell whether all of them passed."""
    passed = True
    for check in STATIC_CHECKS:
        title = " ".join(check)
        say(f"\n== {title}")
        if run_openly([str(place.python), "-m", *check], place, environment) != 0:
            say(f"FAILED: {title}")
            passed = False
    return passed


def run_tests(place: Place, arguments: "list[str]") -> int:
    """Run the checks and the tests; pytest comes last and has the last word."""
    plan = "pytest with the given arguments" if arguments else "ruff, mypy and all the tests"
    say(f"This prepares .venv, finds a Chromium for the browser tests, and runs {plan}.")
    prepare(place, "test")
    browser = find_browser(place)
    say(f"Browser tests use {browser.path}." if browser.path else f"Browser tests do not run: {browser.reason}.")
    environment = browser_environment(browser)
    passed = True if arguments else run_static_checks(place, environment)
    say("\n== pytest")
    # All tests keep every processor busy; a few start sooner without helpers.
    chosen = arguments or ["-n", "auto", "--dist", "worksteal"]
    code = run_openly([str(place.python), "-m", "pytest", *chosen], place, environment)
    return code or (0 if passed else 1)


def port_number(text: str) -> int:
    """Read a port from the command line."""
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text} is not a port between 1 and 65535")
    return int(text)


def command_line() -> argparse.ArgumentParser:
    """Describe the command line of the dashboard."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(usage=USAGE, description=ABOUT, epilog=MORE, formatter_class=shape)
    parser.add_argument(
        "--port",
        type=port_number,
        default=DEFAULT_PORT,
        help=f"port of the dashboard (default {DEFAULT_PORT})",
    )
    parser.add_argument("--no-browser", action="store_true", help="only start the server")
    return parser


def start(place: Place, arguments: "list[str]") -> int:
    """Do what the command line asks for, and give the exit code."""
    if arguments[:1] == ["test"] and arguments[1:] not in (["--help"], ["-h"]):
        return run_tests(place, arguments[1:])
    options = command_line().parse_args([each for each in arguments if each != "test"])
    require_files(place, ("app.py",))
    require_free_port(options.port)
    prepare(place, "run")
    # The installation may have taken minutes, in which another program can have come.
    require_free_port(options.port)
    say(f"Starting the dashboard on port {options.port} ...")
    return serve(place, options.port, not options.no_browser)


def listen_to_signals() -> None:
    """Let every ordinary request to end arrive as Ctrl-C does, so that no server is left behind."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # Who ignores SIGHUP started this with nohup and means it.
        if number is not None and not (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):
            signal.signal(number, signal.default_int_handler)


def main(arguments: "list[str]", place: Place) -> int:
    """Start, and turn every expected failure into one sentence and exit code 2."""
    try:
        listen_to_signals()
        return start(place, arguments)
    except LaunchError as problem:
        print(problem, file=sys.stderr)
        return 2
    except OSError as problem:
        what = problem.strerror or str(problem)
        where = problem.filename or place.root
        print(f"Shareshift cannot use {where}: {what}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Place(Path(__file__).resolve().parent)))
