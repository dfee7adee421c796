"""Whoever sees little or uses no mouse: contrast of all words in both modes, a way by Tab that shows where it is."""

import pytest
from playwright.sync_api import Browser, Page

from support.reading import settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = ("", "compare", "what-matters", "claims", "scenarios", "evidence", "track-record", "method")
# Words drawn on the page with less contrast than they need: 3 to 1 on charts and in large type, else 4.5 to 1.
FAINT = """() => {
  const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
    .getContext('2d', { willReadFrequently: true });
  const read = colour => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    return [[red, green, blue], alpha / 255];
  };
  const light = parts => parts.map(part => part / 255)
    .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const over = (top, alpha, ground) => top.map((part, at) => alpha * part + (1 - alpha) * ground[at]);
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const [colour, alpha] = read(getComputedStyle(at).backgroundColor);
      if (alpha > 0.5) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll('body *')) {
    const words = [...node.childNodes].filter(one => one.nodeType === 3).map(one => one.data.trim()).join('');
    const looks = getComputedStyle(node), { width, height } = node.getBoundingClientRect();
    if (!words || !width || !height || looks.visibility === 'hidden') continue;
    // A slider's value stands beside the thumb that it belongs to.
    if (node.closest('[data-testid=stSliderThumbValue], [disabled], [aria-disabled=true], style, script')) continue;
    const drawn = node instanceof SVGElement;
    let [colour, alpha] = read(drawn ? looks.fill : looks.color);
    for (let at = node; at; at = at.parentElement) alpha *= Number(getComputedStyle(at).opacity);
    if (alpha < 0.05) continue;
    const below = ground(node), [low, high] = [light(over(colour, alpha, below)), light(below)].sort((a, b) => a - b);
    const least = drawn || parseFloat(looks.fontSize) >= 24 ? 3 : 4.5;
    if ((high + 0.05) / (low + 0.05) < least) found.push(`${words.slice(0, 40)}: ${(high + 0.05) / (low + 0.05)}`);
  }
  return found;
}"""


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_all_words_can_be_read(browser: Browser, address: str, mode: str) -> None:
    page = browser.new_page(color_scheme=mode)  # type: ignore[arg-type]
    for name in PAGES:
        page.goto(f"{address}/{name}?moved_share=0.5" if name in PAGES[:5] else f"{address}/{name}")
        page.locator("h1").wait_for()
        settled(page)
        assert page.evaluate(FAINT) == [], name
    page.close()


def test_the_tab_key_shows_where_it_is_and_never_goes_through_a_closed_sidebar(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    page.locator("h1").wait_for()
    settled(page)
    for _ in range(12):
        page.keyboard.press("Tab")
        place = page.evaluate("() => document.activeElement.getBoundingClientRect().right")
        assert place > 0
    page.set_viewport_size({"width": 1440, "height": 900})
    settled(page)
    page.get_by_role("link", name="Compare").focus()
    page.keyboard.press("Shift+Tab")
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
