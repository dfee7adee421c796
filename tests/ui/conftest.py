"""The app on the tiny market without a browser; and a page of it in Chromium, for a reader with own cookies."""

from collections.abc import Iterator

import pytest
import streamlit as st
from playwright.sync_api import Browser, BrowserContext, Page

from support.chromium import troubles_of
from support.dashboard import Dashboard
from support.places import TINY


@pytest.fixture(scope="module")
def empty_caches() -> None:
    st.cache_resource.clear()


@pytest.fixture
def tiny_app(empty_caches: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The app shows the tiny market."""
    monkeypatch.setenv("SHARESHIFT_MARKET", str(TINY))
    # Freezing for good would keep everything that earlier tests left behind.
    monkeypatch.setattr("gc.freeze", lambda: None)


@pytest.fixture
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody with cookies of their own."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def address(server: Dashboard) -> str:
    return server.address


@pytest.fixture
def page(reader: BrowserContext, address: str) -> Iterator[Page]:
    """A page that fails its test on a console error or on a request to another host."""
    page = reader.new_page()
    own = (f"{address}/", f"{address.replace('http', 'ws')}/", "data:", "blob:")
    troubles = troubles_of(page, lambda url: url.startswith(own))
    yield page
    page.close()
    assert troubles == []
