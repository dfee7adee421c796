"""`shareshift store`: a copy holds everything, what is there is never lost, and what comes out can be run."""

import sqlite3
from pathlib import Path

import polars as pl
import pytest

from shareshift.market.market import read_market
from shareshift.scenario.scenario import read_scenario
from shareshift.store.opening import open_store
from support.places import TINY

MARKET = ("digest-1", "tiny", "0.3.0")
POSTGRESQL = "postgresql://ann:s3cret@127.0.0.1:1/base"


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The file of a store that only this test uses."""
    monkeypatch.setenv("SHARESHIFT_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "shareshift.db"


@pytest.fixture
def filled(file):
    """A store in use: two scenarios, three versions and a draft, none of it in the file itself yet."""
    with open_store() as store:
        one = store.create("ann", {"title": "Exodus", "parameters": {"growth": 0.4}}, *MARKET)
        store.save("ann", one.scenario_id, {"title": "Exodus"}, 1, *MARKET, note="=SUM(A1)", author="Ann")
        store.archive("bob", store.create("bob", {"title": "Ölkrise / 2"}, *MARKET).scenario_id)
        store.put_draft("ann", "d", {"title": "Half done"}, "digest-1", 1)
        yield store


def held(path: Path) -> tuple[int, int]:
    with sqlite3.connect(path) as raw:
        counts = "(select count(*) from shareshift_version), (select count(*) from shareshift_draft)"
        found = raw.execute(f"select {counts}").fetchone()
    raw.close()
    return found


def test_a_backup_of_a_store_in_use_holds_everything_in_one_file_of_its_owner_alone(run, filled, tmp_path):
    copy = tmp_path / "copies" / "monday.db"
    assert run("store", "backup", copy) == (0, f"{copy}\n", "")
    assert [path.name for path in copy.parent.iterdir()] == ["monday.db"]
    assert held(copy) == (3, 1)
    assert copy.stat().st_mode & 0o777 == 0o600
    code, out, _ = run("store", "check", copy)
    assert (code, out.splitlines()) == (0, [str(copy), "2 scenarios, 3 versions, 1 draft", "No faults found."])


def test_a_backup_overwrites_nothing_unasked(run, filled, file, tmp_path):
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"mine")
    code, _, err = run("store", "backup", copy)
    assert (code, copy.read_bytes()) == (2, b"mine")
    assert "it is there already. Name another file, or give --force." in err
    assert run("store", "backup", copy, "--force")[0] == 0
    assert held(copy) == (3, 1)
    assert "this is the store itself" in run("store", "backup", file, "--force")[2]


def test_without_a_store_each_command_says_so_and_makes_none(run, file, tmp_path):
    for arguments in (("backup", tmp_path / "copy.db"), ("check",), ("export", tmp_path / "out")):
        code, _, err = run("store", *arguments)
        assert code == 2
        assert f"{file}: there is no store" in err
    assert not file.parent.exists()


def test_a_restored_backup_is_the_store_and_the_one_before_is_kept_beside(run, filled, file, tmp_path):
    copy = tmp_path / "copy.db"
    run("store", "backup", copy)
    filled.create("ann", {"title": "After the backup"}, *MARKET)
    code, _, err = run("store", "restore", copy)
    assert code == 2
    assert "Give --force" in err
    code, _, err = run("store", "restore", copy, "--force")
    assert code == 2
    assert "it is in use. End the dashboard" in err
    assert len(filled.list_saved("ann")) == 2
    filled.close()
    code, _, err = run("store", "restore", copy, "--force")
    assert code == 0, err
    assert held(file) == (3, 1)
    (kept,) = file.parent.glob("shareshift.db.replaced-*")
    assert held(kept / "shareshift.db") == (4, 1)
    assert str(kept) in err
    with open_store() as store, sqlite3.connect(file) as raw:
        assert [saved.title for saved in store.list_saved("ann")] == ["Exodus"]
        assert raw.execute("pragma journal_mode").fetchone() == ("wal",)
    raw.close()


def test_only_a_sound_backup_of_ours_is_restored(run, filled, file, tmp_path):
    copy = tmp_path / "copy.db"
    run("store", "backup", copy)
    filled.close()
    letter, theirs, newer, damaged = (tmp_path / name for name in ("letter.txt", "theirs.db", "newer.db", "damaged.db"))
    letter.write_text("no database at all, but long enough to be looked at\n" * 40)
    with sqlite3.connect(theirs) as raw:
        raw.execute("create table t (x)")
    newer.write_bytes(copy.read_bytes())
    with sqlite3.connect(newer) as raw:
        raw.execute("update shareshift_schema set version_num = '9999'")
    content = bytearray(copy.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    damaged.write_bytes(content)
    for path, words in (
        (letter, "It is no database"),
        (theirs, "holds no scenarios of Shareshift"),
        (newer, "written by a newer Shareshift"),
        (damaged, "damaged"),
        (tmp_path / "nowhere.db", "is no file"),
    ):
        code, _, err = run("store", "restore", path, "--force")
        assert code == 2
        assert words in err
        assert err.startswith(str(path))
    assert held(file) == (3, 1)


def test_every_version_comes_out_as_a_scenario_that_runs_with_an_index(run, filled, tmp_path):
    folder = tmp_path / "out"
    assert run("store", "export", folder)[0] == 0
    index = pl.read_csv(folder / "index.csv")
    assert sorted(index["file"]) == sorted(path.name for path in folder.glob("*.toml"))
    assert sorted(zip(index["title"], index["version"], index["newest_version"], index["archived"], strict=True)) == [
        ("Exodus", 1, 2, False), ("Exodus", 2, 2, False), ("Ölkrise / 2", 1, 1, True),
    ]  # fmt: skip
    # A spreadsheet would run the note as a formula.
    assert "'=SUM(A1)" in index["note"].to_list()
    first = index.filter(title="Exodus", version=1)["file"][0]
    scenario = read_scenario((folder / first).read_text(), read_market(TINY))
    assert (scenario.title, dict(scenario.parameters)) == ("Exodus", {"growth": 0.4})
    assert "is not empty" in run("store", "export", folder)[2]


def test_damaged_rows_are_named_and_everything_else_comes_out(run, filled, file, tmp_path):
    filled.close()
    with sqlite3.connect(file) as raw:
        raw.execute("update shareshift_version set content = cast(x'7bff' as text) where title like 'Ö%'")
        raw.execute("update shareshift_draft set history = '{'")
        raw.execute("update shareshift_version set saved_at = 'soon' where number = 2")
    raw.close()
    code, out, err = run("store", "check")
    assert code == 2
    assert "2 scenarios, 3 versions, 1 draft" in out
    told = err.splitlines()
    assert len(told) == 3
    for words in ("version 1 of “Ölkrise / 2” (", "version 2 of “Exodus” (", "the draft “Half done” (d)"):
        assert any(line.startswith(words) for line in told)
    code, _, err = run("store", "export", tmp_path / "out")
    assert code == 2
    assert "Ölkrise" in err
    assert pl.read_csv(tmp_path / "out" / "index.csv")["title"].to_list() == ["Exodus"]


@pytest.mark.parametrize("harm", [lambda file: file.write_bytes(b""), Path.unlink])
def test_a_log_that_has_lost_its_file_is_never_deleted(run, filled, file, tmp_path, harm):
    copy, log = tmp_path / "copy.db", file.with_name("shareshift.db-wal")
    run("store", "backup", copy)
    content, left = file.read_bytes(), log.read_bytes()
    filled.close()
    file.write_bytes(content)
    log.write_bytes(left)
    harm(file)
    for arguments in (("check",), ("export", tmp_path / "out"), ("backup", tmp_path / "other.db")):
        code, _, err = run("store", *arguments)
        assert code == 2
        assert "its log shareshift.db-wal holds what was saved" in err
        assert log.read_bytes() == left
    assert "Give --force" in run("store", "restore", copy)[2]
    assert log.read_bytes() == left
    assert run("store", "restore", copy, "--force")[0] == 0
    (kept,) = file.parent.glob("shareshift.db.replaced-*")
    assert (kept / log.name).read_bytes() == left
    assert held(file) == (3, 1)


def test_postgresql_is_left_to_its_own_tools_without_its_password(run, monkeypatch, tmp_path):
    monkeypatch.setenv("SHARESHIFT_DATABASE_URL", POSTGRESQL)
    for arguments in (("backup", tmp_path / "a.db"), ("restore", tmp_path / "a.db")):
        code, _, err = run("store", *arguments)
        assert code == 2
        assert "pg_dump" in err
        assert "pg_restore" in err
        assert "s3cret" not in err


@pytest.mark.slow
def test_a_postgresql_store_is_checked_and_exported(run, monkeypatch, postgresql, tmp_path):
    from support.postgresql_server import empty_database

    address = empty_database(postgresql)
    monkeypatch.setenv("SHARESHIFT_DATABASE_URL", address)
    assert "holds no scenarios of Shareshift" in run("store", "check")[2]
    with open_store() as store:
        store.create("ann", {"title": "Exodus"}, *MARKET)
    assert "1 scenario, 1 version, 0 drafts" in run("store", "check")[1]
    assert run("store", "export", tmp_path / "out")[0] == 0
    assert len(list((tmp_path / "out").glob("*.toml"))) == 1
