"""What every answer carries: a name for the reader that no script can read, and limits on what a page may load."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from shareshift.ui.saved.owner import COOKIE, Owner, is_new, owner_of
from shareshift.ui.server.front_door import FrontDoor, security_headers


def answered(kind="text/html; charset=utf-8", cookie="", scheme="http", scope_type="http", extra=()):
    """The headers of an answer to a request with a cookie, as pairs."""
    sent = []

    async def app(scope, receive, send):
        headers = [(b"content-type", kind.encode()), *extra]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8501"), *([(b"cookie", cookie.encode())] if cookie else [])]
    scope = {"type": scope_type, "scheme": scheme, "headers": headers, "path": "/"}
    call = FrontDoor(app)(scope, None, send)
    # In a thread of its own: where a browser is open, this one has a loop that runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, call).result()
    return [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]


def cookies(headers):
    return [value for name, value in headers if name == "set-cookie"]


def test_a_reader_without_a_name_gets_one_of_128_random_bits_that_scripts_cannot_read():
    first, second = (cookies(answered())[0] for _ in range(2))
    assert re.match(rf"{COOKIE}=[0-9a-f]{{32}};", first)
    assert first.split(";")[0] != second.split(";")[0]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="):
        assert part in first
    assert "Secure" not in first


def test_a_reader_with_a_name_keeps_it():
    value = "0123456789abcdef" * 2
    assert cookies(answered(cookie=f"other=1; {COOKIE}={value}"))[0].startswith(f"{COOKIE}={value};")


@pytest.mark.parametrize("cookie", [f"{COOKIE}=mine", f"{COOKIE}=", f"{COOKIE}={'A' * 32}", "\x00;;=", f"{COOKIE}"])
def test_a_name_that_is_none_of_ours_is_replaced(cookie):
    assert re.match(rf"{COOKIE}=[0-9a-f]{{32}};", cookies(answered(cookie=cookie))[0])


def test_over_https_the_cookie_is_never_sent_in_the_clear():
    assert "; Secure" in cookies(answered(scheme="https"))[0]


def test_files_bring_no_names_since_many_load_at_once():
    assert cookies(answered(kind="text/javascript")) == []


def test_every_answer_says_what_a_page_may_load_and_own_headers_stand():
    for kind in ("text/html", "text/javascript", "image/png"):
        headers = dict(answered(kind=kind))
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert dict(answered(extra=[(b"referrer-policy", b"no-referrer")]))["referrer-policy"] == "no-referrer"


def test_the_script_in_the_page_of_streamlit_is_allowed_by_its_hash_and_no_other():
    policy = security_headers()["content-security-policy"]
    script = next(part for part in policy.split("; ") if part.startswith("script-src "))
    assert "'sha256-" in script
    assert "'unsafe-inline'" not in script
    assert "'unsafe-eval'" not in script


def test_a_name_is_new_once_and_what_is_stored_does_not_tell_the_cookie():
    value = cookies(answered())[0].split("=")[1].split(";")[0]
    owner = Owner(name=owner_of(value), lasting=True)
    assert value not in owner.name
    assert is_new(owner)
    assert not is_new(owner)
    assert not is_new(Owner(name=owner_of("0" * 32), lasting=True))
