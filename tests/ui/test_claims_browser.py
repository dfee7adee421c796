"""The page of the claims in a real Chromium: it opens, believes, and hands out the engine's own numbers."""

import re
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Page

from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.claims.answer import claims_answer
from shareshift.results.projection import DEFAULT_DRAWS, project
from shareshift.scenario.scenario import Scenario
from shareshift.ui.claims.blocks import FILES
from support.reading import LEAD, assert_fits_a_phone, slide, until_charts

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def open_claims(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/{query}")
    page.locator(LEAD).wait_for()
    page.get_by_role("link", name="Do the claims add up?").click()
    page.get_by_text("claims that can be tested").wait_for()
    until_charts(page, 3)


def test_the_files_are_the_engines_own(page: Page, address: str, tiny: Market) -> None:
    open_claims(page, address)
    held = Draws(DEFAULT_DRAWS, 0)
    answer = claims_answer(project(tiny, Scenario(), DEFAULT_DRAWS, 0, held=held), held)
    for name in ("claims", "posterior"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"{FILES[name]} (CSV)", exact=True).click()
        found = pl.read_csv(Path(waiting.value.path())).drop("scenario")
        assert found.equals(pl.read_csv(write_csv(answer.tables[name])).drop("scenario"))


def test_believing_shows_prior_and_posterior_and_can_be_left_again(page: Page, address: str) -> None:
    open_claims(page, address)
    page.get_by_text("Believe the claims", exact=True).click()
    page.locator('[data-testid="effective"]').wait_for()
    page.get_by_text(re.compile("^Believing changes")).wait_for()
    until_charts(page, 5)
    page.get_by_text("Believe the claims", exact=True).click()
    page.locator('[data-testid="effective"]').wait_for(state="detached")


def test_a_slider_repaints_the_page(page: Page, address: str, tiny: Market) -> None:
    open_claims(page, address)
    before = page.locator('[data-testid="together"]').inner_text()
    slide(page, tiny.parameters["moved_share"].label, "ArrowLeft", 4)
    page.wait_for_function("old => document.querySelector('[data-testid=together]').innerText !== old", arg=before)


def test_the_page_fits_a_phone_without_scrolling_sideways(page: Page, address: str) -> None:
    open_claims(page, address)
    assert_fits_a_phone(page)
