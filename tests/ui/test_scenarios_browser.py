"""Drafts, saved scenarios and links in a real Chromium, with servers that are killed and tabs that disagree."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from shareshift.market.market import Market
from shareshift.scenario.address import stamp
from support.places import ROOT, TINY

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LEAD = '[data-testid="lead"]'
KEPT = '[data-testid="kept"]'
SAVED = f'{KEPT}[data-state="saved"]'


class Server:
    """The dashboard on a free port, with a store of its own; it can be killed and started again."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.data = data
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--server.headless", "true"],
            cwd=ROOT,
            env={**os.environ, "SHARESHIFT_MARKET": str(TINY), "SHARESHIFT_DATA": str(self.data)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("data"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("SHARESHIFT_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip(os.environ.get("SHARESHIFT_NO_BROWSER_REASON", "not run: no Chromium was found"))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody with cookies of their own."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    yield context
    context.close()


def opened(reader: BrowserContext, address: str) -> Page:
    page = reader.new_page()
    page.goto(address)
    page.locator(LEAD).wait_for()
    settled(page)
    return page


def settled(page: Page) -> None:
    page.wait_for_function("() => !document.querySelector('[data-test-script-state=running]')")
    page.wait_for_timeout(300)


def slide(page: Page, label: str, key: str, times: int = 1) -> None:
    thumb = page.locator('[data-testid="stSlider"]', has_text=label).locator("input")
    thumb.focus()
    for _ in range(times):
        thumb.press(key)


def slid(page: Page, label: str) -> str:
    return (
        page.locator('[data-testid="stSlider"]', has_text=label).locator("input").get_attribute("aria-valuenow") or ""
    )


def lead(page: Page) -> str:
    return page.locator(LEAD).inner_text()


def moved(page: Page, label: str) -> str:
    """Move a slider, wait until the sentence has followed and the draft is kept, and return the sentence."""
    before = lead(page)
    slide(page, label, "ArrowLeft")
    page.wait_for_function("old => document.querySelector('[data-testid=lead]').innerText !== old", arg=before)
    page.locator(SAVED).wait_for()
    settled(page)
    return lead(page)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).click()
    settled(page)


def test_a_draft_comes_back_after_the_server_was_killed_and_the_tab_closed(
    reader: BrowserContext, server: Server, tiny: Market
) -> None:
    label = tiny.parameters["moved_share"].label
    page = opened(reader, server.address)
    said = moved(page, label)
    place = slid(page, label)
    server.kill()
    page.close()
    server.start()
    page = opened(reader, server.address)
    expect(page.locator('[data-testid="restored"]')).to_contain_text("Baseline, edited")
    assert slid(page, label) == place
    assert lead(page) == said
    assert "moved_share" in page.url
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("old => document.querySelector('[data-testid=lead]').innerText !== old", arg=said)
    press(page, "Redo")
    page.wait_for_function("old => document.querySelector('[data-testid=lead]').innerText === old", arg=said)


def test_a_tab_that_stays_open_while_the_server_is_killed_goes_on_from_its_address(
    reader: BrowserContext, server: Server, tiny: Market
) -> None:
    label = tiny.parameters["moved_share"].label
    page = opened(reader, server.address)
    said = moved(page, label)
    server.kill()
    page.wait_for_function("() => !document.querySelector('[data-test-connection-state=CONNECTED]')")
    server.start()
    # The tab finds the server again by itself.
    page.wait_for_function("() => document.querySelector('[data-test-connection-state=CONNECTED]')")
    # Connected, it asks for the whole page once more; a key pressed before that has come is lost with the old page.
    page.wait_for_timeout(5000)
    settled(page)
    assert lead(page) == said
    assert page.locator('[data-testid="refused"]').count() == 0
    assert moved(page, label) != said
    press(page, "Undo")
    page.wait_for_function("old => document.querySelector('[data-testid=lead]').innerText === old", arg=said)


def test_steps_are_taken_back_and_done_again_by_keyboard_and_across_pages(
    reader: BrowserContext, server: Server, tiny: Market
) -> None:
    label = tiny.parameters["moved_share"].label
    page = opened(reader, server.address)
    first = lead(page)
    said = moved(page, label)
    page.get_by_role("link", name="Do the claims add up?").click()
    page.get_by_text("Believe the claims").wait_for()
    settled(page)
    page.locator("body").press("Alt+z")
    page.wait_for_function("() => !location.search.includes('moved_share')")
    page.get_by_role("link", name="Where the money goes").click()
    page.wait_for_function("old => document.querySelector('[data-testid=lead]')?.innerText === old", arg=first)
    settled(page)
    page.locator("body").press("Alt+y")
    page.wait_for_function("old => document.querySelector('[data-testid=lead]').innerText === old", arg=said)


def test_a_link_opens_for_somebody_else_as_it_was(
    browser: Browser, reader: BrowserContext, server: Server, tiny: Market
) -> None:
    query = f"?growth=0.6&exit.north=1&spend.south=120&excluded.bolt=1&horizon_months=2&title=Mine&on={stamp(tiny)}"
    page = opened(reader, f"{server.address}/{query}")
    assert page.locator('[data-testid="refused"]').count() == 0
    sidebar = page.locator('[data-testid="stSidebar"]')
    for words in ("North: leaves for certain", "South: spends 120 USD a year at Acme", "Bolt excluded", "2 months"):
        expect(sidebar).to_contain_text(words)
    said = moved(page, tiny.parameters["moved_share"].label)
    for part in ("exit.north=1", "excluded.bolt=1", "horizon_months=2", "title=Mine", "moved_share", "on="):
        assert part in page.url
    other = browser.new_context()
    there = opened(other, page.url)
    assert lead(there) == said
    assert there.locator('[data-testid="refused"]').count() == 0
    assert there.url == page.url
    other.close()


def test_going_back_in_the_browser_goes_back_in_the_scenario(
    reader: BrowserContext, server: Server, tiny: Market
) -> None:
    label = tiny.parameters["moved_share"].label
    page = opened(reader, f"{server.address}/?scenario=exodus")
    first, url = lead(page), page.url
    said = moved(page, label)
    assert page.url != url
    page.go_back()
    page.wait_for_function("old => document.querySelector('[data-testid=lead]').innerText === old", arg=first)
    settled(page)
    assert "moved_share" not in page.url
    page.go_forward()
    page.wait_for_function("old => document.querySelector('[data-testid=lead]').innerText === old", arg=said)


def test_cells_are_edited_marked_and_put_back(reader: BrowserContext, server: Server) -> None:
    page = opened(reader, f"{server.address}/scenarios")
    first = lead(page)
    grid = page.locator('[data-testid="stDataFrame"]').first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    # The third column of the customers is the chance to leave; the first row is North.
    page.mouse.click(box["x"] + 0.37 * box["width"], box["y"] + 35 + 17)
    page.keyboard.press("Enter")
    editor = page.locator('[data-testid="data-grid-canvas"] ~ * input, .gdg-input, input.gdg-input').last
    editor.wait_for()
    editor.fill("100")
    editor.press("Enter")
    page.wait_for_function("old => document.querySelector('[data-testid=lead]').innerText !== old", arg=first)
    settled(page)
    assert "exit.north=1" in page.url
    expect(page.locator('[data-testid="stSidebar"]')).to_contain_text("North: leaves for certain")
    press(page, "Undo")
    page.wait_for_function("() => !location.search.includes('exit.north')")


def test_taking_back_a_letter_in_a_text_takes_back_nothing_else(reader: BrowserContext, server: Server) -> None:
    page = opened(reader, f"{server.address}/scenarios?exit.north=1")
    title = page.locator('[data-testid="stTextInput"]', has_text="Title").locator("input")
    title.fill("Mine")
    title.press("Enter")
    page.wait_for_function("() => location.search.includes('title=Mine')")
    settled(page)
    title.press("End")
    page.keyboard.type(" and theirs")
    page.keyboard.press("Control+z")
    page.wait_for_timeout(1000)
    settled(page)
    assert "title=Mine" in page.url
    assert "exit.north=1" in page.url


def test_two_tabs_that_save_the_same_scenario_both_keep_theirs(
    reader: BrowserContext, server: Server, tiny: Market
) -> None:
    label = tiny.parameters["moved_share"].label
    one = opened(reader, f"{server.address}/scenarios?growth=0.5&title=Together")
    press(one, re.compile("^Save$"))
    one.wait_for_function("() => location.search.includes('saved=')")
    two = opened(reader, one.url)
    moved(one, label)
    press(one, "Save as version 2")
    expect(one.locator('[data-testid="told"]')).to_contain_text("Saved version 2.")
    slide(two, tiny.parameters["exodus"].label, "ArrowRight", 3)
    two.wait_for_function("() => location.search.includes('exodus')")
    settled(two)
    press(two, "Save as version 2")
    expect(two.locator('[data-testid="conflict"]')).to_contain_text("Nothing was overwritten.")
    press(two, re.compile("save mine as version 3"))
    expect(two.locator('[data-testid="told"]')).to_contain_text("Saved version 3.")
    assert "version=3" in two.url
    assert two.locator('[data-testid="conflict"]').count() == 0


def test_a_page_without_a_store_still_reckons_and_says_why_nothing_is_kept(
    reader: BrowserContext, tmp_path: Path, tiny: Market
) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    server = Server(tmp_path / "data")
    try:
        page = opened(reader, server.address)
        before = lead(page)
        slide(page, tiny.parameters["moved_share"].label, "ArrowLeft", 3)
        page.wait_for_function("old => document.querySelector('[data-testid=lead]').innerText !== old", arg=before)
        expect(page.locator(KEPT)).to_contain_text("Nothing is being kept:")
        expect(page.locator(KEPT)).to_contain_text(str(tmp_path / "data"))
    finally:
        server.stop()


def test_the_page_may_load_nothing_from_elsewhere_and_not_be_framed(reader: BrowserContext, server: Server) -> None:
    page = reader.new_page()
    answer = page.goto(server.address)
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert answer.headers["x-content-type-options"] == "nosniff"
    cookie = next(one for one in reader.cookies() if one["name"] == "shareshift_owner")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert cookie["value"] not in page.content()
