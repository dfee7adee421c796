"""Who a reader is: a random number in a cookie, so that drafts and saved scenarios find their way back.

The cookie is the secret; what is stored as the owner is a hash of it, since whoever holds a link can read the owner.
"""

import hashlib
import re
import secrets
import threading
from dataclasses import dataclass

import streamlit as st

COOKIE = "shareshift_owner"
COOKIE_VALUE = re.compile(r"[0-9a-f]{32}")
MOST_NEW = 10_000
_lock = threading.Lock()
_issued: dict[str, bool] = {}


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The name that things are stored under, and whether the reader will have it again next time."""

    name: str
    lasting: bool


def this_owner() -> Owner:
    """Return who reads this page; without the cookie somebody for this visit only."""
    owner = st.session_state.get("owner")
    if not isinstance(owner, Owner):
        value = st.context.cookies.get(COOKIE, "")
        lasting = isinstance(value, str) and COOKIE_VALUE.fullmatch(value) is not None
        owner = Owner(name=owner_of(value if lasting else new_cookie()), lasting=lasting)
        st.session_state["owner"] = owner
    return owner


def is_new(owner: Owner) -> bool:
    """Say whether this server has only just given the reader a name, so that nothing can have been kept; true once."""
    with _lock:
        return _issued.pop(owner.name, False)


def issue_cookie() -> str:
    """Return 128 random bits for a reader who has none yet, and remember that they are new."""
    value = new_cookie()
    with _lock:
        _issued[owner_of(value)] = True
        if len(_issued) > MOST_NEW:
            del _issued[next(iter(_issued))]
    return value


def owner_of(cookie: str) -> str:
    """Return the owner that belongs to a cookie's value."""
    return hashlib.sha256(f"owner of {cookie}".encode()).hexdigest()[:32]


def new_cookie() -> str:
    """Return 128 random bits."""
    return secrets.token_hex(16)
