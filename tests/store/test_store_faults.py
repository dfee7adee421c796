"""What a database refuses: one clear sentence with where, what and what to do, and nothing lost."""

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import platformdirs
import psycopg
import pytest

from shareshift.store import database
from shareshift.store.errors import StoreError
from shareshift.store.opening import open_store
from support.postgresql_server import empty_database

pytestmark = pytest.mark.slow

CONTENT = {"title": "Slow growth", "parameters": {"growth": 0.125}}
LARGE = {"title": "Large", "parameters": {f"parameter {n}": "x" * 100 for n in range(100)}}
# More than the pages that a store has free inside its file.
HUGE = LARGE | {"more": "x" * 60_000}
MARKET = ("digest", "A market", "0.1.0")


def state(store, owner="ann"):
    """Return all that an owner has."""
    saved = store.list_saved(owner, archived=None)
    drafts = [store.draft(owner, line.draft_id) for line in store.drafts(owner)]
    return saved, [store.history(one.scenario_id) for one in saved], drafts


def writes(store, key, content=CONTENT):
    """Return every kind of change there is, each a function."""
    return {
        "create": lambda: store.create("ann", content, *MARKET),
        "save": lambda: store.save("ann", key, content, 1, *MARKET),
        "restore": lambda: store.restore("ann", key, 1, 1),
        "fork": lambda: store.fork("ann", key, 1),
        "archive": lambda: store.archive("ann", key),
        "put_draft": lambda: store.put_draft("ann", "d", content, "digest", 2),
        "drop_draft": lambda: store.drop_draft("ann", "d"),
    }


def refused(call):
    """Return the sentence a change is refused with."""
    with pytest.raises(StoreError) as caught:
        call()
    sentence = str(caught.value)
    assert sentence.endswith("Nothing was changed.")
    assert "\n" not in sentence
    return sentence


@pytest.fixture
def filled(store_url):
    """A store with one saved scenario and one draft, that waits for nobody."""
    with open_store(store_url, patience=0.05) as store:
        store.create("ann", CONTENT, *MARKET)
        store.put_draft("ann", "d", CONTENT, "digest", 1)
        yield store


@contextlib.contextmanager
def locked(url):
    """Be the other program that holds the database."""
    if "://" in url:
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE shareshift_scenario, shareshift_version, shareshift_draft IN EXCLUSIVE MODE")
            yield
    else:
        with contextlib.closing(sqlite3.connect(url, isolation_level=None, check_same_thread=False)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield


def test_a_locked_database_can_be_read_and_tells_every_writer_to_wait(filled, store_url):
    before = state(filled)
    changes = writes(filled, before[0][0].scenario_id)
    with locked(store_url):
        assert {refused(change) for change in changes.values()} == {
            f"{filled.place}: Another program holds it. Close that program or wait a moment, then try again. "
            "Nothing was changed."
        }
        assert state(filled) == before
    assert changes["save"]().version == 2
    assert changes["put_draft"]().revision == 2


def test_a_writer_waits_for_another_one_that_is_quick(store_url):
    with open_store(store_url, patience=20.0) as store, contextlib.ExitStack() as other:
        other.enter_context(locked(store_url))
        timer = threading.Timer(0.3, other.close)
        timer.start()
        assert store.create("ann", CONTENT, *MARKET).version == 1
        timer.join()


def test_a_new_file_that_another_program_holds_is_waited_for_and_named(tmp_path):
    path = tmp_path / "shareshift.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE t (x)")
        assert "Another program holds it" in refused(lambda: open_store(str(path), patience=0.05))
        other.execute("ROLLBACK")
    open_store(str(path)).close()


def fill_up(store, before):
    """Write until the disk refuses; return the sentence, and check that nothing that was acknowledged is gone."""
    kept, sentence = [], ""
    while not sentence:
        try:
            kept.append(store.create("ann", LARGE, *MARKET))
        except StoreError as error:
            sentence = str(error)
        assert len(kept) < 1000, "the disk never filled up"
    saved, histories, drafts = state(store)
    assert sorted(saved, key=lambda one: one.scenario_id) == sorted([*before[0], *kept], key=lambda o: o.scenario_id)
    assert all(history[0].content in (CONTENT, LARGE) for history in histories)
    assert drafts == before[2]
    return sentence


@pytest.fixture
def small_disk():
    """A disk of 512 KiB with a folder that may be written."""
    folder = Path(tempfile.mkdtemp(prefix="shareshift-disk-"))
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "shareshift", folder], check=False, capture_output=True
    )
    if not mounted or mounted.returncode:
        folder.rmdir()
        pytest.skip("no small disk can be mounted here; that takes root on Linux")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()


def test_a_full_disk_is_named_and_takes_nothing_with_it(small_disk):
    path = small_disk / "shareshift.db"
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(150_000))
    with open_store(str(path)) as store:
        store.create("ann", CONTENT, *MARKET)
        store.put_draft("ann", "d", CONTENT, "digest", 1)
        before = state(store)
        wanted = f"{path}: The disk is full. Free some space, then try again. Nothing was changed."
        assert fill_up(store, before) == wanted
        full = state(store)
        assert refused(lambda: store.put_draft("ann", "d", HUGE, "digest", 2)) == wanted
        assert state(store) == full
        ballast.unlink()
        assert store.put_draft("ann", "d", HUGE, "digest", 2).revision == 2
    with open_store(str(path)) as again:
        assert state(again)[:2] == full[:2]
        assert again.draft("ann", "d").content == HUGE
    with contextlib.closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_disk_that_refuses_to_write_is_named_and_takes_nothing_with_it(tmp_path):
    resource = pytest.importorskip("resource", reason="limits the size of files, which takes POSIX")
    path = tmp_path / "shareshift.db"
    with open_store(str(path)) as store:
        store.create("ann", CONTENT, *MARKET)
        store.put_draft("ann", "d", CONTENT, "digest", 1)
        before = state(store)
        most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, most[1]))
        try:
            sentence = fill_up(store, before)
            full = state(store)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, most)
        assert sentence.startswith(f"{path}: The disk ")
        assert sentence.endswith("free space, then try again. Nothing was changed.")
        store.create("ann", LARGE | {"title": "After"}, *MARKET)
    with open_store(str(path)) as again:
        saved, histories, drafts = state(again)
        assert saved[0].title == "After"
        assert (saved[1:], histories[1:], drafts) == full


@pytest.fixture
def as_nobody():
    """A folder of one's own, and for the test no more rights than anybody has; root would be refused nothing."""
    if os.name != "posix":
        pytest.skip("the rights of a folder are told the way of POSIX")
    folder, root = Path(tempfile.mkdtemp(prefix="shareshift-rights-")), os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)
        shutil.rmtree(folder)


def test_a_folder_that_may_not_be_written_is_named(as_nobody):
    as_nobody.chmod(0o500)
    for path in (as_nobody / "shareshift.db", as_nobody / "deeper" / "shareshift.db"):
        sentence = refused(lambda path=path: open_store(str(path)))
        assert sentence.startswith(f"{path}: it cannot be opened (Permission denied). Allow reading and writing")
        assert "SHARESHIFT_DATA" in sentence
    assert list(as_nobody.iterdir()) == []


def test_a_file_that_may_only_be_read_is_named_at_the_first_change(as_nobody):
    path = as_nobody / "shareshift.db"
    with open_store(str(path)) as store:
        saved = store.create("ann", CONTENT, *MARKET)
    path.chmod(0o400)
    with open_store(str(path)) as store:
        assert store.list_saved("ann") == [saved]
        sentences = {refused(change) for change in writes(store, saved.scenario_id).values()}
    assert sentences == {
        f"{path}: It may only be read. Allow writing to the file and its folder, or name another folder with "
        "SHARESHIFT_DATA. Nothing was changed."
    }


def test_a_folder_that_became_read_only_is_named(as_nobody):
    path = as_nobody / "shareshift.db"
    open_store(str(path)).close()
    as_nobody.chmod(0o500)
    sentence = refused(lambda: open_store(str(path)))
    assert "SHARESHIFT_DATA" in sentence


def test_a_file_of_somebody_elses_that_is_no_database_is_named_and_left_alone(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_bytes(b"a letter to a friend\n" * 500)
    assert refused(lambda: open_store(str(path))) == (
        f"{path}: It is no database. Move the file elsewhere and keep it, with those of its name that end in "
        "-wal and -shm, which hold what was saved last; the next start makes a new one. Nothing was changed."
    )
    assert path.read_bytes() == b"a letter to a friend\n" * 500


def test_a_file_that_is_damaged_where_it_is_not_looked_at_first_is_named_and_stays(tmp_path):
    path = tmp_path / "shareshift.db"
    with open_store(str(path)) as store:
        keys = [store.create("ann", LARGE, *MARKET).scenario_id for _ in range(9)]
    with contextlib.closing(sqlite3.connect(path)) as raw:
        pages = raw.execute("select rootpage from sqlite_master where tbl_name = 'shareshift_version'").fetchall()
    content = bytearray(path.read_bytes())
    for (page,) in pages:
        content[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    path.write_bytes(content)
    with open_store(str(path)) as store:
        sentence = refused(lambda: store.latest(keys[0]))
        assert "It is damaged. End the dashboard, take out what can be read with `shareshift store export" in sentence
        assert store.aside is None
    assert [file.name for file in tmp_path.iterdir() if file.is_dir()] == []


def test_a_file_where_a_folder_should_be_is_named(tmp_path):
    (tmp_path / "data").write_text("")
    inside = refused(lambda: open_store(str(tmp_path / "data" / "shareshift.db")))
    assert "it cannot be opened (a file stands where its folder should be)" in inside
    assert f"{tmp_path}: it cannot be opened (" in refused(lambda: open_store(str(tmp_path)))


def test_the_place_is_the_users_folder_unless_the_environment_names_another(tmp_path, monkeypatch, postgresql):
    monkeypatch.delenv("SHARESHIFT_DATA")
    monkeypatch.setattr(platformdirs, "user_data_path", lambda name, **_: tmp_path / "home" / name)
    with open_store() as store:
        assert store.place == str(tmp_path / "home" / "shareshift" / "shareshift.db")
    monkeypatch.setenv("SHARESHIFT_DATA", str(tmp_path / "named"))
    with open_store() as store:
        assert store.place == str(tmp_path / "named" / "shareshift.db")
    address = empty_database(postgresql).replace("shareshift@", "shareshift:s%40fe@")
    monkeypatch.setenv("SHARESHIFT_DATABASE_URL", address.replace("postgresql://", "postgres://"))
    with open_store() as store:
        assert store.place.startswith("PostgreSQL database test_")
        assert "s@fe" not in store.place
        assert "s%40fe" not in store.place
        store.create("ann", CONTENT, *MARKET)
    with open_store(f"sqlite:///{tmp_path}/third.db") as store:
        assert store.place == str(tmp_path / "third.db")
        assert store.list_saved("ann") == []


@pytest.mark.parametrize(
    "address",
    [
        "mysql://ann:s3cret@host/base", "postgresql://ann:s3cret@host:port/base", "postgresql://ann:s3cret@host:0/base",
        "sqlite://", "sqlite:///:memory:", "://s3cret", "postgresql+asyncpg://ann:s3cret@host/base",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(address, monkeypatch):
    monkeypatch.setenv("SHARESHIFT_DATABASE_URL", address)
    with pytest.raises(StoreError, match=r"The database address in SHARESHIFT_DATABASE_URL cannot be read.") as caught:
        open_store()
    assert "s3cret" not in str(caught.value)
    with pytest.raises(StoreError, match=r"The database address cannot be read."):
        open_store(address)


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        sentence = refused(lambda: open_store(f"postgresql://ann:s3cret@127.0.0.1:{port}/base"))
    assert sentence.startswith(f"PostgreSQL database base on 127.0.0.1, port {port}: The server cannot be used (")
    assert "refused" in sentence
    assert "SHARESHIFT_DATABASE_URL" in sentence
    assert "s3cret" not in sentence


def test_a_database_or_user_that_the_server_does_not_know_is_named(postgresql):
    for wrong in (postgresql.replace("/postgres?", "/nowhere?"), postgresql.replace("shareshift@", "nobody:s3cret@")):
        sentence = refused(lambda wrong=wrong: open_store(wrong))
        assert "does not exist" in sentence
        assert "s3cret" not in sentence


def test_a_connection_that_was_lost_is_made_again(postgresql):
    address = empty_database(postgresql)
    with open_store(address) as store, psycopg.connect(address, autocommit=True) as other:
        saved = store.create("ann", CONTENT, *MARKET)
        ended = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
        )
        assert other.execute(ended, [other.info.backend_pid]).fetchall()
        assert store.list_saved("ann") == [saved]


def test_a_connection_that_is_lost_while_writing_leaves_open_whether_it_arrived(postgresql):
    address = empty_database(postgresql)
    with open_store(address) as store, psycopg.connect(address, autocommit=True) as other:
        place = store._database

        def lose(change):
            with change() as connection:
                own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [own])
                connection.exec_driver_sql("SELECT 1")

        for change, words in (
            (place.writing, "not known: look at what is there before saving again."),
            (place.reading, "Try again. Nothing was changed."),
        ):
            with pytest.raises(StoreError, match="The connection to the server was lost") as caught:
                lose(change)
            assert str(caught.value).endswith(words)
        assert store.create("ann", CONTENT, *MARKET).version == 1


def test_a_server_that_stands_still_is_given_up_and_found_again(postgresql, monkeypatch):
    monkeypatch.setattr(database, "SILENT_SECONDS", 1.0)
    address = empty_database(postgresql)
    with open_store(address, patience=1.0) as store, psycopg.connect(address, autocommit=True) as other:
        saved = store.create("ann", CONTENT, *MARKET)
        # Only what reads is stopped, and not the limits that the server would keep itself.
        pids = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
        stopped = [pid for (pid,) in other.execute(pids, [other.info.backend_pid])]
        assert stopped
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            begun = time.monotonic()
            assert store.list_saved("ann") == [saved]
            assert 1.0 < time.monotonic() - begun < 30.0
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)


def test_a_server_that_takes_a_connection_and_says_nothing_is_named(monkeypatch):
    monkeypatch.setitem(database.LINE, "connect_timeout", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        sentence = refused(lambda: open_store(f"postgresql://ann:s3cret@127.0.0.1:{port}/base"))
    assert "timeout" in sentence
    assert "s3cret" not in sentence


def test_a_statement_that_takes_too_long_is_given_up_by_the_server(postgresql, monkeypatch):
    monkeypatch.setattr(database, "ANSWER_SECONDS", 0.2)
    with open_store(empty_database(postgresql), patience=0.1) as store:

        def sleep():
            with store._database.reading() as connection:
                connection.exec_driver_sql("SELECT pg_sleep(30)")

        assert "The server took too long to answer." in refused(sleep)


def test_rights_that_a_server_does_not_give_are_named(postgresql):
    address = empty_database(postgresql)
    with open_store(address) as store, psycopg.connect(address, autocommit=True) as other:
        saved = store.create("ann", CONTENT, *MARKET)
        other.execute("DROP ROLE IF EXISTS guest")
        other.execute("CREATE ROLE guest LOGIN")
        other.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest")
        with open_store(address.replace("shareshift@", "guest@")) as guest:
            assert guest.list_saved("ann") == [saved]
            for change in writes(guest, saved.scenario_id).values():
                assert "This user may not read or write there. Grant it" in refused(change)
        assert state(store)[0] == [saved]
        other.execute("DROP OWNED BY guest")
        other.execute("DROP ROLE guest")


def test_a_server_that_may_only_be_read_is_named(postgresql):
    address = empty_database(postgresql)
    with open_store(address) as store:
        saved = store.create("ann", CONTENT, *MARKET)
    with psycopg.connect(address, autocommit=True) as other:
        other.execute(f"ALTER DATABASE {other.info.dbname} SET default_transaction_read_only = on")
    with open_store(address) as store:
        assert store.list_saved("ann") == [saved]
        assert "It may only be read." in refused(lambda: store.archive("ann", saved.scenario_id))


def test_a_mistake_in_the_code_is_no_refusal_of_the_database(filled):
    with pytest.raises(Exception, match=r"nowhere") as caught, filled._database.writing() as connection:
        connection.exec_driver_sql("SELECT * FROM nowhere")
    assert not isinstance(caught.value, StoreError)


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the open files")
def test_a_closed_store_leaves_no_file_open(tmp_path):
    with open_store(str(tmp_path / "shareshift.db")) as store:
        store.create("ann", CONTENT, *MARKET)
    links = [str(file.readlink()) for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
    assert not [link for link in links if link.startswith(str(tmp_path))]


def test_without_its_driver_a_postgresql_address_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    sentence = refused(lambda: open_store("postgresql://ann:secret@127.0.0.1/shareshift"))
    assert "pip install 'shareshift[postgresql]'" in sentence
    assert "secret" not in sentence
