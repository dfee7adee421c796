"""What may be stored: canonical JSON and short texts within limits, all faults named at once."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from shareshift.store.errors import ContentError, Damaged

MOST_BYTES = 1_048_576
MOST_DEPTH = 32
MOST_CHARACTERS = {
    "title": 200,
    "owner": 200,
    "author": 200,
    "draft_id": 64,
    "market_digest": 200,
    "market_name": 200,
    "engine_version": 64,
    "note": 4000,
}
NEEDED = {"title", "owner", "draft_id", "market_digest"}
SHOWN_FAULTS = 8


def check(texts: Mapping[str, object], *, history: object = None, **contents: object) -> dict[str, str]:
    """Return every content as canonical JSON; raises `ContentError` with all that is wrong.

    `texts` holds texts by the names of `MOST_CHARACTERS`; a content is a mapping of plain values, and `history` any
    plain value.
    """
    faults = [fault for name, text in texts.items() for fault in _text_faults(name, text)]
    written = {}
    for name, value in contents.items():
        if not isinstance(value, Mapping):
            faults.append(f"{name} is not a table of values. Hand over the scenario as a mapping.")
        else:
            faults += _text_faults("title", value.get("title"))
            written[name] = _written(name, value, faults)
    written["history"] = _written("history", history, faults)
    if faults:
        more = len(faults) - SHOWN_FAULTS
        raise ContentError([*faults[:SHOWN_FAULTS], *([f"... and {more} more."] if more > 0 else [])])
    return written


def read(text: str, where: str) -> Any:
    """Return stored JSON as plain values; raises `Damaged` where something else has written there."""
    try:
        # What is no text, or no JSON, or nested deeper than anything that was ever written.
        return json.loads(text.encode())
    except (ValueError, RecursionError):
        raise Damaged(where) from None


def read_content(text: str, where: str) -> dict[str, Any]:
    """Return a stored scenario as plain values; raises `Damaged`."""
    content = read(text, where)
    if not isinstance(content, dict):
        raise Damaged(where)
    return content


def _written(name: str, value: object, faults: list[str]) -> str:
    found = [] if _is_plain(value, name == "history", 0) else list(_value_faults(name, value, 0))
    if found:
        faults += found
        return ""
    # A mapping that is no dict, such as a frozen one, is written as one.
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=dict)
    if len(text) > MOST_BYTES:
        faults.append(f"{name} takes {len(text):,} bytes. Bring it below {MOST_BYTES:,}.")
    return text


def _is_plain(value: Any, nulls: bool, depth: int) -> bool:
    """Say whether nothing is wrong with a value, several times as fast as naming what is: autosaves wait for it."""
    kind = type(value)
    if kind is float:
        return math.isfinite(value)
    if kind is str or kind is int or kind is bool:
        return True
    if depth >= MOST_DEPTH:
        return False
    if kind is dict or isinstance(value, Mapping):
        return all(type(key) is str and key and _is_plain(part, nulls, depth + 1) for key, part in value.items())
    if kind is list or kind is tuple:
        return all(_is_plain(part, nulls, depth + 1) for part in value)
    return value is None and nulls


def _value_faults(path: str, value: object, depth: int) -> Iterator[str]:
    if depth > MOST_DEPTH:
        yield f"{path} is nested more than {MOST_DEPTH} deep. Flatten it."
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if isinstance(key, str) and key:
                yield from _value_faults(f"{path}.{key[:60]}", part, depth + 1)
            else:
                yield f"{path} has the key {str(key)[:60]!r}. Use text for every key."
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value):
            yield from _value_faults(f"{path}[{place}]", part, depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{path} is {value}. Give a finite number."
    elif value is None and not path.startswith("history"):
        yield f"{path} is empty. Leave it out."
    elif not isinstance(value, str | int | float | None):
        yield f"{path} is a {type(value).__name__}. Give text, a number, true or false."


def _text_faults(name: str, text: object) -> Iterator[str]:
    most = MOST_CHARACTERS[name]
    if not isinstance(text, str):
        yield f"{name} is not text. Write one."
    elif name in NEEDED and not text.strip():
        yield f"{name} is empty. Write one."
    elif len(text) > most:
        yield f"{name} has {len(text):,} characters. Keep it to {most:,}."
    elif any(not (c.isprintable() or c in "\n\t") or "\ud800" <= c <= "\udfff" for c in text):
        yield f"{name} holds characters that cannot be shown. Remove them."
    elif name != "note" and ("\n" in text or "\t" in text):
        yield f"{name} runs over several lines. Keep it on one."
