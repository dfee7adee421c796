"""The file alone is the store after a clean end; a damaged row costs itself only, a damaged file is kept."""

import re
import secrets
import shutil
import sqlite3
import traceback
from pathlib import Path

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


DAMAGE = {
    "version": ["content = cast(x'7bff' as text)", "content = '{'", "content = '[]'", "title = cast(x'ff41' as text)",
                "note = x'07'", "saved_at = 'soon'", "number = 'two'"],
    "draft": ["content = cast(x'7bff' as text)", "history = '['", "title = cast(x'ff41' as text)", "revision = 'one'",
              "saved_at = cast(x'ff' as text)"],
    "scenario": ["owner = 5", "created_at = ''", "version = 9"],
}  # fmt: skip


def change(file, kind, damage, row):
    raw = sqlite3.connect(file)
    raw.execute("pragma ignore_check_constraints = on")
    with raw:
        raw.execute(f"update shareshift_{kind} set {damage} where {row}")  # noqa: S608
    raw.close()


@pytest.mark.parametrize(("kind", "damage"), [(kind, one) for kind, many in DAMAGE.items() for one in many])
def test_a_damaged_row_costs_that_row_only_and_is_named(tmp_path, kind, damage):
    file = tmp_path / "shareshift.db"
    with open_store(str(file)) as store:
        bad, good = (store.create("ann", {"title": title}, *MARKET) for title in ("Bad", "Good"))
        store.save("ann", bad.scenario_id, {"title": "Bad"}, 1, *MARKET)
        for title in ("bad", "good"):
            store.put_draft("ann", title, {"title": title.title()}, "digest-1", 1)
    rows = {"version": "title = 'Bad' and number = 2", "draft": "title = 'Bad'"}
    change(file, kind, damage, rows.get(kind, f"scenario_id = '{bad.scenario_id}'"))
    with open_store(str(file)) as store:
        saved, drafts = store.list_saved("ann"), store.drafts("ann")
        assert "Good" in [one.title for one in saved]
        assert store.latest(good.scenario_id).title == "Good"
        assert "Good" in [one.title for one in drafts]
        if kind != "scenario":
            assert 1 in [one.number for one in store.history(bad.scenario_id)]
        named = (*saved.damaged, *drafts.damaged, *(store.history(bad.scenario_id).damaged))
        if not named and kind == "draft":
            # A list does not read what a draft says.
            with pytest.raises(StoreError, match=r"The draft “Bad” \(bad\) is damaged") as told:
                store.draft("ann", "bad")
            named = (str(told.value),)
        assert damage == "owner = 5" or named
        assert all(name.isprintable() for name in named)


def emptied(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [emptied, Path.unlink])
def test_a_file_that_is_lost_is_moved_aside_with_its_log_and_said(tmp_path, harm, caplog):
    file, log = tmp_path / "shareshift.db", tmp_path / "shareshift.db-wal"
    with open_store(str(file)) as store:
        for number in range(5):
            store.create("ann", {"title": f"Scenario {number}"}, *MARKET)
        # As a server leaves them that was killed.
        left = {path.name: path.read_bytes() for path in (file, log)}
    for name, content in left.items():
        (tmp_path / name).write_bytes(content)
    harm(file)
    with open_store(str(file)) as store:
        assert store.list_saved("ann") == []
        store.create("ann", {"title": "New"}, *MARKET)
        (folder,) = [path for path in tmp_path.iterdir() if path.is_dir()]
        assert store.aside == folder
    assert re.fullmatch(r"shareshift\.db\.damaged-\d{4}-\d\d-\d\d-\d{6}", folder.name)
    assert (folder / log.name).read_bytes() == left[log.name]
    assert str(folder) in caplog.text
    # With the file it belongs to, the log gives everything back.
    (folder / file.name).write_bytes(left[file.name])
    with open_store(str(folder / file.name)) as store:
        assert len(store.list_saved("ann")) == 5
    with open_store(str(file)) as store:
        assert (len(store.list_saved("ann")), store.aside) == (1, None)


def test_a_file_that_is_no_database_any_more_is_moved_aside_and_said(tmp_path, caplog):
    file = tmp_path / "shareshift.db"
    with open_store(str(file)) as store:
        store.create("ann", {"title": "Mine"}, *MARKET)
    broken = b"\xff" * 4096 + file.read_bytes()[4096:]
    file.write_bytes(broken)
    with open_store(str(file)) as store:
        assert (store.list_saved("ann"), store.is_file) == ([], True)
        assert (store.aside / file.name).read_bytes() == broken
        assert str(store.aside) in caplog.text


def test_neither_a_reader_nor_the_log_learns_what_is_not_theirs(tmp_path, caplog):
    file, plan = tmp_path / "shareshift.db", secrets.token_hex(8)
    with open_store(str(file), patience=0.05, called="The store of this server") as store:
        with sqlite3.connect(file, isolation_level=None) as other:
            other.execute("begin immediate")
            with pytest.raises(StoreError, match="The store of this server: Another program holds it") as told:
                store.put_draft("ann", "d", {"title": plan}, "digest-1", 1)
        other.close()
    assert str(tmp_path) not in str(told.value)
    assert str(file) in caplog.text
    log = caplog.text + "".join(traceback.format_exception(told.value))
    assert plan not in log


@pytest.mark.parametrize(
    "address",
    ["postgresql://bob:hun@ter2@127.0.0.1:1/db", "postgresql://bob:hun@te/r2@127.0.0.1/db", "postgres://b@c:ter2@h/d"],
)
def test_a_password_with_a_bare_at_sign_is_asked_for_encoded_and_never_shown(address):
    with pytest.raises(StoreError, match="percent-encoded") as told:
        open_store(address)
    assert "r2" not in str(told.value)


def test_a_server_that_refuses_is_told_to_readers_without_its_address(caplog):
    with pytest.raises(StoreError) as told:
        open_store("postgresql://bob:hunter2@127.0.0.1:1/base", called="The store of this server")
    assert str(told.value).startswith("The store of this server: The server cannot be used. Start it")
    assert "127.0.0.1" not in str(told.value)
    assert "PostgreSQL database base on 127.0.0.1, port 1" in caplog.text
    assert "hunter2" not in caplog.text
