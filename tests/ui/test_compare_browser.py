"""The page of comparisons in a real Chromium: it opens from a link, follows the reader, and hands out its numbers."""

import re
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.answer import compare
from shareshift.results.compare.explaining import explain
from shareshift.results.projection import DEFAULT_DRAWS
from shareshift.scenario.scenario import read_scenarios
from shareshift.ui.compare.files import FILES
from support.places import TINY
from support.reading import CHARTS, LEAD, assert_fits_a_phone, slide

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIDES = '[data-testid="sides"]'


def open_compare(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(LEAD).wait_for()
    page.get_by_role("link", name="Compare").click()
    page.locator(SIDES).wait_for()
    expect(page.locator(CHARTS)).to_have_count(3)


def test_the_page_opens_from_the_navigation_and_its_address_opens_it_again(
    page: Page, address: str
) -> None:  # fmt: skip
    open_compare(page, address)
    expect(page).to_have_url(re.compile(r"/compare$"))
    lead = page.locator(LEAD).inner_text()
    assert "Under Everybody flees" in lead
    # Streamlit looks for itself below a page's own path first and gets a 404, which the fixture's page would count.
    tab = page.context.new_page()
    tab.goto(page.url)
    expect(tab.locator(LEAD)).to_have_text(lead, timeout=60_000)
    expect(tab.locator(CHARTS)).to_have_count(3)
    assert tab.url == page.url


def test_the_reference_turns_every_sign_round(page: Page, address: str) -> None:
    open_compare(page, address)
    page.get_by_text("Measured against").wait_for()
    page.locator('[data-testid="stSelectbox"]', has_text="Measured against").locator("input").click()
    page.get_by_role("option", name="Everybody flees").click()
    expect(page.locator(LEAD)).to_contain_text("Under Baseline")
    expect(page).to_have_url(re.compile(r"compare=exodus~baseline"))


def test_the_comparison_follows_a_slider(page: Page, address: str, tiny: Market) -> None:
    open_compare(page, address)
    lead = page.locator(LEAD).inner_text()
    slide(page, tiny.parameters["moved_share"].label, "ArrowLeft")
    expect(page).to_have_url(re.compile(r"moved_share=0\.75.*compare=baseline~exodus~current"))
    expect(page.locator(LEAD)).not_to_have_text(lead)
    expect(page.locator(LEAD)).to_contain_text("Baseline, edited")


def test_the_files_are_the_engines_own(page: Page, address: str, tiny: Market) -> None:
    open_compare(page, address)
    presets, held = read_scenarios(TINY, tiny), Draws(DEFAULT_DRAWS, 0)
    chosen = [presets["baseline"], presets["exodus"]]
    tables = compare(tiny, chosen, held).tables | {"compare_explained": explain(tiny, chosen, held)}
    for name in ("compare_figures", "compare_explained"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"{FILES[name]} (CSV)", exact=True).click()
        assert waiting.value.suggested_filename == f"baseline-vs-everybody-flees-{name}.csv"
        assert Path(waiting.value.path()).read_bytes() == write_csv(tables[name])
        assert pl.read_csv(Path(waiting.value.path())).height == tables[name].height


def test_the_page_fits_a_phone_without_scrolling_sideways(page: Page, address: str) -> None:
    open_compare(page, address)
    assert_fits_a_phone(page)


def test_pages_are_told_apart_in_the_history_and_one_step_back_leads_to_the_last(page: Page, address: str) -> None:
    open_compare(page, address)
    expect(page).to_have_title("Compare · Shareshift")
    page.get_by_role("link", name="Evidence").click()
    expect(page).to_have_title("Evidence · Shareshift")
    page.go_back()
    page.locator(SIDES).wait_for()
    page.go_back()
    expect(page).to_have_title("Where the money goes · Shareshift")


def test_a_chart_has_no_door_beside_our_own(page: Page, address: str) -> None:
    open_compare(page, address)
    page.locator(CHARTS).first.hover()
    expect(page.locator('[data-testid="stElementToolbar"]').locator("visible=true")).to_have_count(0)
