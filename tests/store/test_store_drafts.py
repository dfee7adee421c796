"""Drafts on both databases: written at every change, seen by their owner, never overwritten by an older writer."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shareshift.store.errors import ContentError, DraftConflict, UnknownScenario
from shareshift.store.opening import open_store

CONTENT = {"title": "Slow growth", "parameters": {"growth": 0.125}}
OTHER = {"title": "Fast growth", "parameters": {"growth": 0.5}}
HISTORY = {"undo": [{"growth": 0.1}, None], "redo": []}


@pytest.fixture
def store(store_url):
    with open_store(store_url, patience=20.0) as store:
        yield store


def test_a_draft_comes_back_as_it_was_also_after_everything_was_closed(store, store_url):
    origin = ("a" * 32, 3)
    put = store.put_draft(
        "ann", "tab-1", CONTENT, "digest", 1, market_name="A market", based_on=origin, history=HISTORY
    )
    assert (put.owner, put.draft_id, put.title, put.content) == ("ann", "tab-1", "Slow growth", CONTENT)
    assert (put.market_digest, put.market_name, put.based_on, put.history) == ("digest", "A market", origin, HISTORY)
    assert put.revision == 1
    assert put.saved_at.tzinfo is not None
    store.close()
    with open_store(store_url) as again:
        assert again.draft("ann", "tab-1") == put


def test_a_later_revision_replaces_all_of_an_earlier_one(store):
    store.put_draft("ann", "d", CONTENT, "digest", 1, based_on=("a" * 32, 1), history=HISTORY)
    put = store.put_draft("ann", "d", OTHER, "digest-2", 2)
    assert store.drafts("ann") == [put]
    assert (put.content, put.market_digest, put.based_on, put.history) == (OTHER, "digest-2", None, None)


def test_an_older_or_equal_revision_with_other_content_is_refused_and_shows_what_is_there(store):
    store.put_draft("ann", "d", CONTENT, "digest", 1)
    there = store.put_draft("ann", "d", OTHER, "digest", 2)
    for revision in (1, 2):
        with pytest.raises(DraftConflict, match=r"“Fast growth” was changed in another tab on .* UTC") as caught:
            store.put_draft("ann", "d", CONTENT | {"title": "Late"}, "digest", revision)
        assert (caught.value.found, caught.value.revision) == (there, revision)
    assert store.draft("ann", "d") == there


def test_repeating_a_write_whose_answer_was_lost_is_no_conflict(store):
    first = store.put_draft("ann", "d", CONTENT, "digest", 1, history=HISTORY)
    assert store.put_draft("ann", "d", CONTENT, "digest", 1, history=HISTORY) == first
    for change in ({"history": []}, {"based_on": ("a" * 32, 1), "history": HISTORY}):
        with pytest.raises(DraftConflict):
            store.put_draft("ann", "d", CONTENT, "digest", 1, **change)


def test_drafts_are_seen_and_dropped_by_their_owner_alone(store):
    hers = store.put_draft("ann", "d", CONTENT, "digest", 1)
    his = store.put_draft("bob", "d", OTHER, "digest", 1)
    assert store.drafts("ann") == [hers]
    assert store.drafts("bob") == [his]
    with pytest.raises(UnknownScenario) as others:
        store.draft("carl", "d")
    with pytest.raises(UnknownScenario) as nobodys:
        store.draft("carl", "e")
    assert str(others.value) == str(nobodys.value)
    store.drop_draft("carl", "d")
    store.drop_draft("bob", "d")
    store.drop_draft("bob", "d")
    assert (store.drafts("ann"), store.drafts("bob")) == ([hers], [])


def test_drafts_are_listed_last_written_first_of_all_or_one_market(store):
    first = store.put_draft("ann", "z", CONTENT, "old", 1, market_name="A")
    second = store.put_draft("ann", "a", CONTENT, "new", 1, market_name="A")
    third = store.put_draft("ann", "m", CONTENT, "else", 1, market_name="B")
    assert store.drafts("ann") == [third, second, first]
    assert store.drafts("ann", "old") == [first]
    assert store.drafts("ann", market_name="A") == [second, first]
    assert store.drafts("ann", "new", market_name="B") == []


def test_of_two_tabs_on_one_draft_each_change_is_written_or_told(store):
    def tab(name):
        written, told = [], []
        for revision in range(1, 16):
            content = {"title": name, "parameters": {"growth": revision}}
            try:
                store.put_draft("ann", "d", content, "digest", revision)
                written.append(revision)
            except DraftConflict:
                told.append(revision)
        return written, told

    with ThreadPoolExecutor(2) as pool:
        (left, left_told), (right, right_told) = pool.map(tab, ("left", "right"))
    assert not set(left) & set(right)
    assert len(left + left_told) == len(right + right_told) == 15
    last = store.draft("ann", "d")
    assert last.revision == 15
    assert last.title == ("left" if 15 in left else "right")


def test_a_revision_that_is_no_count_is_refused(store):
    for revision in (0, -1, 2**31, 1.5, True, "1"):
        with pytest.raises(ContentError, match="revision"):
            store.put_draft("ann", "d", CONTENT, "digest", revision)
    assert store.drafts("ann") == []
