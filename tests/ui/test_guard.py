"""Foreign names, foreign pages and endpoints that no page needs are refused at the door."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from shareshift.basics.places import HOSTS_VARIABLE
from shareshift.ui.server.front_door import FrontDoor
from shareshift.ui.server.guard import refusal
from shareshift.ui.shell.words import plain


def scope(kind="http", path="/", host="127.0.0.1:8501", origin=""):
    headers = [(b"host", host.encode()), *([(b"origin", origin.encode())] if origin else [])]
    return {"type": kind, "path": path, "headers": headers, "method": "GET", "scheme": "http"}


# What makes text plain: escapes, and word joiners.
INSERTED = "\\\u2060"
OWN = [
    scope(),
    scope(host="localhost:8501"),
    scope(host="[::1]:8501"),
    scope("websocket", "/_stcore/stream", origin="http://127.0.0.1:8501"),
    scope("websocket", "/_stcore/stream"),
    scope(path="/_stcore/health"),
]
FOREIGN = [
    scope(host="evil.example:8501"),
    scope(host=""),
    scope(host="127.0.0.1.evil.example"),
    scope(host="127.0.0.1:8501.evil.example"),
    scope(host="127.0.0.1:evil.example"),
    scope(host="evil.example@127.0.0.1:x"),
    scope("websocket", "/_stcore/stream", "evil.example:8501", "http://evil.example:8501"),
    scope("websocket", "/_stcore/stream", origin="http://evil.example"),
    scope("websocket", "/_stcore/stream", origin="http://127.0.0.1:9999"),
    scope("websocket", "/_stcore/stream", origin="null"),
    scope(path="/_stcore/upload_file/abc/def"),
    scope(path="/tools/_stcore/metrics"),
]


@pytest.mark.parametrize("asked", OWN)
def test_the_servers_own_pages_are_let_in(asked):
    assert refusal(asked) == ""


@pytest.mark.parametrize("asked", FOREIGN)
def test_strangers_are_answered_and_nothing_behind_the_door_sees_them(asked):
    sent = []

    async def app(scope, receive, send):
        raise AssertionError(scope)

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "websocket.connect"}

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, FrontDoor(app)(asked, receive, send)).result()
    if asked["type"] == "websocket":
        assert sent == [{"type": "websocket.close", "code": 1008}]
    else:
        assert sent[0]["status"] == 403


def test_further_names_of_the_server_can_be_given(monkeypatch):
    asked = scope("websocket", "/_stcore/stream", "shares.example", "https://shares.example")
    assert refusal(asked)
    monkeypatch.setenv(HOSTS_VARIABLE, "other.example, shares.example")
    assert refusal(asked) == ""
    assert refusal(scope("websocket", "/_stcore/stream", "shares.example", "https://evil.example"))
    monkeypatch.setenv(HOSTS_VARIABLE, "*")
    assert refusal(scope(host="anything")) == ""


@pytest.mark.parametrize(
    "payload",
    ["# Heading", "http://evil.example", "www.evil.example", "a@evil.example", "[a](http://b)",
     ":material/home: :smile:", "$x^2$", "- list", "1. list", "a\n\n# b", "<b>x</b>", "**bold** __b__ `code`",
     "| a | b |\n|---|---|", "~~gone~~", "---"],
)  # fmt: skip
def test_text_of_others_holds_nothing_that_markdown_could_take_for_its_own(payload):
    shown = plain(payload)
    assert "\n" not in shown
    marks = [at for at, mark in enumerate(shown) if not mark.isalnum() and not mark.isspace() and mark not in INSERTED]
    assert all(shown[at - 1] == "\\" for at in marks)
    assert not re.search(r"://\w|www\.|\w@", shown.replace("\\", ""))
    assert shown.translate(dict.fromkeys(map(ord, INSERTED))) == " ".join(payload.split()).replace("\\", "")
