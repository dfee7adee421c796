"""What the tests share: the tiny market, ways to break a copy of it, and how hard Hypothesis searches."""

import atexit
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import polars as pl
import pytest

from shareshift.basics.errors import Fault
from shareshift.market import checking
from shareshift.market.market import Market, read_market
from support.markets import Edit, edit_table
from support.places import TINY

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from support.dashboard import Dashboard

# Kept markets and saved scenarios of the tests do not belong into the folders of whoever runs them.
for variable in ("SHARESHIFT_CACHE", "SHARESHIFT_DATA"):
    os.environ[variable] = tempfile.mkdtemp(prefix="shareshift-tests-")
    atexit.register(shutil.rmtree, os.environ[variable], ignore_errors=True)
os.environ.pop("SHARESHIFT_DATABASE_URL", None)


# The same examples in every run, so that a failure is somebody's change; `thorough` goes looking for more.
hypothesis.settings.register_profile("same", deadline=None, max_examples=100, derandomize=True, database=None)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=500)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or "same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept-golden",
        action="store_true",
        help="rewrite the files of tests/data/golden from this run, and fail so that the difference is read",
    )


@pytest.fixture(scope="session")
def tiny() -> Market:
    """The made-up market that can be computed by hand."""
    return read_market(TINY)


@pytest.fixture
def quick_reading(monkeypatch: pytest.MonkeyPatch, tiny: Market) -> None:
    """Spare the check of tables that are still the tiny market's; it takes most of the time of reading."""
    check_table = checking.check_table

    def check(table: str, frame: pl.DataFrame) -> list[Fault]:
        untouched = "line" in frame.columns and table in tiny.tables and frame.drop("line").equals(tiny.tables[table])
        return [] if untouched else check_table(table, frame)

    monkeypatch.setattr(checking, "check_table", check)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """The command line as a function: its arguments in, exit code, standard output and standard error out."""
    from shareshift.cli.main import main

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["shareshift", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return call


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of the tests' own; whoever asks is skipped where none can be started."""
    from support.postgresql_server import NoServerError, postgresql_server

    with contextlib.ExitStack() as stack:
        try:
            address = stack.enter_context(postgresql_server())
        except NoServerError as error:
            pytest.skip(str(error))
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return str(tmp_path / "data" / "shareshift.db")
    from support.postgresql_server import empty_database

    return empty_database(request.getfixturevalue("postgresql"))


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """A Chromium for all tests of a process; whoever asks is skipped where there is none."""
    from playwright.sync_api import sync_playwright

    from support.chromium import NoChromiumError, launch_chromium

    with sync_playwright() as playwright:
        try:
            chromium = launch_chromium(playwright)
        except NoChromiumError as error:
            pytest.skip(str(error))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Dashboard]":
    from support.dashboard import Dashboard

    folder = tmp_path_factory.mktemp("server")
    server = Dashboard(folder, SHARESHIFT_DATA=str(folder / "data"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(shared_server: "Dashboard") -> "Dashboard":
    """The dashboard on the tiny market, one for all tests of a process; a test that kills it need not mend it."""
    if not shared_server.runs:
        shared_server.start()
    return shared_server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show with a failure what the servers of the test have said last."""
    report = yield
    servers = {id(value): value for value in getattr(item, "funcargs", {}).values() if hasattr(value, "said")}
    if report.failed:
        report.sections += [("Output of the server", server.said()[-4000:]) for server in servers.values()]
    return report


@pytest.fixture
def broken_market(tmp_path: Path) -> Callable[..., Path]:
    """A function that copies the tiny market, edits cells, and returns the copy's folder.

    `broken_market(("spend", 2, "low_usd_per_year", "900"))` writes 900 into line 2 of spend.csv;
    `("vendors", None, {"vendor_id": "dune", ...}, "")` appends a row, `("vendors", 3, None, "")` deletes one.
    `files={"spend.csv": b"..."}` replaces whole files, with bytes or with a function of the bytes; None deletes.
    """

    def edited(*edits: Edit, files: Mapping[str, bytes | Callable[[bytes], bytes] | None] | None = None) -> Path:
        folder = tmp_path / "market"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(TINY, folder)
        for table in {edit[0] for edit in edits}:
            edit_table(folder / f"{table}.csv", [edit for edit in edits if edit[0] == table])
        for name, content in (files or {}).items():
            if content is None:
                (folder / name).unlink()
            else:
                old = (folder / name).read_bytes() if (folder / name).exists() else b""
                (folder / name).write_bytes(content(old) if callable(content) else content)
        return folder

    return edited
