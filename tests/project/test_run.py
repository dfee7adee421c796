"""The launcher: the sentences it has for whoever starts it, and real starts of a project of one small package."""

import ast
import hashlib
import os
import runpy
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.places import ROOT

RUN_PY = ROOT / "run.py"
TREE = ast.parse(RUN_PY.read_text("utf-8"), feature_version=(3, 6))


def test_the_launcher_is_short_and_needs_the_standard_library_alone() -> None:
    assert len(RUN_PY.read_text("utf-8").splitlines()) < 200
    plain = [alias.name for node in ast.walk(TREE) if isinstance(node, ast.Import) for alias in node.names]
    named = [str(node.module) for node in ast.walk(TREE) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in plain + named} <= sys.stdlib_module_names


def test_an_old_python_gets_one_sentence_before_anything_newer_runs() -> None:
    old = "import sys; sys.version_info, sys.version = (3, 6, 9), '3.6.9 (old)'; import run"
    answer = subprocess.run([sys.executable, "-c", old], cwd=ROOT, capture_output=True, text=True)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == "Shareshift needs Python 3.11 or newer; this is Python 3.6.9.\n"


@pytest.mark.parametrize("arguments", [["--help"], ["test", "-h"]])
def test_the_help_names_both_commands_and_installs_nothing(arguments: list[str], tmp_path: Path) -> None:
    shutil.copy(RUN_PY, tmp_path)
    answer = subprocess.run([sys.executable, "run.py", *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert answer.returncode == 0
    assert "run.py test [pytest arguments]" in answer.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["run.py"]


# A project as small as one can be, whose build backend and only dependency are made on the spot: its starts are real,
# and need no network.
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "shareshift"
version = "1"
"""
BACKEND = """
import pathlib, zipfile

def write_wheel(folder, name, version, files):
    files[f"{name}-{version}.dist-info/METADATA"] = f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n"
    files[f"{name}-{version}.dist-info/WHEEL"] = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    path = pathlib.Path(folder, f"{name}-{version}-py3-none-any.whl")
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)
        wheel.writestr(f"{name}-{version}.dist-info/RECORD", "".join(f"{file},,\\n" for file in files))
    return path.name

def build_editable(folder, config_settings=None, metadata_directory=None):
    return write_wheel(folder, "shareshift", 1, {"shareshift.pth": str(pathlib.Path("src").absolute())})
"""
# Compiling lasts until the test says so, where it is asked to.
ENGINE = """
import pathlib, time
project = "compiled"
if pathlib.Path("wait").exists():
    pathlib.Path("compiling").touch()
    while pathlib.Path("wait").exists():
        time.sleep(0.05)
"""
REMEDY = "Preparing .venv failed, as said above. Check the network and the disk's free space, then start again.\n"
COMMAND = "import sys, small; print('started with', *sys.argv[1:])"


class Project:
    """A checkout of the small project, and starts of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lock = folder, folder / "requirements.lock"
        files = {"pyproject.toml": PROJECT, "backend.py": BACKEND}
        files |= {"src/shareshift/__init__.py": ENGINE, "src/shareshift/__main__.py": COMMAND}
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        shutil.copy(RUN_PY, folder)
        (folder / "wheels").mkdir()
        backend = runpy.run_path(str(folder / "backend.py"))
        wheels = [
            folder / "wheels" / backend["write_wheel"](folder / "wheels", "small", n, {"small.py": ""}) for n in (1, 2)
        ]
        self.hash = hashlib.sha256(wheels[0].read_bytes()).hexdigest()
        self.lock_to(1)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "PYTHON"))}
        index = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder / "wheels")}
        # Without a PATH there is no uv.
        self.environment = {**kept, **index, "PATH": ""}

    def lock_to(self, version: int, remark: str = "") -> None:
        """Ask for a version of the package by the hash of its first one."""
        self.lock.write_text(f"{remark}small=={version} --hash=sha256:{self.hash}\n")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, self.folder / "run.py", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def says(self, *arguments: str) -> tuple[int, str, str]:
        """Return the exit code, the output and the errors of a start."""
        with self.start(*arguments) as start:
            out, errors = start.communicate(timeout=120)
        return start.returncode, out, errors

    def compile_slowly(self) -> None:
        (self.folder / "compiling").unlink(missing_ok=True)
        (self.folder / "wait").touch()

    def await_compiling(self) -> None:
        for _ in range(1200):
            if (self.folder / "compiling").exists():
                return
            time.sleep(0.05)
        raise AssertionError("the engine is not being compiled")

    def go_on(self) -> None:
        (self.folder / "wait").unlink()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals that a test could send")
@pytest.mark.timeout(300)
def test_starts_install_once_wait_for_each_other_and_mend_what_was_cut_off(tmp_path: Path) -> None:
    project = Project(tmp_path)
    started, waiting = "started with serve\n", "Another start is preparing .venv; waiting for it.\n"

    project.compile_slowly()
    with project.start() as first:
        project.await_compiling()
        with project.start() as second:
            assert second.stdout is not None
            assert second.stdout.readline() == waiting
            project.go_on()
            assert second.communicate(timeout=120) == (started, "")
        out, _ = first.communicate(timeout=120)
    assert out.startswith("Preparing .venv with pip; later starts skip this.\n")
    assert out.endswith(started)
    assert project.says("a market", "--port=1") == (0, "started with serve a market --port=1\n", "")

    # What was refused has changed nothing: with the old lock the next start is as quick as before.
    for version, reason in ((2, "DO NOT MATCH THE HASHES"), (3, "No matching distribution found for small==3")):
        project.lock_to(version)
        code, _, errors = project.says()
        assert code == 1
        assert reason in errors
        assert errors.endswith(REMEDY)
    project.lock_to(1)
    assert project.says() == (0, started, "")

    # The installer outlives a start that is killed, and keeps the next one waiting, which then makes .venv anew.
    project.lock_to(1, "# changed\n")
    project.compile_slowly()
    with project.start() as killed:
        project.await_compiling()
        killed.kill()
    half_written = next((tmp_path / ".venv").glob("*/*/site-packages")) / "half-written"
    half_written.touch()
    with project.start() as mending:
        assert mending.stdout is not None
        assert mending.stdout.readline() == waiting
        assert half_written.exists()
        project.go_on()
        out, _ = mending.communicate(timeout=120)
    assert out.startswith("Preparing .venv")
    assert out.endswith(started)
    assert not half_written.exists()
    assert project.says() == (0, started, "")
