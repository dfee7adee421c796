"""Start the dashboard, or run the tests, after putting everything they need into .venv.

    python3 run.py [MARKET] [--port N] [--no-browser]
    python3 run.py test [pytest arguments]

The first start installs the pinned packages; later ones skip that. `test` alone runs the static checks and all tests,
with arguments only pytest. It takes the Chromium that SHARESHIFT_CHROMIUM names, else finds or installs one.
"""

# The standard library alone, and a syntax that Python 3.6 reads, so that an old Python gets a sentence.
import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

if sys.version_info[:2] < (3, 11):  # noqa: UP036
    sys.exit("Shareshift needs Python 3.11 or newer; this is Python " + sys.version.split()[0] + ".")
if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
# A line for each level that .venv holds. Where the file is missing, an installer was cut off halfway.
STAMP = VENV / "shareshift-stamp"
LOCKS = {"run": "requirements.lock", "test": "tests/requirements.lock"}
CHECKS = {
    "ruff format": ("-m", "ruff", "format", "--check", "."),
    "ruff check": ("-m", "ruff", "check", "."),
    "mypy": ("-m", "mypy"),
    "lint-imports": ("-c", "from importlinter.cli import lint_imports_command as check; check()", "--no-logo"),
}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge")
PLAYWRIGHT_PATH = "import playwright.sync_api as p\nwith p.sync_playwright() as it: print(it.chromium.executable_path)"


def run(*command: str) -> int:
    """Run a program in the project's folder with its output on the screen, and return its exit code."""
    # It inherits the guard of .venv: an installer that outlives this process keeps the next one waiting.
    process = subprocess.Popen(command, cwd=ROOT, close_fds=False)
    try:
        return process.wait()
    except KeyboardInterrupt:
        # Ctrl-C in a terminal reaches the program as well, and pytest then needs time for its summary.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        process.kill()
        raise


def must(*command: str) -> None:
    """Run a program that has to succeed; its own last words say best what went wrong."""
    if run(*command):
        sys.exit(
            "Preparing .venv failed, as said above. Check the network and the disk's free space, then start again."
        )


def answer(*command: str) -> str:
    """Return what a program prints, or nothing where it fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def stamp(level: str) -> str:
    """Return the line that stands for a level: a digest of all that decides what belongs into .venv."""
    files = [(ROOT / name).read_bytes() for name in ("pyproject.toml", LOCKS[level])]
    # The folder is part of it because the editable installation points at it.
    key = repr((sys.implementation.cache_tag, sys.platform, str(ROOT), files))
    return f"{level} {hashlib.sha256(key.encode()).hexdigest()}"


def is_ready(level: str) -> bool:
    """Tell whether .venv holds what the level needs."""
    return Path(PYTHON).exists() and STAMP.is_file() and stamp(level) in STAMP.read_text().splitlines()


@contextlib.contextmanager
def guard() -> "Iterator[None]":
    """Let one start at a time work on .venv; the system lifts the guard whatever happens to this process."""
    with (ROOT / ".venv.lock").open("a") as file:
        os.set_inheritable(file.fileno(), True)
        waits = False
        while True:
            try:
                if sys.platform == "win32":
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                else:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except (BlockingIOError, PermissionError):
                if not waits:
                    print("Another start is preparing .venv; waiting for it.", flush=True)
                waits = True
                time.sleep(0.2)
        yield


def prepare(level: str) -> None:
    """Make .venv hold what the level needs; nothing is done where it does already."""
    if is_ready(level):
        return
    if VENV.is_symlink():
        sys.exit(f"{VENV} points to a folder that may not be this project's own: move it away and start again.")
    with guard():
        if is_ready(level):
            return
        uv = shutil.which("uv") or ""
        print(f"Preparing .venv with {'uv' if uv else 'pip'}; later starts skip this.", flush=True)
        probe = "import sys; print(sys.implementation.cache_tag)" + ("" if uv else "; import pip")
        if not (STAMP.is_file() and answer(PYTHON, "-c", probe) == sys.implementation.cache_tag):
            # From an interpreter that stays when .venv goes, even where this one was started from inside it.
            base = str(getattr(sys, "_base_executable", sys.executable))
            must(*((uv, "venv", "--quiet", "--python", base) if uv else (base, "-m", "venv")), "--clear", str(VENV))
            STAMP.touch()
        before, packages = STAMP.read_text(), set(VENV.glob("*/*/*/*"))
        STAMP.unlink()
        try:
            install(level, uv)
        except SystemExit:
            # Where nothing was changed, as without a network, what could be started before still can.
            if packages == set(VENV.glob("*/*/*/*")):
                STAMP.write_text(before)
            raise
        # The lock of the tests holds all of the other.
        STAMP.write_text("\n".join(map(stamp, {"run", level})))


def install(level: str, uv: str) -> None:
    """Install the locked packages, every one a wheel with a known hash, and the project itself."""
    pip = (uv, "pip", "install", "--python", PYTHON) if uv else (PYTHON, "-m", "pip", "install", "--no-input")
    must(*pip, "--require-hashes", "--only-binary", ":all:", "-r", LOCKS[level])
    must(*pip, "--quiet", "--no-deps", "--no-build-isolation", "-e", ".")
    print("Compiling the engine, once.", flush=True)
    must(PYTHON, "-c", "from shareshift import project")


def find_chromium() -> str:
    """Return the path of a Chromium that starts, installed where need be; nothing where there is none."""
    named = os.environ.get("SHARESHIFT_CHROMIUM", "")
    if named and not Path(named).is_file():
        sys.exit(f"SHARESHIFT_CHROMIUM names {named}, and there is no such file.")
    apt = ("apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core")
    is_root_on_debian = os.name != "nt" and os.geteuid() == 0 and Path("/etc/debian_version").exists()
    installers = [("apt-get", "update"), apt] if is_root_on_debian else []
    for installer in ((), *installers, (PYTHON, "-m", "playwright", "install", "chromium")):
        if installer:
            run(*installer)
        for path in map(shutil.which, (named, *CHROMIUM_NAMES, answer(PYTHON, "-c", PLAYWRIGHT_PATH))):
            # A stub that only asks for another package fails here. On Windows the question would open a window.
            if path and (os.name == "nt" or answer(path, "--version")):
                return path
    return ""


def test(arguments: "list[str]") -> int:
    """Run the static checks and all tests, or pytest alone with the arguments; return the exit code."""
    prepare("test")
    path = find_chromium()
    reason = "" if path else "no Chromium was found and none could be installed, as said before the tests"
    os.environ.update(SHARESHIFT_CHROMIUM=path, SHARESHIFT_NO_BROWSER_REASON=reason)
    failed = [name for name, check in CHECKS.items() if not arguments and run(PYTHON, *check)]
    print("".join(f"FAILED: {name}\n" for name in failed) + f"Browser tests: {path or reason}", flush=True)
    # All tests keep every processor busy; a few start sooner without helpers.
    return run(PYTHON, "-m", "pytest", *(arguments or ("-n", "auto", "--dist", "worksteal"))) or bool(failed)


def main(arguments: "list[str]") -> int:
    """Do what the command line asks for, and return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if {"-h", "--help"} & set(arguments):
        sys.exit(print(__doc__))
    try:
        if arguments[:1] == ["test"]:
            return test(arguments[1:])
        prepare("run")
        # With -P because files in the reader's folder may be called like a module.
        command = [PYTHON, "-P", "-m", "shareshift", "serve", *arguments]
        if os.name == "nt":
            return subprocess.call(command)
        os.execv(PYTHON, command)
    except OSError as problem:
        sys.exit(f"Shareshift cannot start: {problem}.")
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
