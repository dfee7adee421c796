"""Pieces of work on several threads: each done once, faults told, and nobody kept waiting by others."""

import threading
from collections import Counter

import pytest

from shareshift.basics.threads import each_block, each_piece, inline


@pytest.fixture(params=["1", "2", "5"])
def threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("SHARESHIFT_THREADS", request.param)
    return int(request.param)


def test_every_piece_is_done_once(threads: int) -> None:
    done: list[int] = []
    each_piece(range(200), done.append)
    assert Counter(done) == Counter(range(200))


def test_blocks_cover_all_draws_without_overlap(threads: int) -> None:
    done: list[slice] = []
    each_block(1000, done.append, 64)
    covered = sorted((block.start, block.stop) for block in done)
    assert [draw for start, stop in covered for draw in range(start, stop)] == list(range(1000))


@pytest.mark.parametrize("bad", [0, 57, 199])
def test_what_a_piece_raises_is_raised(threads: int, bad: int) -> None:
    def work(piece: int) -> None:
        if piece == bad:
            raise LookupError(f"piece {piece}")

    with pytest.raises(LookupError, match=f"^piece {bad}$"):
        each_piece(range(200), work)


def test_a_fault_is_raised_by_whichever_thread_meets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARESHIFT_THREADS", "2")
    both, here = threading.Barrier(2), threading.get_ident()

    def work(_: int) -> None:
        both.wait(60)
        if threading.get_ident() != here:
            raise LookupError("the helper")

    with pytest.raises(LookupError, match="the helper"):
        each_piece(range(2), work)


def test_pieces_may_have_pieces_of_their_own(threads: int) -> None:
    done: list[tuple[int, int]] = []
    each_piece(range(6), lambda outer: each_piece(range(6), lambda inner: done.append((outer, inner))))
    assert sorted(done) == [(outer, inner) for outer in range(6) for inner in range(6)]


def test_work_of_others_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARESHIFT_THREADS", "2")
    begun, go = threading.Barrier(3), threading.Event()

    def wait(_: int) -> None:
        begun.wait(60)
        go.wait(60)

    # Two pieces at a time: this thread of others and the only helper are both busy now.
    others = threading.Thread(target=each_piece, args=(range(2), wait))
    others.start()
    begun.wait(60)
    done: list[int] = []
    each_piece(range(20), done.append)
    assert done == list(range(20))
    go.set()
    others.join(60)
    assert not others.is_alive()


def test_inline_work_stays_in_its_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARESHIFT_THREADS", "4")
    where: set[int] = set()
    with inline():
        each_piece(range(50), lambda _: where.add(threading.get_ident()))
    assert where == {threading.get_ident()}
