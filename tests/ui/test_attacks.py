"""Text of others is shown as text, wherever it stands and whatever it says; a running server lets no stranger in."""

import ast
import base64
import csv
import http.client
import re
import shutil
import socket
import sys
import time
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import count
from pathlib import Path

import pytest
import streamlit as st
import tomli_w
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from playwright.sync_api import BrowserContext
from streamlit.testing.v1.element_tree import Node

from shareshift.ui.shell.words import plain
from support.chromium import troubles_of
from support.dashboard import ADDRESS, Dashboard
from support.pages import open_page
from support.places import PAGE_FILES, ROOT, TINY
from support.reading import settled

# Every payload carries a number of its own, so that whatever is found of it is known again.
PAYLOADS = (
    "<zqx>{n}", '"><zqx zqon={n}>', "' zqon='{n}", "</p></style></script><zqx>{n}", "<script>zq{n}()</script>",
    "<img src=x onerror=zq{n}()>", '<a href="javascript:zq{n}()">a</a>', "<svg onload=zq{n}()>", "<!-- {n}",
    "&lt;zqx&gt;{n}", "{{{{zq{n}}}}}", "[zq{n}](javascript:zq())", "![zq{n}](http://evil.example/a)", "**zq{n}**",
    "__zq{n}__", "`zq{n}`", "$zq_{n}^2$", ":material/zq{n}: :smile:", ":red[zq{n}]", "# zq{n}", "- zq{n}", "1. zq{n}",
    "| zq{n} | b |", "~~zq{n}~~", "http://evil.example/zq{n}", "www.evil.example/zq{n}", "zq{n}@evil.example",
    "> zq{n}", "=zq{n}()", "[^zq{n}]", "<zq{n}@evil.example>", "\\zq{n}\\",
)  # fmt: skip
FIELDS = {"name", "title", "words", "speaker", "note", "label", "reason", "publisher", "author", "locator"}
# What is shown as it is: texts that a reader edits, choices of a list, and what no reader sees.
AS_IT_IS = {
    "text_input.default", "text_input.value", "text_area.default", "text_area.value", "selectbox.options",
    "multiselect.options",
}  # fmt: skip
# What stands in captions beside words of others: numbers, and texts of this project.
OWN_WORDS = {
    "market.horizon_months",
    "saved.forked_version",
    "kept",
    "len",
    "rows.height",
    "whole.height",
    "text",
    "tables",
}
# What only a payload could have brought into a page.
INJECTED = "zqx, [zqon], img[src=x], [onerror], [onload], [href*=zq], [src*=zq], main script, [href*=evil], [src*=evil]"
UNSEEN = {"raw_values", "id", "form_id", "element_id", "raw_value", "set_value", "user_key", "css"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The tiny market with another payload in every cell that holds words, and in its scenarios; and the payloads."""
    folder, numbers, used = tmp_path_factory.mktemp("hostile") / "market", count(100), []
    shutil.copytree(TINY, folder)

    def payload() -> str:
        number = next(numbers)
        used.append(PAYLOADS[number % len(PAYLOADS)].format(n=number))
        return used[-1]

    first = (folder / "scenarios" / "exodus.toml").read_text("utf-8")
    for number in range(30):
        (folder / "scenarios" / f"more-{number}.toml").write_text(first, "utf-8")
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            row.update({column: payload() for column in row if column in FIELDS})
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    for path in [folder / "market.toml", *sorted(folder.glob("scenarios/*.toml"))]:
        content = tomllib.loads(path.read_text("utf-8"))
        content |= {key: payload() for key in ("title", "note")}
        path.write_text(tomli_w.dumps(content), "utf-8")
    assert len(used) >= 200
    return folder, used


class Marks(HTMLParser):
    """The tags of a page and their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag, *(f"{name}={value}" for name, value in attrs)]

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!-- {data}")


def marks_of(body: str) -> list[str]:
    parser = Marks()
    parser.feed(body)
    parser.close()
    # The values of attributes such as a description of a picture may hold any words.
    return [mark for mark in parser.found if re.search(r"zq|onerror|onload|evil|<!--", mark.split("=")[0])]


def texts(message: Message, path: str) -> Iterator[tuple[str, str]]:
    """Every text in a message of Streamlit's, with where it stands."""
    for field, value in message.ListFields():
        where = f"{path}.{field.name}"
        if field.name in UNSEEN:
            continue
        for one in value if field.is_repeated and not isinstance(value, str) else [value]:
            if field.type == FieldDescriptor.TYPE_MESSAGE and isinstance(one, Message):
                yield from texts(one, where)
            elif field.type == FieldDescriptor.TYPE_STRING:
                yield where, one


def everything(node: Node) -> Iterator[tuple[str, str]]:
    proto = getattr(node, "proto", None)
    if isinstance(proto, Message):
        yield from texts(proto, getattr(node, "type", "block") or "block")
    for child in getattr(node, "children", {}).values():
        yield from everything(child)


def misread(node: Node, used: list[str]) -> tuple[list[str], int]:
    """Return what a page shows of the payloads that a browser would not take as text, and how many it shows."""
    wrong, seen = [], 0
    for where, text in everything(node):
        shown = [payload for payload in used if payload in text or plain(payload) in text]
        seen += len(shown)
        if where.endswith("html.body"):
            wrong += [f"{where}: {text}"] if marks_of(text) else []
        elif where not in AS_IT_IS and not where.startswith(("arrow", "vega")):
            wrong += [f"{where}: {text}" for payload in shown if plain(payload) not in text]
    return wrong, seen


@pytest.mark.parametrize("page", PAGE_FILES)
def test_whatever_a_market_and_its_scenarios_say_no_page_takes_it_for_its_own(
    page: str, hostile: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, used = hostile
    monkeypatch.setenv("SHARESHIFT_MARKET", str(folder))
    monkeypatch.setattr("gc.freeze", lambda: None)
    st.cache_resource.clear()
    # Among many answers many vendors are named.
    more = {"compare": "~".join(["baseline", *(f"more-{number}" for number in range(3))])} if page == "compare" else {}
    app = open_page(page, state={"rooms": True, "forms": True}, **more)
    assert not app.exception
    wrong, seen = misread(app._tree, used)
    assert wrong == []
    # Of Method nothing but a table speaks of the market.
    assert seen or page == "method"


def test_captions_and_markdown_are_our_own_words_or_made_plain() -> None:
    for path in (ROOT / "src" / "shareshift" / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"st.caption", "st.markdown", "st.write"}:
                words = ast.unparse(node.args[0])
                parts = {
                    ast.unparse(one) for one in ast.walk(node.args[0]) if isinstance(one, ast.Attribute | ast.Name)
                }
                # Names in capitals are constants, which this project wrote itself.
                parts -= {part.split(".")[0] for part in parts if "." in part} | {
                    part for part in parts if part.isupper()
                }
                assert "plain(" in words or parts <= OWN_WORDS, f"{path.name}:{node.lineno}: {parts - OWN_WORDS}"


def asked(server: Dashboard, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Ask the server for something, with headers of one's own; return status, headers and text of the answer."""
    connection = http.client.HTTPConnection(ADDRESS, server.port, timeout=30)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace") if answer.status != 101 else ""
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text
    finally:
        connection.close()


def joined(server: Dashboard, **headers: str) -> int:
    """Ask for the connection over which a page is shown, and return the status of the answer."""
    usual = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13"}
    key = base64.b64encode(b"shareshift-tests").decode()
    return asked(server, "/_stcore/stream", **usual, Sec_WebSocket_Key=key, **headers)[0]


@pytest.mark.slow
def test_a_running_server_lets_its_own_pages_in_and_nobody_else(server: Dashboard) -> None:
    own = f"{ADDRESS}:{server.port}"
    assert asked(server, "/")[0] == 200
    assert joined(server, Origin=f"http://{own}") == 101
    begun = time.monotonic()
    for origin in ("http://evil.example", "http://127.0.0.1:1", f"https://{own}.evil.example", "null") * 5:
        assert joined(server, Origin=origin) == 403
    # Streamlit alone would look for its outside address at each, 2 seconds during which it serves nobody.
    assert time.monotonic() - begun < 20
    for host in ("evil.example", f"evil.example:{server.port}", f"{own}.evil.example", ""):
        assert asked(server, "/", Host=host)[0] in (400, 403)
        assert joined(server, Host=host, Origin=f"http://{host}") in (400, 403)
    for closed in ("/_stcore/upload_file/a/b", "/_stcore/metrics", "//_stcore/metrics", "/money/_stcore/metrics"):
        assert asked(server, closed)[0] in (403, 404)
    script = re.search(r'src="\.?(/static/js/[^"]+)"', asked(server, "/")[2])
    assert script
    status, headers, _ = asked(server, script[1], Accept_Encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert server.runs


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has all of 127.0.0.0/8 without asking.")
def test_a_server_listens_on_one_address_of_this_machine_alone(server: Dashboard) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port), 10)


@pytest.mark.slow
@pytest.mark.browser
def test_no_page_of_a_hostile_market_does_what_its_words_say(
    hostile: tuple[Path, list[str]], reader: BrowserContext, tmp_path: Path
) -> None:
    server = Dashboard(tmp_path, SHARESHIFT_MARKET=str(hostile[0]), SHARESHIFT_DATA=str(tmp_path / "data"))
    server.start()
    try:
        page = reader.new_page()
        own = (f"{server.address}/", f"{server.address.replace('http', 'ws')}/", "data:", "blob:")
        troubles = troubles_of(page, lambda url: url.startswith(own))
        page.on("dialog", lambda dialog: troubles.append(dialog.message))
        for name in PAGE_FILES:
            page.goto(f"{server.address}/{'' if name == 'money' else name}")
            page.locator("h1").first.wait_for()
            settled(page)
            found = page.locator(INJECTED)
            assert [one.evaluate("element => element.outerHTML") for one in found.all()] == [], name
        # Below an address of a page Streamlit first looks for itself in vain, of which the console tells.
        assert [trouble for trouble in troubles if "404 (Not Found)" not in trouble] == []
    finally:
        server.stop()
