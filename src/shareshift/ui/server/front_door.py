"""What every answer of the server carries: its name, one for readers who have none, and limits on a page."""

import base64
import hashlib
import os
import re
from functools import cache
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shareshift.basics.places import NAME_HEADER, START_VARIABLE, dashboard_name
from shareshift.ui.saved.owner import COOKIE, COOKIE_VALUE, issue_cookie
from shareshift.ui.server.guard import refusal

# Browsers keep a cookie for 400 days at most; every visit begins them anew.
COOKIE_SECONDS = 400 * 24 * 3600
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


class FrontDoor:
    """An ASGI middleware that names readers and sets the headers of every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before another application."""
        self.app = app
        self.name = f"{dashboard_name()} {os.environ.get(START_VARIABLE, '')}".strip()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with a cookie on pages and the headers on everything; refuse who may not."""
        if scope["type"] in {"http", "websocket"} and (why := refusal(scope)):
            await _refuse(why, scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in security_headers().items():
                    headers.setdefault(name, value)
                headers.setdefault(NAME_HEADER, self.name)
                # Only with pages: files that load at the same time would each bring a name of their own.
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", set_cookie(scope))
            await send(message)

        await self.app(scope, receive, answer)


def middleware() -> list[Middleware]:
    """Return what stands before the dashboard."""
    return [Middleware(FrontDoor), Middleware(GZipMiddleware, minimum_size=1024)]


async def _refuse(why: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await PlainTextResponse(why, status_code=403)(scope, receive, send)
    else:
        # Closed before it is accepted: the browser is answered 403, and nothing behind the door sees it.
        await send({"type": "websocket.close", "code": 1008})


def set_cookie(scope: Scope) -> str:
    """Return the header that gives a reader a name, or lets the one there is last longer."""
    value = _cookie(Headers(scope=scope).get("cookie", "")) or issue_cookie()
    # Over plain HTTP, as on one's own machine, a secure cookie would be dropped.
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return f"{COOKIE}={value}; Max-Age={COOKIE_SECONDS}; Path=/; HttpOnly; SameSite=Lax{secure}"


@cache
def security_headers() -> dict[str, str]:
    """Return the headers that close what a page does not need: other hosts, frames, guessed types, referrers."""
    scripts = " ".join(f"'sha256-{digest}'" for digest in _inline_scripts())
    policy = {
        "default-src": "'self'",
        # Tables and charts compile WebAssembly and start workers of their own; nothing evaluates text.
        "script-src": f"'self' 'wasm-unsafe-eval' {scripts}".strip(),
        "worker-src": "'self' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }


def _inline_scripts() -> list[str]:
    """Return the hashes of the scripts that stand in Streamlit's own page."""
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    text = page.read_text("utf-8") if page.is_file() else ""
    return [
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in INLINE_SCRIPT.findall(text)
    ]


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None and COOKIE_VALUE.fullmatch(found.value) else ""
