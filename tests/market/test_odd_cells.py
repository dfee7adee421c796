"""Any single cell changed to something odd: what `validate` accepts, everything else can run on, or refuses in words.

Which cells and values stands in `support.odd_cells`; the same ones are tried every time.
"""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl
import pytest

from shareshift.basics.errors import DataError, ShareshiftError
from shareshift.export.bundle.contents import bundle_files
from shareshift.export.bundle.inputs import Order, market_of, read_inputs
from shareshift.market.market import read_market
from shareshift.scenario.scenario import Scenario
from support.markets import edit_table
from support.odd_cells import DRAWS, OddEdit, ask_everything, odd_edits, some_edits
from support.places import TINY

pytestmark = pytest.mark.usefixtures("quick_reading")
QUICK, WIDE, FOLDERS = 72, 3000, 24


def changed(tmp_path: Path, edit: OddEdit) -> Path:
    folder = tmp_path / "market"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(TINY, folder)
    edit_table(folder / f"{edit[0]}.csv", [edit])
    return folder


def wrong(tmp_path: Path, edits: Iterable[OddEdit], *, bundled: bool = False) -> list[str]:
    """Return every edit that breaks something in another way than by our own sentence."""
    found = []
    for edit in edits:
        folder = changed(tmp_path, edit)
        try:
            market = read_market(folder)
        except DataError as error:
            found += [f"{edit}: {line}" for line in error.lines if not line.endswith(".")]
            continue
        except Exception as error:
            found.append(f"{edit}: reading it raises {error!r}")
            continue
        try:
            tables = ask_everything(market, folder)
            found += [f"{edit}: {name} is empty" for name in ("summary", "gains") if tables[name].is_empty()]
            found += [f"{edit}: {name} holds infinity" for name, frame in tables.items() if _endless(frame)]
            if bundled:
                inputs = read_inputs(folder)
                order = Order(inputs=inputs, market=market_of(inputs), scenario=Scenario(), draws=DRAWS, seed=0)
                bundle_files(order)
        except ShareshiftError as error:
            found += [f"{edit}: {line}" for line in str(error).splitlines() if not line.endswith(".")]
        except Exception as error:
            found.append(f"{edit}: raises {error!r}")
    return found


def _endless(frame: pl.DataFrame) -> bool:
    return any(bool(column.is_infinite().any()) for column in frame if column.dtype.is_float())


def test_an_odd_cell_is_refused_in_words_or_everything_runs(tmp_path: Path) -> None:
    assert wrong(tmp_path, some_edits(QUICK)) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_thousands_of_odd_cells_are_refused_in_words_or_everything_runs(tmp_path: Path) -> None:
    assert wrong(tmp_path, some_edits(WIDE)[QUICK:]) == []


@pytest.mark.slow
def test_a_bundle_is_written_of_whatever_is_accepted(tmp_path: Path) -> None:
    assert wrong(tmp_path, some_edits(WIDE)[::60], bundled=True) == []


@pytest.mark.slow
def test_validate_and_the_other_commands_agree(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    for edit in some_edits(WIDE)[:: WIDE // FOLDERS]:
        folder = changed(tmp_path, edit)
        checked = run("validate", folder)[0]
        asked = [("project",), ("claims",), ("forms",), ("compare", "baseline", "exodus")]
        for command, *names in asked:
            code, _, told = run(command, folder, *names, "--draws", DRAWS, "--out", tmp_path / command, "--force")
            assert code == checked, (edit, command, told)
            assert "Traceback" not in told


def test_every_column_of_every_table_is_tried() -> None:
    tried = {(table, column) for table, _, column, _ in some_edits(QUICK * 3)}
    assert tried == {(table, column) for table, _, column, _ in odd_edits()}
