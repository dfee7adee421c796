"""Drafts, saved scenarios and links in a real Chromium, with servers that are killed and tabs that disagree."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from shareshift.market.market import Market
from shareshift.scenario.address import stamp
from support.dashboard import Dashboard
from support.reading import LEAD, lead, settled, slide, thumb, until_lead

pytestmark = [pytest.mark.browser, pytest.mark.slow]
KEPT = '[data-testid="kept"]'
SAVED = f'{KEPT}[data-state="saved"]'
# Count from now on how many scripts have ended while the page was connected to its server.
COUNT_RUNS = """() => {
  const app = document.querySelector('[data-test-script-state]');
  window.runs = 0;
  new MutationObserver(() => {
    window.runs += app.matches('[data-test-script-state=notRunning][data-test-connection-state=CONNECTED]') ? 1 : 0;
  }).observe(app, { attributes: true, attributeFilter: ['data-test-script-state'] });
}"""


def opened(reader: BrowserContext, address: str) -> Page:
    page = reader.new_page()
    page.goto(address)
    page.locator(LEAD).wait_for()
    settled(page)
    return page


def moved(page: Page, label: str) -> str:
    """Move a slider, wait until the sentence has followed and the draft is kept, and return the sentence."""
    before = lead(page)
    slide(page, label, "ArrowLeft")
    until_lead(page, before, gone=True)
    page.locator(SAVED).wait_for()
    settled(page)
    return lead(page)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).click()
    settled(page)


def test_a_draft_comes_back_after_the_server_was_killed_and_the_tab_closed(
    reader: BrowserContext, server: Dashboard, tiny: Market
) -> None:
    label = tiny.parameters["moved_share"].label
    page = opened(reader, server.address)
    said = moved(page, label)
    place = thumb(page, label).get_attribute("aria-valuenow")
    server.kill()
    page.close()
    server.start()
    page = opened(reader, server.address)
    expect(page.locator('[data-testid="restored"]')).to_contain_text("Baseline, edited")
    assert thumb(page, label).get_attribute("aria-valuenow") == place
    assert lead(page) == said
    assert "moved_share" in page.url
    page.get_by_role("button", name="Undo").click()
    until_lead(page, said, gone=True)
    press(page, "Redo")
    until_lead(page, said)


def test_a_tab_that_stays_open_while_the_server_is_killed_goes_on_from_its_address(
    reader: BrowserContext, server: Dashboard, tiny: Market
) -> None:
    label = tiny.parameters["moved_share"].label
    page = opened(reader, server.address)
    said = moved(page, label)
    page.evaluate(COUNT_RUNS)
    server.kill()
    page.wait_for_function("() => !document.querySelector('[data-test-connection-state=CONNECTED]')")
    server.start()
    # The tab finds the server again by itself, and asks for the whole page once more; a key pressed before that has
    # come is lost with the old page.
    page.wait_for_function("() => window.runs > 0")
    settled(page)
    assert lead(page) == said
    assert page.locator('[data-testid="refused"]').count() == 0
    assert moved(page, label) != said
    press(page, "Undo")
    until_lead(page, said)


def test_steps_are_taken_back_and_done_again_by_keyboard_and_across_pages(
    reader: BrowserContext, server: Dashboard, tiny: Market
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
    until_lead(page, first)
    settled(page)
    page.locator("body").press("Alt+y")
    until_lead(page, said)


def test_a_link_opens_for_somebody_else_as_it_was(
    browser: Browser, reader: BrowserContext, server: Dashboard, tiny: Market
) -> None:
    query = f"?growth=0.6&exit.north=1&spend.south=120&excluded.bolt=1&horizon_months=2&title=Mine&on={stamp(tiny)}"
    page = opened(reader, f"{server.address}/{query}")
    assert page.locator('[data-testid="refused"]').count() == 0
    sidebar = page.locator('[data-testid="stSidebar"]')
    for words in ("North: leaves for certain", "South: spends $120 a year at Acme", "Bolt excluded", "2 months"):
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
    reader: BrowserContext, server: Dashboard, tiny: Market
) -> None:
    label = tiny.parameters["moved_share"].label
    page = opened(reader, f"{server.address}/?scenario=exodus")
    first, url = lead(page), page.url
    said = moved(page, label)
    assert page.url != url
    page.go_back()
    until_lead(page, first)
    settled(page)
    assert "moved_share" not in page.url
    page.go_forward()
    until_lead(page, said)


def test_cells_are_edited_marked_and_put_back(reader: BrowserContext, server: Dashboard) -> None:
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
    until_lead(page, first, gone=True)
    settled(page)
    assert "exit.north=1" in page.url
    expect(page.locator('[data-testid="stSidebar"]')).to_contain_text("North: leaves for certain")
    press(page, "Undo")
    page.wait_for_function("() => !location.search.includes('exit.north')")


def test_taking_back_a_letter_in_a_text_takes_back_nothing_else(reader: BrowserContext, server: Dashboard) -> None:
    page = opened(reader, f"{server.address}/scenarios?exit.north=1")
    title = page.locator('[data-testid="stTextInput"]', has_text="Title").locator("input")
    title.fill("Mine")
    title.press("Enter")
    page.wait_for_function("() => location.search.includes('title=Mine')")
    settled(page)
    title.press("End")
    page.keyboard.type(" and theirs")
    page.keyboard.press("Control+z")
    settled(page)
    assert "title=Mine" in page.url
    assert "exit.north=1" in page.url


def test_two_tabs_that_save_the_same_scenario_both_keep_theirs(
    reader: BrowserContext, server: Dashboard, tiny: Market
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


@pytest.fixture
def server_without_a_store(tmp_path: Path) -> Iterator[Dashboard]:
    (tmp_path / "data").write_text("a file where a folder should be")
    server = Dashboard(tmp_path, SHARESHIFT_DATA=str(tmp_path / "data"))
    server.start()
    yield server
    server.stop()


def test_a_page_without_a_store_still_computes_and_says_why_nothing_is_kept(
    reader: BrowserContext, server_without_a_store: Dashboard, tmp_path: Path, tiny: Market
) -> None:
    page = opened(reader, server_without_a_store.address)
    before = lead(page)
    slide(page, tiny.parameters["moved_share"].label, "ArrowLeft", 3)
    until_lead(page, before, gone=True)
    expect(page.locator(KEPT)).to_contain_text("Nothing is being kept:")
    expect(page.locator(KEPT)).to_contain_text("The store of this server: it cannot be opened")
    expect(page.locator(KEPT)).not_to_contain_text(str(tmp_path))


def test_the_page_may_load_nothing_from_elsewhere_and_not_be_framed(reader: BrowserContext, server: Dashboard) -> None:
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
