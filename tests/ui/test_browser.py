"""The dashboard in a real Chromium, served as a reader would start it, on the tiny market."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from support.reading import CHARTS, assert_fits_a_phone, lead, settled, slide, until_charts, until_lead

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Let the pointer come over every mark of a picture, and return the words of all tooltips.
HOVER = """picture => {
  const found = new Set();
  for (const mark of picture.querySelectorAll('svg path, svg rect, svg text, svg line')) {
    const { left, top, width, height } = mark.getBoundingClientRect();
    const place = { bubbles: true, clientX: left + width / 2, clientY: top + height / 2 };
    for (const kind of ['pointerover', 'pointermove', 'mouseover', 'mousemove'])
      mark.dispatchEvent(new PointerEvent(kind, place));
    for (const key of document.querySelectorAll('#vg-tooltip-element.visible .key')) found.add(key.innerText);
    mark.dispatchEvent(new PointerEvent('pointerout', place));
    mark.dispatchEvent(new PointerEvent('mouseout', place));
  }
  return [...found];
}"""


def open_money(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/{query}")
    until_charts(page, 4)


def test_a_key_press_on_a_slider_changes_the_sentence_and_the_pictures(page: Page, address: str, tiny: Market) -> None:
    open_money(page, address)
    sentence = lead(page)
    picture = page.locator(CHARTS).first.inner_html()
    slide(page, tiny.parameters["moved_share"].label, "ArrowLeft", 4)
    until_lead(page, sentence, gone=True)
    page.wait_for_function("() => location.search.includes('moved_share')")
    page.wait_for_function(f"old => document.querySelector('{CHARTS}').innerHTML !== old", arg=picture)
    assert page.get_by_text("Changed from").count() == 1


def test_the_projection_that_is_downloaded_is_the_one_on_the_page(page: Page, address: str, tiny: Market) -> None:
    open_money(page, address, "?moved_share=0.5")
    tables = page.locator('[data-testid="stSelectbox"]', has_text="One table")
    # A list that opens while the page is still scrolling closes again.
    tables.scroll_into_view_if_needed()
    settled(page)
    tables.locator("input").click()
    page.get_by_role("option", name="Revenue per vendor and month").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download projection.csv", exact=True).click()
    scenario = Scenario(title="Baseline, edited", parameters={"moved_share": 0.5})
    preset = page.locator('[data-testid="stSidebar"]').inner_text()
    assert "Edited" in preset
    shown = Path(waiting.value.path()).read_bytes()
    expected = write_csv(project(tiny, scenario).projection)
    assert shown.split(b"\n")[0] == expected.split(b"\n")[0]
    assert [line.split(b",", 1)[1] for line in shown.split()[1:] if b"," in line] == [
        line.split(b",", 1)[1] for line in expected.split()[1:] if b"," in line
    ]


def test_a_link_with_a_refused_value_says_so(page: Page, address: str) -> None:
    open_money(page, address, "?moved_share=7")
    refused = page.locator('[data-testid="refused"]')
    assert "moved_share is 7. Give a number from 0 to 1." in refused.inner_text()


def test_the_page_fits_a_phone_without_scrolling_sideways(page: Page, address: str) -> None:
    # The sidebar of a page that opens on a phone is closed.
    page.set_viewport_size({"width": 390, "height": 844})
    open_money(page, address)
    assert_fits_a_phone(page)
    covered = "document.elementFromPoint(60, 400).closest('[data-testid=stSidebar]') !== null"
    assert not page.evaluate(covered)


def test_the_other_pages_open_from_the_navigation(page: Page, address: str) -> None:
    open_money(page, address)
    page.get_by_role("link", name="Evidence").click()
    page.get_by_text("Where sources disagree").wait_for()
    page.get_by_role("link", name="Track record").click()
    page.get_by_text("What could not be scored").wait_for()
    page.get_by_role("link", name="Method").click()
    page.get_by_text("What is not modelled").wait_for()


def test_a_tooltip_says_words_and_never_what_a_mark_is_made_of(page: Page, address: str) -> None:
    open_money(page, address)
    settled(page)
    allowed = {
        0: {"From", "To", "Who", "Mean", "90% range"},
        1: {"Path", "Month", "Mean", "90% range"},
        2: {"Vendor", "Month", "Mean", "P5", "P95"},
        3: {"Rival", "From", "Mean", "90% range"},
    }
    for number, words in allowed.items():
        seen = page.locator('[data-testid="stVegaLiteChart"]').nth(number).evaluate(HOVER)
        assert {word.removesuffix(":") for word in seen} == words, number


def test_the_first_move_leaves_every_slider_where_it_is_and_prints_nothing_over_its_words(
    page: Page, address: str, tiny: Market
) -> None:
    open_money(page, address)
    settled(page)
    slider = page.locator('[data-testid="stSlider"]', has_text=tiny.parameters["moved_share"].label)
    before = slider.bounding_box()
    slide(page, tiny.parameters["moved_share"].label, "ArrowLeft")
    page.get_by_text("Draft saved at").wait_for()
    settled(page)
    assert slider.bounding_box() == before
    assert slider.locator('[data-testid="stSliderTickBar"]').is_hidden()
