"""Saved scenarios on both databases: versions, conflicts, owners, and many writers at once."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from shareshift.store.errors import EditConflict, UnknownScenario
from shareshift.store.opening import open_store

CONTENT = {
    "title": "Slow growth",
    "parameters": {"growth": 0.125, "lag": 2.0},
    "vendors": {"surge": {"excluded": True}},
}
OTHER = {"title": "Fast growth", "parameters": {"growth": 0.5}, "horizon_months": 48}
MARKET = ("digest-1", "A market", "0.1.0")
NOBODY = "0" * 32


@pytest.fixture
def store(store_url):
    with open_store(store_url, patience=20.0) as store:
        yield store


@pytest.fixture
def ann(store):
    """A scenario of Ann's with two versions."""
    saved = store.create("ann", CONTENT, *MARKET, note="first")
    return store.save("ann", saved.scenario_id, OTHER, 1, "digest-2", "A market", "0.2.0", note="second", author="Ann")


def test_what_is_saved_comes_back_as_it_was(store):
    before = datetime.now(UTC)
    saved = store.create("ann", CONTENT, *MARKET, note="Why:\nbecause", author="Ann Ä.")
    version = store.latest(saved.scenario_id)
    assert re.fullmatch("[0-9a-f]{32}", saved.scenario_id)
    assert (saved.owner, saved.title, saved.version, saved.archived) == ("ann", "Slow growth", 1, False)
    assert (saved.market_digest, saved.market_name, saved.engine_version) == MARKET
    assert (saved.forked_from, saved.forked_version) == (None, None)
    assert version.content == CONTENT
    assert version.content["vendors"]["surge"]["excluded"] is True
    assert (version.number, version.note, version.author, version.restored_from) == (1, "Why:\nbecause", "Ann Ä.", None)
    assert (version.market_digest, version.market_name, version.engine_version) == MARKET
    for moment in (saved.created_at, saved.saved_at, version.saved_at):
        assert before <= moment <= datetime.now(UTC)
        assert moment.utcoffset() == timedelta(0)


def test_what_is_saved_is_there_for_the_next_who_opens(store, store_url, ann):
    with open_store(store_url) as again:
        assert again.history(ann.scenario_id) == store.history(ann.scenario_id)
        assert again.list_saved("ann") == [ann]


def test_every_save_is_a_version_and_none_of_them_changes(store, ann):
    newest, oldest = store.history(ann.scenario_id)
    assert (newest.number, newest.content, newest.note, newest.author) == (2, OTHER, "second", "Ann")
    assert (newest.market_digest, newest.engine_version) == ("digest-2", "0.2.0")
    assert (oldest.number, oldest.content, oldest.note, oldest.market_digest) == (1, CONTENT, "first", "digest-1")
    assert store.version(ann.scenario_id, 1) == oldest
    assert store.latest(ann.scenario_id) == newest
    assert (ann.title, ann.version, ann.market_digest, ann.saved_at) == ("Fast growth", 2, "digest-2", newest.saved_at)
    assert ann.created_at == oldest.saved_at


def test_a_save_on_top_of_an_older_version_is_refused_and_shows_what_is_there(store, ann):
    before = store.history(ann.scenario_id)
    with pytest.raises(
        EditConflict, match=r"“Fast growth” is at version 2, saved by Ann on .* UTC.* version 1"
    ) as caught:
        store.save("ann", ann.scenario_id, CONTENT, 1, *MARKET)
    assert caught.value.found == before[0]
    assert caught.value.expected == 1
    with pytest.raises(EditConflict):
        store.save("ann", ann.scenario_id, CONTENT, 3, *MARKET)
    with pytest.raises(EditConflict):
        store.restore("ann", ann.scenario_id, 1, expected_version=1)
    assert store.history(ann.scenario_id) == before


def test_a_restored_version_is_a_new_one_that_says_what_it_repeats(store, ann):
    restored = store.restore("ann", ann.scenario_id, 1, expected_version=2, note="back", author="Ann")
    newest, second, first = store.history(ann.scenario_id)
    assert (restored.version, restored.title, restored.market_digest) == (3, "Slow growth", "digest-1")
    assert (newest.number, newest.restored_from, newest.note, newest.author) == (3, 1, "back", "Ann")
    assert (newest.content, newest.market_digest, newest.engine_version) == (CONTENT, "digest-1", "0.1.0")
    assert (second.content, first.content) == (OTHER, CONTENT)
    with pytest.raises(UnknownScenario):
        store.restore("ann", ann.scenario_id, 9, expected_version=3)


def test_whoever_holds_an_id_may_read_and_copy_but_the_copy_is_a_scenario_of_its_own(store, ann):
    fork = store.fork("bob", ann.scenario_id, 1)
    assert fork.scenario_id != ann.scenario_id
    assert (fork.owner, fork.version, fork.title) == ("bob", 1, "Slow growth")
    assert (fork.forked_from, fork.forked_version) == (ann.scenario_id, 1)
    assert store.latest(fork.scenario_id).content == CONTENT
    store.save("bob", fork.scenario_id, OTHER | {"title": "Bob's"}, 1, *MARKET)
    assert store.saved(ann.scenario_id) == ann
    assert [saved.title for saved in store.list_saved("bob")] == ["Bob's"]
    mine = store.create("bob", OTHER, *MARKET, forked_from=(ann.scenario_id, 2))
    assert (mine.forked_from, mine.forked_version) == (ann.scenario_id, 2)


def test_an_archived_scenario_leaves_the_list_and_nothing_else(store, ann):
    other = store.create("ann", CONTENT, *MARKET)
    assert store.list_saved("ann") == [other, ann]
    archived = store.archive("ann", ann.scenario_id)
    assert archived.archived
    assert store.list_saved("ann") == [other]
    assert store.list_saved("ann", archived=True) == [archived]
    assert store.list_saved("ann", archived=None) == [other, archived]
    assert len(store.history(ann.scenario_id)) == 2
    assert store.unarchive("ann", ann.scenario_id) == ann
    assert store.list_saved("ann") == [other, ann]


ATTEMPTS = {
    "save": lambda store, owner, key: store.save(owner, key, CONTENT, 2, *MARKET),
    "save_on_an_older_one": lambda store, owner, key: store.save(owner, key, CONTENT, 1, *MARKET),
    "restore": lambda store, owner, key: store.restore(owner, key, 1, 2),
    "archive": lambda store, owner, key: store.archive(owner, key),
    "unarchive": lambda store, owner, key: store.unarchive(owner, key),
}


def test_nobody_changes_what_is_another_owners_nor_learns_whether_an_id_exists(store, ann):
    sentences = set()
    for name, attempt in ATTEMPTS.items():
        for owner, key in (("bob", ann.scenario_id), ("bob", NOBODY), ("ann' OR 1=1 --", ann.scenario_id)):
            with pytest.raises(UnknownScenario) as caught:
                attempt(store, owner, key)
            sentences.add(str(caught.value))
        assert store.saved(ann.scenario_id) == ann, name
        assert len(store.history(ann.scenario_id)) == 2, name
    assert len(sentences) == 1
    assert store.list_saved("bob") == []


def test_an_unknown_id_or_number_reads_nothing_and_makes_nothing(store, ann):
    for read in (store.saved, store.latest, store.history):
        with pytest.raises(UnknownScenario):
            read(NOBODY)
    for key, number in ((NOBODY, 1), (ann.scenario_id, 0), (ann.scenario_id, 3)):
        with pytest.raises(UnknownScenario):
            store.version(key, number)
        with pytest.raises(UnknownScenario):
            store.fork("bob", key, number)
        with pytest.raises(UnknownScenario):
            store.create("bob", CONTENT, *MARKET, forked_from=(key, number))
    assert store.list_saved("bob", archived=None) == []


def test_of_many_who_save_at_once_on_the_same_version_one_wins_and_the_others_are_told(store, ann):
    def attempt(writer):
        try:
            return store.save("ann", ann.scenario_id, CONTENT | {"title": f"Writer {writer}"}, 2, *MARKET)
        except EditConflict as conflict:
            return conflict

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(attempt, range(8)))
    won = [result for result in results if not isinstance(result, EditConflict)]
    assert len(won) == 1
    assert all(result.found.title == won[0].title for result in results if isinstance(result, EditConflict))
    assert [version.number for version in store.history(ann.scenario_id)] == [3, 2, 1]


def test_many_who_copy_at_once_all_get_their_copy(store, ann):
    # Copying reads before it writes, and what was read must not make the write come too late.
    with ThreadPoolExecutor(8) as pool:
        forks = list(pool.map(lambda _: store.fork("bob", ann.scenario_id, 1), range(40)))
    assert {fork.scenario_id for fork in forks} == {saved.scenario_id for saved in store.list_saved("bob")}
    assert len({fork.scenario_id for fork in forks}) == 40


WRITER = """
import sys
from shareshift.store.errors import EditConflict
from shareshift.store.opening import open_store
url, name, count, scenario_id = sys.argv[1:]
with open_store(url, patience=60.0) as store:
    for number in range(int(count)):
        store.create(name, {"title": f"{name} {number}"}, "digest", "market", "0")
        if scenario_id:
            while True:
                try:
                    latest = store.latest(scenario_id)
                    content = {"title": "all", "parameters": {**latest.content["parameters"], f"{name}{number}": 1}}
                    store.save("ann", scenario_id, content, latest.number, "digest", "market", "0")
                    break
                except EditConflict:
                    pass
"""


def write_in_processes(url, count, scenario_id):
    names = ["p", "q", "r"]
    writers = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", WRITER, url, name, str(count), scenario_id])
        for name in names
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    return names


@pytest.mark.slow
def test_processes_that_open_a_new_store_at_once_make_its_tables_once(store_url):
    names = write_in_processes(store_url, 1, "")
    with open_store(store_url) as store:
        assert [[saved.title for saved in store.list_saved(name)] for name in names] == [["p 0"], ["q 0"], ["r 0"]]


@pytest.mark.slow
def test_processes_that_save_at_once_lose_nothing_of_each_other(store, store_url):
    shared = store.create("ann", {"title": "all", "parameters": {}}, *MARKET)
    names = write_in_processes(store_url, 12, shared.scenario_id)
    assert set(store.latest(shared.scenario_id).content["parameters"]) == {f"{n}{k}" for n in names for k in range(12)}
    assert [version.number for version in store.history(shared.scenario_id)] == list(range(37, 0, -1))
    assert [len(store.list_saved(name)) for name in names] == [12, 12, 12]
