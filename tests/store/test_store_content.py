"""What may be stored, without a database: limits, all faults at once, and what differs between two contents."""

import math
import subprocess
import sys
from copy import deepcopy
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareshift.store.changes import Change, difference
from shareshift.store.content import MOST_BYTES, MOST_CHARACTERS, check, read, read_content
from shareshift.store.errors import ContentError, StoreError

TEXTS = {"owner": "ann", "market_digest": "digest", "note": "", "author": ""}
KEYS = st.text(min_size=1, max_size=5)
VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.dictionaries(KEYS, inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=8,
)
CONTENTS = st.dictionaries(KEYS, VALUES, max_size=4).map(lambda parts: {**parts, "title": "A title"})


def faults(texts=TEXTS, content=MappingProxyType({"title": "A title"}), history=None):
    with pytest.raises(ContentError) as caught:
        check(texts, content=content, history=history)
    assert str(caught.value) == "\n".join(caught.value.faults)
    return caught.value.faults


@given(CONTENTS)
def test_any_plain_content_comes_back_exactly(content):
    frozen = MappingProxyType(deepcopy(content))
    text = check(TEXTS, content=frozen)["content"]
    assert repr(read(text, "")) == repr(read(check(TEXTS, content=read(text, ""))["content"], ""))
    assert read(text, "") == content
    assert difference(content, read(text, "")) == []


def test_the_same_content_is_the_same_text_whatever_the_order_of_its_keys():
    one = check(TEXTS, content={"title": "T", "parameters": {"a": 1.0, "b": 0.1}})
    other = check(TEXTS, content={"parameters": {"b": 0.1, "a": 1.0}, "title": "T"})
    assert one["content"] == other["content"] == '{"parameters":{"a":1.0,"b":0.1},"title":"T"}'


def test_all_faults_are_named_at_once():
    content = {"title": "a\nb", "x": {"y": [1, math.nan]}, "z": {1: "a", "": "b"}, "w": None, "v": object(), "u": {2}}
    assert faults({"owner": " ", "market_digest": 5, "note": "n" * 4001, "author": "a\x00b"}, content) == (
        "owner is empty. Write one.",
        "market_digest is not text. Write one.",
        "note has 4,001 characters. Keep it to 4,000.",
        "author holds characters that cannot be shown. Remove them.",
        "title runs over several lines. Keep it on one.",
        "content.x.y[1] is nan. Give a finite number.",
        "content.z has the key '1'. Use text for every key.",
        "content.z has the key ''. Use text for every key.",
        "... and 3 more.",
    )


@pytest.mark.parametrize("content", [{}, {"title": None}, {"title": ""}, {"title": "  "}, {"title": 3}, None, [], "x"])
def test_a_content_without_a_title_is_refused(content):
    assert len(faults(content=content)) == 1 + (content == {"title": None})


@pytest.mark.parametrize("name", MOST_CHARACTERS)
def test_texts_may_be_as_long_as_their_limit_and_no_longer(name):
    most = MOST_CHARACTERS[name]
    check({name: "a" * most}, content={"title": "T"})
    assert faults({name: "a" * (most + 1)}) == (f"{name} has {most + 1:,} characters. Keep it to {most:,}.",)


@pytest.mark.parametrize("text", ["a\ud800", "a\x00", "\x1b[31m", "a\u202eb"])
def test_characters_that_no_database_or_page_can_show_are_refused(text):
    assert faults({"owner": text}) == ("owner holds characters that cannot be shown. Remove them.",)


def test_a_content_may_be_as_large_as_its_limit_and_no_larger():
    room = MOST_BYTES - len('{"filler":"","title":"T"}')
    check(TEXTS, content={"title": "T", "filler": "a" * room})
    assert faults(content={"title": "T", "filler": "a" * (room + 1)}) == (
        f"content takes {MOST_BYTES + 1:,} bytes. Bring it below {MOST_BYTES:,}.",
    )


def test_a_content_that_goes_ever_deeper_is_refused():
    deep = {"title": "T"}
    deep["deep"] = deep
    assert {fault.split(" is ")[1] for fault in faults(content=deep)} == {"nested more than 32 deep. Flatten it."}


def test_a_history_may_hold_nothing_but_no_infinity():
    assert check(TEXTS, content={"title": "T"}, history=[None, {"a": None}])["history"] == '[null,{"a":null}]'
    assert faults(history=[math.inf]) == ("history[0] is inf. Give a finite number.",)


def test_what_something_else_has_written_is_named():
    for text in ('{"title": ', '{"title": "\udcff"}', "[" * 100_000):
        with pytest.raises(StoreError, match="Version 2 of A is damaged"):
            read(text, "version 2 of A")
    with pytest.raises(StoreError, match="Version 2 of A is damaged"):
        read_content("[]", "version 2 of A")


def test_a_difference_names_every_value_by_its_path():
    before = {"title": "A", "customers": {"google": {"exit": 1.0}}, "parameters": {"lag": 2, "growth": 0.5}}
    after = {"title": "B", "vendors": {"surge": {"excluded": True}}, "parameters": {"lag": 2.0, "growth": 0.25}}
    assert difference(before, after) == [
        Change(("customers", "google", "exit"), 1.0, None),
        Change(("parameters", "growth"), 0.5, 0.25),
        Change(("title",), "A", "B"),
        Change(("vendors", "surge", "excluded"), None, True),
    ]


def test_true_is_not_one_and_a_table_is_not_a_value():
    assert difference({"a": 1, "b": [1]}, {"a": True, "b": [True]}) == [
        Change(("a",), 1, True),
        Change(("b",), [1], [True]),
    ]
    assert difference({"a": {"b": 1}}, {"a": 1}) == [Change(("a",), {"b": 1}, 1)]


def put(content, path, value):
    *outer, last = path
    for key in outer:
        content = content.setdefault(key, {})
    content.pop(last, None) if value is None else content.__setitem__(last, value)


def pruned(value):
    if isinstance(value, dict):
        return {key: kept for key, part in value.items() if (kept := pruned(part)) != {}}
    return value


@given(CONTENTS, CONTENTS)
def test_putting_in_what_differs_turns_one_content_into_the_other(before, after):
    # A table without values says nothing.
    before, after = pruned(before), pruned(after)
    changed = deepcopy(before)
    for change in difference(before, after):
        put(changed, change.path, change.after)
    assert pruned(changed) == after
    assert [(c.path, c.after, c.before) for c in difference(after, before)] == [
        (c.path, c.before, c.after) for c in difference(before, after)
    ]


def test_what_pages_know_of_the_store_imports_no_database():
    code = (
        "import sys; from shareshift.store import changes, errors, records;"
        "assert not {'sqlalchemy', 'alembic', 'psycopg'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
