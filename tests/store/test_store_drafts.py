"""Drafts on both databases: written at every change, seen by their owner, never overwritten by an older writer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

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
    assert store.drafts("ann") == [put.line]
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
    assert store.drafts("ann") == [hers.line]
    assert store.drafts("bob") == [his.line]
    with pytest.raises(UnknownScenario) as others:
        store.draft("carl", "d")
    with pytest.raises(UnknownScenario) as nobodys:
        store.draft("carl", "e")
    assert str(others.value) == str(nobodys.value)
    store.drop_draft("carl", "d")
    store.drop_draft("bob", "d")
    store.drop_draft("bob", "d")
    assert (store.drafts("ann"), store.drafts("bob")) == ([hers.line], [])


def test_drafts_are_listed_last_written_first_of_all_or_one_market(store):
    first = store.put_draft("ann", "z", CONTENT, "old", 1, market_name="A")
    second = store.put_draft("ann", "a", CONTENT, "new", 1, market_name="A")
    third = store.put_draft("ann", "m", CONTENT, "else", 1, market_name="B")
    first, second, third = (draft.line for draft in (first, second, third))
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


class Clock(datetime):
    """The store's clock, which can be put forward and back."""

    days = 0

    @classmethod
    def now(cls, zone=None):
        return datetime.now(zone) + timedelta(days=cls.days)


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("shareshift.store.drafts.datetime", Clock)
    monkeypatch.setattr(Clock, "days", 0)
    return Clock


def names(store, owner="ann", **which):
    return [draft.draft_id for draft in store.drafts(owner, **which)]


def test_the_last_draft_is_the_one_written_last_whatever_the_clock_says(store, clock):
    clock.days = 2000
    store.put_draft("ann", "of the future", CONTENT, "digest", 1)
    clock.days = 0
    store.put_draft("ann", "of today", CONTENT, "digest", 1)
    assert names(store) == ["of today", "of the future"]
    store.put_draft("ann", "of the future", OTHER, "digest", 2)
    store.put_draft("bob", "his", CONTENT, "digest", 1)
    assert names(store) == ["of the future", "of today"]


def test_of_an_owner_the_newest_fifty_are_kept_and_listed_without_what_they_say(store):
    store.put_draft("bob", "his", CONTENT, "digest", 1)
    for number in range(60):
        store.put_draft("ann", f"{number:02}", CONTENT, "digest", 1, market_name="A", history=HISTORY)
        # What is still worked on is new, however long ago it was begun.
        store.put_draft("ann", "00", CONTENT | {"note": str(number)}, "digest", number + 2, market_name="A")
    assert names(store) == ["00", *(f"{number:02}" for number in range(59, 10, -1))]
    assert names(store, market_name="A", most=3) == ["00", "59", "58"]
    assert names(store, "bob") == ["his"]
    assert not hasattr(store.drafts("ann")[0], "content")


def test_what_nobody_touched_for_ninety_days_goes_at_the_next_start(store, store_url, clock):
    for name, days in (("old", -91), ("newer", -89), ("new", 0)):
        clock.days = days
        store.put_draft("ann", name, CONTENT, "digest", 1)
    open_store(store_url).close()
    assert names(store) == ["new", "newer"]


def test_a_clock_that_runs_ahead_makes_no_draft_old(store, store_url, clock):
    store.put_draft("ann", "mine", CONTENT, "digest", 1)
    clock.days = 2000
    open_store(store_url).close()
    assert names(store) == ["mine"]
