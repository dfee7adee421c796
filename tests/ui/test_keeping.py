"""Drafts written behind the page: the latest state arrives, refusals are told, and two tabs never overwrite."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shareshift.store.errors import StoreError
from shareshift.store.opening import Store, open_store
from shareshift.ui.saved import opening
from shareshift.ui.saved.keeping import Keeper, Payload, Slot


def payload(title: str, **content: object) -> Payload:
    return Payload(
        content={"title": title, **content}, market_digest="d", market_name="tiny", based_on=None, history=None
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    with open_store(str(tmp_path / "shareshift.db")) as opened:
        yield opened


def slot() -> Slot:
    return Slot(owner="o", draft_id="d")


def test_the_latest_of_many_states_is_kept_in_few_writes(store: Store) -> None:
    keeper, own = Keeper(lambda: store, delay=0.05), slot()
    for number in range(50):
        keeper.put(own, lambda number=number: payload(f"state {number}"))
    assert keeper.settle(own, 10)
    assert store.draft("o", "d").title == "state 49"
    assert own.revision <= 3
    assert own.kept_at is not None
    assert own.fault == ""


def test_nothing_counts_as_kept_before_the_store_says_so(store: Store) -> None:
    gate = threading.Event()

    def slow() -> Store:
        gate.wait(10)
        return store

    keeper, own = Keeper(slow, delay=0.0), slot()
    keeper.put(own, lambda: payload("late"))
    assert not keeper.settle(own, 0.05)
    assert own.pending
    assert own.kept_at is None
    gate.set()
    assert keeper.settle(own, 10)
    assert store.draft("o", "d").title == "late"


def test_a_store_that_refuses_is_named_and_asked_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shareshift.ui.saved.keeping.RETRY", 0.05)
    broken = [True]

    def moody() -> Store:
        if broken[0]:
            raise StoreError("the disk is full. Free some space.")
        return store

    keeper, own = Keeper(moody, delay=0.0), slot()
    keeper.put(own, lambda: payload("first"))
    assert not keeper.settle(own, 10)
    assert own.fault == "the disk is full. Free some space."
    broken[0] = False
    end = time.monotonic() + 10
    while own.pending and time.monotonic() < end:
        time.sleep(0.02)
    assert own.fault == ""
    assert store.draft("o", "d").title == "first"


def test_a_store_that_was_away_for_long_is_asked_for_ever_with_longer_pauses_and_once_more_at_the_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shareshift.ui.saved.keeping.RETRY", 0.001)
    monkeypatch.setattr("shareshift.ui.saved.keeping.LONGEST", 0.05)
    asked: list[float] = []
    away = [True]

    def moody() -> Store:
        asked.append(time.monotonic())
        if away[0]:
            raise StoreError("the server is away. Start it.")
        return store

    keeper, own = Keeper(moody, delay=0.0), slot()
    keeper.put(own, lambda: payload("patient"))
    end = time.monotonic() + 20
    while len(asked) < 12 and time.monotonic() < end:
        time.sleep(0.01)
    assert own.pending
    assert asked[10] - asked[9] >= 0.05
    # The next time it would be asked is far away, yet the end does not wait for that.
    monkeypatch.setattr("shareshift.ui.saved.keeping.RETRY", 3600.0)
    monkeypatch.setattr("shareshift.ui.saved.keeping.LONGEST", 3600.0)
    tries = len(asked)
    while len(asked) == tries and time.monotonic() < end:
        time.sleep(0.01)
    away[0] = False
    keeper.close(10)
    assert not own.pending
    assert store.draft("o", "d").title == "patient"


def test_at_the_end_a_refusal_of_a_moment_ago_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").write_text("")
    monkeypatch.setenv("SHARESHIFT_DATA", str(tmp_path / "data"))
    with pytest.raises(StoreError):
        opening.the_store()
    (tmp_path / "data").unlink()
    with pytest.raises(StoreError):
        opening.the_store()
    opening.forget_refusals()
    assert opening.the_store().list_saved("o") == []
    opening.close_store()


def test_a_bug_leaves_no_draft_in_the_log(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    plan = str(time.monotonic_ns())

    def broken() -> Payload:
        raise ValueError(plan)

    keeper, own = Keeper(lambda: store, delay=0.0), slot()
    keeper.put(own, broken)
    assert not keeper.settle(own, 10)
    assert "ValueError" in caplog.text
    assert plan not in caplog.text


def test_what_cannot_be_stored_at_all_is_named_and_the_next_state_is_kept(store: Store) -> None:
    keeper, own = Keeper(lambda: store, delay=0.0), slot()
    keeper.put(own, lambda: payload(""))
    assert not keeper.settle(own, 10)
    assert "title is empty" in own.fault
    keeper.put(own, lambda: payload("better"))
    assert keeper.settle(own, 10)
    assert store.draft("o", "d").title == "better"


def test_a_newer_state_does_not_count_as_tried_with_the_older_one(store: Store) -> None:
    gate, begun = threading.Event(), threading.Event()

    def slow() -> Store:
        begun.set()
        gate.wait(10)
        return store

    keeper, own = Keeper(slow, delay=0.0), slot()
    keeper.put(own, lambda: payload("older"))
    assert begun.wait(10)
    keeper.put(own, lambda: payload("newer"))
    gate.set()
    assert keeper.settle(own, 10)
    assert store.draft("o", "d").title == "newer"
    assert own.revision == 2


def test_a_bug_in_writing_is_told_and_does_not_end_the_thread(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    keeper, own = Keeper(lambda: store, delay=0.0), slot()
    keeper.put(own, lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    assert not keeper.settle(own, 10)
    assert "ZeroDivisionError" in own.fault
    keeper.put(own, lambda: payload("alive"))
    assert keeper.settle(own, 10)


def test_nobody_waits_for_a_draft_that_is_not_tried_again(store: Store) -> None:
    keeper, own = Keeper(lambda: store, delay=0.0), slot()
    keeper.put(own, lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    keeper.settle(own, 10)
    # Longer than a test may take.
    assert not keeper.settle(own, 3600)


def test_two_tabs_with_one_draft_both_keep_theirs(store: Store) -> None:
    keeper, one = Keeper(lambda: store, delay=0.0), slot()
    keeper.put(one, lambda: payload("together"))
    assert keeper.settle(one, 10)
    two = Slot(owner="o", draft_id="d", revision=one.revision)
    keeper.put(one, lambda: payload("first tab"))
    assert keeper.settle(one, 10)
    keeper.put(two, lambda: payload("second tab"))
    assert keeper.settle(two, 10)
    assert two.parted
    assert not one.parted
    assert two.draft_id != one.draft_id
    assert {draft.title for draft in store.drafts("o")} == {"first tab", "second tab"}


def test_everything_that_waits_is_written_when_the_server_ends(store: Store) -> None:
    keeper = Keeper(lambda: store, delay=60.0)
    slots = [Slot(owner="o", draft_id=f"d{number}") for number in range(5)]
    for own in slots:
        keeper.put(own, lambda own=own: payload(own.draft_id))
    keeper.close(10)
    assert len(store.drafts("o")) == 5
    assert all(own.kept_at and own.kept_at <= datetime.now(UTC) for own in slots)
