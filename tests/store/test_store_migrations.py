"""The tables of the store: what the migrations make is what the code works with, whole or not at all."""

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import create_engine, inspect

from shareshift.store import migrating
from shareshift.store.database import Database
from shareshift.store.errors import StoreError
from shareshift.store.opening import open_store
from shareshift.store.places import find_url
from shareshift.store.tables import DRAFTS, METADATA, REVISION_TABLE

pytestmark = pytest.mark.slow

CONTENT = {"title": "Slow growth", "parameters": {"growth": 0.125}}
MARKET = ("digest", "A market", "0.1.0")
NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade():
    op.create_table("shareshift_extra", sa.Column("key", sa.Text, primary_key=True))
    op.add_column("shareshift_scenario", sa.Column("extra", sa.Text))
    {last}
"""


@pytest.fixture
def second_migration(tmp_path, monkeypatch):
    """A function that lets the code know of one more migration, ending with a line of one's own."""

    shipped = migrating.MIGRATIONS

    def write(last="pass"):
        folder = tmp_path / f"migrations 100% {last[:4]}"
        shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / "0003_next.py").write_text(NEXT.format(last=last))
        monkeypatch.setattr(migrating, "MIGRATIONS", folder)
        monkeypatch.setattr(migrating, "HEAD", "0003")

    return write


def engine_on(url):
    if "://" not in url:
        Path(url).parent.mkdir(exist_ok=True)
    return create_engine(find_url(url))


def described(url):
    """Return all that a database says of its tables, by table."""
    engine = engine_on(url)
    there = inspect(engine)
    tables = {
        name: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in there.get_columns(name)],
            "key": there.get_pk_constraint(name),
            "foreign": there.get_foreign_keys(name),
            "checks": sorted(there.get_check_constraints(name), key=lambda check: check["name"]),
            "indexes": there.get_indexes(name),
            "unique": there.get_unique_constraints(name),
        }
        for name in there.get_table_names()
    }
    engine.dispose()
    return tables


def test_migrations_make_the_tables_that_the_code_works_with(store_url):
    engine = engine_on(store_url)
    METADATA.create_all(engine)
    wanted = described(store_url)
    METADATA.drop_all(engine)
    engine.dispose()
    open_store(store_url).close()
    made = described(store_url)
    assert made.pop(REVISION_TABLE)["columns"][0][0] == "version_num"
    assert made == wanted
    assert len(made) == 3


def test_the_newest_revision_is_the_one_that_opens_without_migrating():
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(str(migrating.MIGRATIONS)).get_heads() == [migrating.HEAD]


def test_opening_what_is_up_to_date_migrates_nothing(store_url, monkeypatch):
    open_store(store_url).close()
    monkeypatch.setattr(migrating, "_config", lambda: pytest.fail("Alembic was asked for"))
    open_store(store_url).close()


def test_an_older_store_is_brought_up_to_date_with_all_that_is_in_it(store_url, second_migration):
    with open_store(store_url) as store:
        saved = store.create("ann", CONTENT, *MARKET)
        draft = store.put_draft("ann", "d", CONTENT, "digest", 1)
    second_migration()
    with open_store(store_url) as store:
        assert store.list_saved("ann") == [saved]
        assert store.drafts("ann") == [draft.line]
    assert "shareshift_extra" in described(store_url)


def test_drafts_of_before_they_were_counted_keep_their_order(store_url):
    from alembic import command

    engine, config = engine_on(store_url), migrating._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for owner, name, day in (("ann", "b", 2), ("ann", "c", 3), ("ann", "a", 2), ("bob", "d", 1)):
            old = {column.name: "" for column in DRAFTS.c if column.name not in ("turn", "based_on_scenario")}
            old |= {"owner": owner, "draft_id": name, "content": "{}", "history": "null", "revision": 1}
            old |= {"saved_at": datetime(2026, 7, day, tzinfo=UTC), "based_on_version": None}
            columns = [sa.column(name, DRAFTS.c[name].type) for name in old]
            connection.execute(sa.insert(sa.table(DRAFTS.name, *columns)).values(old))
    engine.dispose()
    with open_store(store_url) as store:
        assert [line.draft_id for line in store.drafts("ann")] == ["c", "a", "b"]
        store.put_draft("ann", "b", CONTENT, "digest", 2)
        assert [line.draft_id for line in store.drafts("ann")] == ["b", "c", "a"]


def test_a_migration_that_fails_leaves_everything_as_it_was(store_url, second_migration):
    with open_store(store_url) as store:
        saved = store.create("ann", CONTENT, *MARKET)
    before = described(store_url)
    second_migration("raise RuntimeError('power cut')")
    with pytest.raises(RuntimeError, match="power cut"):
        open_store(store_url)
    assert described(store_url) == before
    second_migration()
    with open_store(store_url) as store:
        assert store.list_saved("ann") == [saved]


def test_a_newer_store_is_left_alone(store_url, second_migration, monkeypatch):
    second_migration()
    open_store(store_url).close()
    before = described(store_url)
    monkeypatch.undo()
    with pytest.raises(
        StoreError, match=r"by a newer Shareshift .*at 0003.*knows 0002.* Nothing was changed"
    ) as caught:
        open_store(store_url)
    assert "\n" not in str(caught.value)
    assert described(store_url) == before


def test_tables_of_another_program_are_left_alone(store_url):
    engine = engine_on(store_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE shareshift_draft (theirs INTEGER)")
    engine.dispose()
    with pytest.raises(StoreError, match=r"holds tables that Shareshift did not make. Name another place"):
        open_store(store_url)
    assert list(described(store_url)) == ["shareshift_draft"]


def test_threads_that_open_a_new_store_at_once_make_its_tables_once(store_url):
    together, stores, errors = threading.Barrier(4), [], []

    def open_one():
        together.wait()
        try:
            stores.append(open_store(store_url, patience=20.0))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=open_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    stores[0].create("ann", CONTENT, *MARKET)
    assert [len(store.list_saved("ann")) for store in stores] == [1, 1, 1, 1]
    for store in stores:
        store.close()


def test_a_sqlite_store_keeps_a_log_and_its_file_to_its_owner(tmp_path):
    path = tmp_path / "new" / "folder" / "kept.db"
    with open_store(str(path)) as store:
        assert store.place == str(path)
        store.create("ann", CONTENT, *MARKET)
        assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}


def test_every_sqlite_connection_is_durable_and_checks_its_keys(tmp_path):
    open_store(str(tmp_path / "kept.db")).close()
    database = Database(find_url(str(tmp_path / "kept.db")), patience=3.0)
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with database.reading() as one, database.reading() as other:
        for connection in (one, other):
            settings = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}
            assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 3000}
    database.engine.dispose()
