"""What a reader does on a page of the dashboard, and when it has done."""

from playwright.sync_api import Locator, Page

LEAD = '[data-testid="lead"]'
CHARTS = '[data-testid="stVegaLiteChart"] svg'
# A page tells whether a script runs, but not whether a key press is about to start one, which takes 200 ms.
QUIET_MS = 300
QUIET = """quiet => {
  const now = performance.now();
  const busy = document.querySelector('[data-test-script-state=running], [data-test-script-state=rerunRequested]');
  if (busy || window.quietSince === undefined) window.quietSince = now;
  return now - window.quietSince > quiet;
}"""
WIDTH = "Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth)"


def settled(page: Page) -> None:
    """Wait until no script has run for a while."""
    page.evaluate("() => { delete window.quietSince; }")
    page.wait_for_function(QUIET, arg=QUIET_MS)


def thumb(page: Page, label: str) -> Locator:
    """Return what of a slider takes key presses."""
    return page.locator('[data-testid="stSlider"]', has_text=label).locator("input")


def slide(page: Page, label: str, key: str, times: int = 1) -> None:
    thumb(page, label).focus()
    for _ in range(times):
        thumb(page, label).press(key)


def lead(page: Page) -> str:
    return page.locator(LEAD).inner_text()


def until_lead(page: Page, words: str, *, gone: bool = False) -> None:
    """Wait until the first sentence is these words or, `gone`, is no longer."""
    sign = "!==" if gone else "==="
    page.wait_for_function(f"words => document.querySelector('{LEAD}')?.innerText {sign} words", arg=words)


def until_charts(page: Page, least: int) -> None:
    page.wait_for_function(f"() => document.querySelectorAll('{CHARTS}').length >= {least}")


def assert_fits_a_phone(page: Page) -> None:
    """Hold that a page on the screen of a phone is not wider than it, once everything has its new size."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(f"() => {WIDTH} <= 390")
    settled(page)
    assert page.evaluate(WIDTH) <= 390
