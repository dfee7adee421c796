"""The dashboard in a real Chromium, served as a reader would start it, on the tiny market."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHARTS = '[data-testid="stVegaLiteChart"] svg'
LEAD = '[data-testid="lead"]'


def open_money(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/{query}")
    page.wait_for_function(f"() => document.querySelectorAll('{CHARTS}').length >= 4")


def slide(page: Page, label: str, key: str, times: int = 1) -> None:
    thumb = page.locator('[data-testid="stSlider"]', has_text=label).locator("input")
    thumb.focus()
    for _ in range(times):
        thumb.press(key)


def test_a_key_press_on_a_slider_changes_the_sentence_and_the_pictures(
    page: Page,
    address: str,
    tiny: Market,
) -> None:
    open_money(page, address)
    sentence = page.locator(LEAD).inner_text()
    picture = page.locator(CHARTS).first.inner_html()
    slide(page, tiny.parameters["moved_share"].label, "ArrowLeft", 4)
    page.wait_for_function("old => document.querySelector('[data-testid=lead]').innerText !== old", arg=sentence)
    page.wait_for_function("() => location.search.includes('moved_share')")
    page.wait_for_timeout(1000)
    assert page.locator(CHARTS).first.inner_html() != picture
    assert page.get_by_text("Changed from").count() == 1


def test_the_projection_that_is_downloaded_is_the_one_on_the_page(
    page: Page,
    address: str,
    tiny: Market,
) -> None:
    open_money(page, address, "?moved_share=0.5")
    tables = page.locator('[data-testid="stSelectbox"]', has_text="One table")
    # A list that opens while the page is still scrolling closes again.
    tables.scroll_into_view_if_needed()
    page.wait_for_timeout(2000)
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
    page.set_viewport_size({"width": 390, "height": 844})
    open_money(page, address)
    page.wait_for_timeout(500)
    widest = page.evaluate(
        "Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth)"
    )
    assert widest <= 390
    covered = "document.elementFromPoint(60, 400).closest('[data-testid=stSidebar]') !== null"
    assert not page.evaluate(covered)


def test_the_other_pages_open_from_the_navigation(page: Page, address: str) -> None:
    open_money(page, address)
    page.get_by_role("link", name="Evidence").click()
    page.get_by_text("Where sources disagree").wait_for()
    page.get_by_role("link", name="Method").click()
    page.get_by_text("What is not modelled").wait_for()


def test_a_tooltip_says_words_and_never_what_a_mark_is_made_of(page: Page, address: str) -> None:
    open_money(page, address)
    allowed = {
        0: {"From", "To", "Mean", "90 in 100 draws inside"},
        1: {"Path", "Month", "Mean", "90 in 100 draws inside"},
        2: {"Vendor", "Month", "Mean", "5 in 100 draws below", "5 in 100 draws above"},
        3: {"Rival", "From", "Mean", "90 in 100 draws inside"},
    }
    for number, words in allowed.items():
        picture = page.locator('[data-testid="stVegaLiteChart"]').nth(number)
        picture.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        box = picture.bounding_box()
        assert box is not None
        seen: set[str] = set()
        for across in range(2, 100, 7):
            for down in range(2, 100, 5):
                page.mouse.move(box["x"] + box["width"] * across / 100, box["y"] + box["height"] * down / 100)
                seen |= set(
                    page.evaluate(
                        "[...document.querySelectorAll('#vg-tooltip-element.visible .key')].map(k => k.innerText)"
                    )
                )
        assert {word.removesuffix(":") for word in seen} == words, number
