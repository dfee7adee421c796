"""The first screen in a real Chromium: few numbers, and one picture that grows and shrinks with the money."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from shareshift.market.market import Market
from support.dashboard import Dashboard
from support.places import BUNDLED
from support.reading import assert_fits_a_phone, settled, slide, until_charts

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_NUMBERS = 25
# Numbers that a reader sees without scrolling; a day, such as 12 June 2025, is one.
NUMBERS = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, at = document.createRange();
    at.selectNodeContents(node);
    const { left, right, top, bottom, width, height } = at.getBoundingClientRect();
    if (!width || !height || bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth) continue;
    if (!node.parentElement.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const words = node.data.replace(/\\d+ [A-Z][a-z]+ \\d{4}/g, '1');
    found.push(...(words.match(/\\d[\\d.,]*/g) ?? []));
  }
  return found;
}"""
# How thick all ribbons of the first picture are together where they begin, in pixels.
THICK = """() => {
  const edge = path => {
    const points = path.getAttribute('d').match(/-?[\\d.]+,-?[\\d.]+/g).map(point => point.split(',').map(Number));
    const first = Math.min(...points.map(point => point[0]));
    const ends = points.filter(point => Math.abs(point[0] - first) < 0.5).map(point => point[1]);
    return Math.max(...ends) - Math.min(...ends);
  };
  const picture = document.querySelector('[data-testid="stVegaLiteChart"] svg');
  return [...picture.querySelectorAll('.mark-area path')].map(edge).reduce((sum, thick) => sum + thick, 0);
}"""


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    dashboard = Dashboard(tmp_path_factory.mktemp("bundled"), SHARESHIFT_MARKET=str(BUNDLED))
    dashboard.start()
    yield dashboard
    dashboard.stop()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_first_screen_holds_few_numbers(page: Page, bundled: Dashboard, address: str, mode: str) -> None:
    page.emulate_media(color_scheme=mode)  # type: ignore[arg-type]
    for place in (bundled.address, address):
        opened = page.context.new_page()
        opened.goto(place)
        until_charts(opened, 4)
        settled(opened)
        numbers = opened.evaluate(NUMBERS)
        assert 10 <= len(numbers) <= MOST_NUMBERS, numbers
        opened.close()


def test_half_the_money_is_half_as_thick_and_a_month_less_is_thinner(page: Page, address: str, tiny: Market) -> None:
    thick = {}
    for share in ("0.8", "0.4"):
        page.goto(f"{address}/?moved_share={share}&evidence_spread=0")
        until_charts(page, 4)
        settled(page)
        thick[share] = page.evaluate(THICK)
    assert thick["0.4"] == pytest.approx(thick["0.8"] / 2, rel=0.02)
    page.get_by_role("slider", name="Cumulative through").press("ArrowLeft")
    page.wait_for_function(f"thick => ({THICK})() < thick - 0.5", arg=thick["0.4"])


def test_a_phone_names_product_and_market(page: Page, address: str, tiny: Market) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    until_charts(page, 4)
    opening = page.locator(".over").first
    assert opening.inner_text().lower() == f"shareshift · {tiny.title}".lower()
    assert opening.bounding_box()["y"] < 200  # type: ignore[index]
    assert page.get_by_text("Who gets it?").bounding_box()["y"] < 844  # type: ignore[index]
    assert_fits_a_phone(page)


def test_a_move_leaves_the_picture_where_it_is(page: Page, address: str, tiny: Market) -> None:
    page.goto(address)
    until_charts(page, 4)
    settled(page)
    picture = page.locator('[data-testid="stVegaLiteChart"]').first
    before = picture.bounding_box()
    slide(page, tiny.parameters["moved_share"].label, "ArrowLeft", 3)
    page.get_by_text("Your change does most to").wait_for()
    settled(page)
    assert picture.bounding_box() == before
