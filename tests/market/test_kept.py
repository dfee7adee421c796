"""A market that was found sound is read again as it was, and only while its files and the rules stand still."""

import shutil
from pathlib import Path

import pytest

from shareshift.basics.errors import DataError
from shareshift.market import kept
from shareshift.market.kept import read_kept_market
from shareshift.market.market import read_market
from support.places import TINY


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def forbid_checking(monkeypatch):
    def fail(_):
        pytest.fail("the tables were checked again")

    monkeypatch.setattr(kept, "read_market", fail)


def test_the_kept_market_equals_the_checked_one(folder, tmp_path, monkeypatch):
    first = read_kept_market(folder, tmp_path / "cache")
    forbid_checking(monkeypatch)
    again = read_kept_market(folder, tmp_path / "cache")
    assert first.digest == again.digest == read_market(folder).digest
    assert all(again.tables[name].equals(frame) for name, frame in first.tables.items())
    assert {name: frame.schema for name, frame in again.tables.items()} == {
        name: frame.schema for name, frame in first.tables.items()
    }


def test_a_changed_cell_is_checked_and_a_fault_is_named(folder, tmp_path):
    read_kept_market(folder, tmp_path / "cache")
    file = folder / "spend.csv"
    file.write_text(file.read_text().replace(",480,600,", ",980,600,"))
    with pytest.raises(DataError, match=r"spend\.csv, row 2, column low_usd_per_year"):
        read_kept_market(folder, tmp_path / "cache")


def test_a_damaged_file_in_the_cache_is_made_good_by_checking(folder, tmp_path):
    digest = read_kept_market(folder, tmp_path / "cache").digest
    for file in (tmp_path / "cache").rglob("*.arrow"):
        file.write_bytes(b"nonsense")
    assert read_kept_market(folder, tmp_path / "cache").digest == digest


def test_a_cache_that_cannot_be_written_costs_only_time(folder, tmp_path):
    (tmp_path / "cache").write_text("a file, not a folder")
    assert read_kept_market(folder, tmp_path / "cache").digest == read_market(folder).digest


def test_a_missing_table_is_named_as_ever(folder, tmp_path):
    (folder / "claims.csv").unlink()
    with pytest.raises(DataError, match=r"claims\.csv: the file is missing"):
        read_kept_market(folder, tmp_path / "cache")


def test_no_flipped_bit_of_what_was_kept_changes_an_answer(folder, tmp_path):
    digest = read_kept_market(folder, tmp_path / "cache").digest
    for number, file in enumerate(sorted((tmp_path / "cache").rglob("*.arrow"))):
        kept_bytes = bytearray(file.read_bytes())
        kept_bytes[number * 7919 % len(kept_bytes)] ^= 1 << number % 8
        file.write_bytes(kept_bytes)
        assert read_kept_market(folder, tmp_path / "cache").digest == digest, file.name


def test_tables_that_were_swapped_whole_are_found_out(folder, tmp_path):
    digest = read_kept_market(folder, tmp_path / "cache").digest
    spend = next((tmp_path / "cache").rglob("spend.arrow"))
    spend.write_bytes((spend.parent / "revenues.arrow").read_bytes())
    assert read_kept_market(folder, tmp_path / "cache").digest == digest
