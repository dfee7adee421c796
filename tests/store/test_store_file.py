"""The file alone is the store after a clean end, and a damaged text is a sentence and not a crash."""

import shutil
import sqlite3

import pytest

from shareshift.store.errors import StoreError
from shareshift.store.opening import open_store

MARKET = ("digest-1", "A market", "0.1.0")


def test_after_a_clean_end_the_file_alone_holds_everything(tmp_path):
    file = tmp_path / "shareshift.db"
    with open_store(str(file)) as store:
        for number in range(20):
            store.create("ann", {"title": f"Scenario {number}"}, *MARKET)
    (tmp_path / "copy").mkdir()
    shutil.copy(file, tmp_path / "copy" / "shareshift.db")
    with open_store(str(tmp_path / "copy" / "shareshift.db")) as copy:
        assert len(copy.list_saved("ann")) == 20


def test_a_damaged_text_is_told_in_words_that_hold_nothing_of_it(tmp_path):
    file = tmp_path / "shareshift.db"
    with open_store(str(file)) as store:
        saved = store.create("ann", {"title": "Mine"}, *MARKET)
    with sqlite3.connect(file) as raw:
        raw.execute("update shareshift_version set content = cast(x'7bff' as text)")
    with open_store(str(file)) as store, pytest.raises(StoreError, match="damaged") as told:
        store.latest(saved.scenario_id)
    assert "Version 1 of “Mine”" in str(told.value)
    assert "7bff" not in str(told.value)
