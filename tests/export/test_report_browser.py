"""The report in a real Chromium, opened from the disk: charts are drawn, and nothing is asked of any network."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from shareshift.charts.theme import DARK, LIGHT
from shareshift.export.bundle.contents import bundle_tables, report_of
from shareshift.export.bundle.inputs import Order, market_of, read_inputs
from shareshift.export.report.page import report_html
from shareshift.market.market import Market
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from support.chromium import troubles_of
from support.places import TINY

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHARTS = 5
Open = Callable[..., Page]


def written(order: Order) -> str:
    run = project(order.market, order.scenario, order.draws, order.seed)
    return report_html(report_of(order, run, bundle_tables(run)))


@pytest.fixture(scope="module")
def report(tiny: Market, tmp_path_factory: pytest.TempPathFactory) -> Path:
    order = Order(inputs=read_inputs(TINY), market=tiny, scenario=Scenario(), draws=64, seed=0)
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(written(order), "utf-8")
    return path


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """A function that opens a file; the test fails on any request but for files, and on any error of the console."""
    contexts, troubles = [], []

    def open_file(path: Path, **settings: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "offline": True, **settings})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        troubles.append(troubles_of(page, path.as_uri().__eq__))
        page.route("**/*", lambda route: route.continue_() if route.request.url == path.as_uri() else route.abort())
        page.goto(path.as_uri())
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert not any(troubles), troubles


def drawn(page: Page) -> None:
    expect(page.locator("html[data-drawn]")).to_be_attached(timeout=60_000)
    assert page.locator(".live svg").count() == CHARTS
    assert page.locator(".live:visible").count() == CHARTS
    assert page.locator(".still:visible").count() == 0


def colours_of(page: Page) -> str:
    return page.locator(".live svg").nth(1).inner_html()


def test_the_charts_are_drawn_and_answer_to_the_pointer(report: Path, opened: Open) -> None:
    page = opened(report)
    drawn(page)
    page.locator(".live").first.locator(".mark-area path").first.hover()
    expect(page.locator("#vg-tooltip-element.visible")).to_contain_text("$")


def test_the_reader_gets_the_mode_of_the_system_and_a_change_of_it(report: Path, opened: Open) -> None:
    page = opened(report, color_scheme="dark")
    drawn(page)
    assert page.locator("html").get_attribute("data-drawn") == "dark"
    assert DARK.incumbent in colours_of(page)
    page.emulate_media(color_scheme="light")
    expect(page.locator("html[data-drawn=light]")).to_be_attached()
    assert LIGHT.incumbent in colours_of(page)


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_screen(width: int, report: Path, opened: Open) -> None:
    page = opened(report, viewport={"width": width, "height": 800})
    drawn(page)
    for summary in page.locator("summary").all():
        summary.click()
    boxes = [page.locator("main").bounding_box(), *(figure.bounding_box() for figure in page.locator("figure").all())]
    assert all(box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    chart = page.locator(".live svg").first.bounding_box()
    assert chart is not None
    assert chart["width"] <= width


def test_without_scripts_and_on_paper_the_still_charts_show(report: Path, opened: Open) -> None:
    page = opened(report, java_script_enabled=False)
    assert page.locator(".still:visible").count() == CHARTS
    page = opened(report)
    drawn(page)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".still:visible").count() == CHARTS
    assert page.locator(".live:visible").count() == 0


def test_a_name_that_looks_like_html_is_shown_as_it_is(broken_market, tmp_path: Path, opened: Open) -> None:
    nasty = "<img src=http://127.0.0.1:9/x onerror=alert(1)>"
    inputs = read_inputs(broken_market(("vendors", 3, "name", nasty)))
    order = Order(inputs=inputs, market=market_of(inputs), scenario=Scenario(), draws=16, seed=0)
    path = tmp_path / "report.html"
    path.write_text(written(order), "utf-8")
    page = opened(path)
    drawn(page)
    page.locator("#chart-gains .mark-symbol path").first.hover()
    expect(page.locator("#vg-tooltip-element.visible")).to_contain_text("<img src=")
    assert page.locator("img").count() == 0
