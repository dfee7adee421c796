"""Processes killed at random moments while they save: what was acknowledged is there, and nothing is half there.

One process imports everything and then forks a writer for every kill, so that a thousand kills take a minute. A writer
tells on a pipe what the store has acknowledged before it goes on. A kill takes the process while the machine stays up,
so this does not show what a power cut does.
"""

import contextlib
import gc
import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from secrets import SystemRandom

import pytest

from shareshift.store.opening import open_store

KILLS = 1000
AT_ONCE = 2
# A writer is killed so long after its first acknowledged save, and one in some at any time after its fork.
MOST_SECONDS, UNWAITED = 0.02, 10
MARKET = ("digest", "market", "0")
FOLDER = Path(__file__).resolve().parent


def content_of(writer, count):
    """Return a content that tells by itself whether it is whole: every value follows from its title."""
    return {"title": f"{writer}:{count}", "parameters": {f"{writer}p{n:02}": count + n / 64 for n in range(60)}}


def write_until_killed(store, writer, tell):
    """Save versions and drafts, as fast as possible, and tell of each after it was acknowledged."""
    owner, count = f"owner {writer}", 1
    saved = store.create(owner, content_of(writer, 1), *MARKET)
    while True:
        tell({"writer": writer, "id": saved.scenario_id, "version": count})
        store.put_draft(owner, "draft", content_of(writer, count), "digest", count, history=[count] * 50)
        tell({"writer": writer, "draft": count})
        count += 1
        store.save(owner, saved.scenario_id, content_of(writer, count), count - 1, *MARKET)


def fork_writer(store, writer):
    """Start a process that writes; return its id and the end of the pipe on which it tells what was acknowledged."""
    reader, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with contextlib.suppress(BaseException):
            write_until_killed(store, writer, lambda line: os.write(pipe, json.dumps(line).encode() + b"\n"))
        # A writer that ends by itself has failed; nothing of its parent may run in it.
        os._exit(70)
    os.close(pipe)
    return child, reader


def kill_writers(url, kills):
    """Fork writers, some at once, and kill each after a while; write to standard output what they told."""
    store = open_store(url, patience=60.0)
    with contextlib.suppress(StopIteration):
        write_until_killed(store, "first", iter_end(6))
    # Every statement is prepared now, and no connection is open that a fork would share.
    store.close()
    # A writer then does not copy the memory of all that was imported only to look for garbage in it.
    gc.freeze()
    chance = SystemRandom()
    for first in range(0, kills, AT_ONCE):
        running = [(writer, *fork_writer(store, writer)) for writer in range(first, min(first + AT_ONCE, kills))]
        for writer, child, reader in running:
            if writer % UNWAITED:
                select.select([reader], [], [])
            time.sleep(chance.uniform(0, MOST_SECONDS))
            os.kill(child, signal.SIGKILL)
        for writer, child, reader in running:
            _, status = os.waitpid(child, 0)
            with os.fdopen(reader, "rb") as pipe:
                lines = pipe.read().decode().splitlines()
            killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            sys.stdout.write(json.dumps({"writer": writer, "killed": killed, "lines": lines}) + "\n")


def iter_end(count):
    """Return a function that may be called so many times."""
    left = iter(range(count))
    return lambda _: next(left)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="writers are forked, which takes POSIX")
def test_a_thousand_kills_lose_nothing_that_was_acknowledged_and_leave_nothing_half_written(tmp_path):
    url = str(tmp_path / "shareshift.db")
    open_store(url).close()
    code = f"import test_store_crash as crash; crash.kill_writers({url!r}, {KILLS})"
    done = subprocess.run([sys.executable, "-c", code], cwd=FOLDER, check=True, stdout=subprocess.PIPE, text=True)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [report["writer"] for report in reports] == list(range(KILLS))
    assert all(report["killed"] for report in reports)
    # A line is written at once and far shorter than a pipe's buffer, so it is whole or not there.
    acknowledged = [json.loads(line) for report in reports for line in report["lines"]]
    # What the killed left in the log is taken over by whoever opens the store next.
    with open_store(url) as store:
        assert store.list_saved("owner first")[0].version == 4
    with contextlib.closing(sqlite3.connect(url)) as raw:
        lost, half = lost_lines(raw, acknowledged), list(half_written(raw))
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        versions = raw.execute("SELECT count(*) FROM shareshift_version").fetchone()[0]
    told = f"{KILLS} kills, {len(acknowledged)} acknowledged, {versions} versions, {len(lost)} lost, {len(half)} half"
    sys.stdout.write(f"{told}\n")
    assert (lost, half) == ([], []), told
    # Writers were killed in the midst of it, and not before they began.
    assert len({line["writer"] for line in acknowledged}) >= 0.9 * KILLS, told


def lost_lines(raw, acknowledged):
    """Return what was acknowledged and is not there; of a draft, any later revision will do."""
    versions = set(raw.execute("SELECT scenario_id, number FROM shareshift_version"))
    drafts = dict(raw.execute("SELECT owner, revision FROM shareshift_draft"))
    return [
        line
        for line in acknowledged
        if (
            drafts.get(f"owner {line['writer']}", 0) < line["draft"]
            if "draft" in line
            else (line["id"], line["version"]) not in versions
        )
    ]


def half_written(raw):
    """Yield what is not whole, read from the tables themselves and not by way of the store."""
    numbers = {}
    for key, number, content in raw.execute("SELECT scenario_id, number, content FROM shareshift_version ORDER BY 2"):
        numbers.setdefault(key, []).append(number)
        writer, count = json.loads(content)["title"].split(":")
        if json.loads(content) != content_of(writer, int(count)) or int(count) != number:
            yield f"version {number} of {key}"
    for key, latest in raw.execute("SELECT scenario_id, version FROM shareshift_scenario"):
        if numbers.pop(key, []) != list(range(1, latest + 1)):
            yield f"the history of {key}"
    yield from (f"versions of {key}, which is not there" for key in numbers)
    for owner, revision, content, history in raw.execute(
        "SELECT owner, revision, content, history FROM shareshift_draft"
    ):
        if json.loads(content) != content_of(owner.split()[1], revision) or json.loads(history) != [revision] * 50:
            yield f"the draft of {owner}"
