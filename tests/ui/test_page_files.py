"""The files of the first page: one with everything, and each table in the format a reader picks."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from shareshift.basics.errors import DataError
from shareshift.export import read_csv, read_parquet
from shareshift.export.workbook import read_xlsx
from shareshift.market.market import Market
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario, read_scenarios
from shareshift.ui.money import files
from shareshift.ui.money.files import TABLES as FILES
from shareshift.ui.shell import cache
from support.pages import labels, open_page
from support.places import TINY

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("tiny_app")]


def test_everything_is_offered_as_one_file_and_each_table_in_every_format(tiny: Market) -> None:
    app = open_page()
    assert {"Everything (ZIP)", "The scenario (TOML)"} <= labels(app)
    tables = app.selectbox(key="file-table")
    assert {*project(tiny, draws=2).tables, "ribbons", "incumbent"} == set(FILES)
    assert tables.options == list(FILES.values())
    for name, kind in (("flows", "CSV"), ("ribbons", "Parquet"), ("gains", "XLSX"), ("gains", "CSV, decimal comma")):
        app.selectbox(key="file-table").select(name)
        app.session_state["file-format"] = kind
        app.run()
        assert not app.exception
        assert f"Download {name}{files.FORMATS[kind][0]}" in labels(app)
    assert {ending for ending, _ in files.FORMATS.values()} == {".csv", ".european.csv", ".xlsx", ".parquet"}


def test_nothing_that_only_files_need_is_imported_before_a_button_is_pressed() -> None:
    script = "import sys, shareshift.ui.money.files; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert "streamlit" in loaded
    assert not loaded & {"vl_convert", "xlsxwriter", "python_calamine", "altair", "numba", "pandera"}
    assert "shareshift.export.bundle" not in done.stdout


def test_a_table_is_the_same_frame_in_every_format(tiny: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "DEFAULT_DRAWS", 32)
    monkeypatch.setattr(cache, "DEFAULT_DRAWS", 32)
    current = files.Current(scenario=Scenario(), month=cache.last_month(tiny))
    for name in FILES:
        frame = files.frame_of(tiny, current, name)
        made = {kind: write(name, frame) for kind, (_, write) in files.FORMATS.items()}
        assert_frame_equal(read_csv(made["CSV"], frame.schema), frame)
        assert_frame_equal(read_csv(made["CSV, decimal comma"], frame.schema, european=True), frame)
        assert_frame_equal(read_parquet(made["Parquet"]), frame)
        assert_frame_equal(read_xlsx(made["XLSX"], name, frame.schema), frame)


def test_the_bundle_of_the_page_is_that_of_the_command_line(
    run: Callable[..., tuple[int, str, str]], tiny: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "DEFAULT_DRAWS", 16)
    here = files.bundle_of(tiny, read_scenarios(TINY, tiny)["exodus"])
    assert run("bundle", TINY, "--scenario", "exodus", "--draws", 16, "--out", tmp_path / "b.zip")[0] == 0
    assert (tmp_path / "b.zip").read_bytes() == here


def test_a_market_that_changed_behind_the_page_is_not_bundled_as_if_it_had_not(
    broken_market: Callable[..., Path], tiny: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARESHIFT_MARKET", str(broken_market(("spend", 2, "note", "Another word"))))
    with pytest.raises(DataError, match="Reload the page"):
        files.bundle_of(tiny, Scenario())
