"""What travels in the wheel: the modules, the pages' files, the door, the settings and the bundled market."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.places import BUNDLED, ROOT

BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
ASK = "from shareshift.basics.places import home, market_folder; print(home(), market_folder())"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what an installed wheel puts there."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run([sys.executable, "-c", BUILD, folder], cwd=ROOT, capture_output=True, text=True, check=True)
    with zipfile.ZipFile(folder / built.stdout.split()[-1]) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def files(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_package_and_what_stands_beside_it(unpacked: Path) -> None:
    package = unpacked / "shareshift"
    inside = {name: content for name, content in files(package).items() if not name.startswith("bundled/")}
    assert inside == files(ROOT / "src" / "shareshift")
    assert files(package / "bundled" / "data" / BUNDLED.name) == files(BUNDLED)
    for name in ("app.py", ".streamlit/config.toml"):
        assert (package / "bundled" / name).read_bytes() == (ROOT / name).read_bytes()
    metadata = next(unpacked.glob("*.dist-info"))
    assert (metadata / "licenses" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_an_installed_wheel_finds_its_own_door_settings_and_market(unpacked: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SHARESHIFT_MARKET"}
    for path, home in ((unpacked, unpacked / "shareshift" / "bundled"), (ROOT / "src", ROOT)):
        command = [sys.executable, "-P", "-c", ASK]
        answer = subprocess.run(
            command,
            cwd=tmp_path,
            env={**environment, "PYTHONPATH": str(path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert answer.stdout == f"{home} {home / 'data' / BUNDLED.name}\n"
