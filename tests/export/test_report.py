"""The report is one file that asks for nothing, says what the page says, and takes no word of the tables for HTML."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest

from shareshift.basics.formats import day_words
from shareshift.export.bundle.contents import bundle_tables, report_of
from shareshift.export.bundle.inputs import Order, market_of, read_inputs
from shareshift.export.report.page import report_html, vega_scripts
from shareshift.export.report.tables import html_table
from shareshift.results.overview import leaders_of
from shareshift.results.projection import project
from shareshift.results.sentences import five_figures, lead_sentences
from shareshift.scenario.scenario import Scenario, read_scenarios
from support.places import ROOT, TINY

pytestmark = pytest.mark.slow

CHARTS = ("ribbons", "incumbent", "shares", "gains", "timeline")
NASTY = "<img src=x onerror=alert(1)>\"'&</script><script>alert(2)</script>"


def written(order: Order) -> str:
    run = project(order.market, order.scenario, order.draws, order.seed)
    return report_html(report_of(order, run, bundle_tables(run)))


class Page(HTMLParser):
    """What a browser would make of the file: its elements, its text, and what stands in scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements, self.words, self.scripts, self.inside = [], [], [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):  # noqa: ARG002
        self.inside = ""

    def handle_data(self, data):
        if self.inside == "script":
            self.scripts[-1] += data
        elif self.inside != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def order(tiny) -> Order:
    scenario = replace(read_scenarios(TINY, tiny)["exodus"], author=NASTY)
    return Order(inputs=read_inputs(TINY), market=tiny, scenario=scenario, draws=16, seed=0)


@pytest.fixture(scope="module")
def page(order) -> Page:
    return Page(written(order))


def test_the_report_says_the_sentence_and_the_figures_of_the_page(order, page):
    run = project(order.market, order.scenario, 16, 0)
    assert lead_sentences(run.summary, run.gains, order.market, run.months) in page.text
    for figure in five_figures(run.summary, run.gains, leaders_of(run), order.market):
        for words in (figure.label, figure.interval, figure.note, figure.value):
            assert words in page.text


def test_the_report_says_how_it_was_made_and_what_it_rests_on(order, page):
    market = order.market
    for words in (market.title, market.event, market.digest, order.scenario.title, day_words(market.as_of), "Seed 0"):
        assert words in page.text
    assert "--seed 0 --as-of 2024-12-31" in page.text
    for table, column in (("sources", "title"), ("parameters", "reason")):
        assert all(" ".join(words.split()) in page.text for words in market.tables[table][column])
    assert "Bolt: out of the race" in page.text


def test_every_chart_is_there_alive_and_still_with_its_table(page):
    charts = json.loads(page.scripts[0])
    assert set(charts) == {"light", "dark"}
    for mode in charts.values():
        assert set(mode) == set(CHARTS)
        assert all(any(mode[name]["datasets"].values()) for name in CHARTS)
    assert [a["id"] for tag, a in page.elements if a.get("id", "").startswith("chart-")] == [
        f"chart-{n}" for n in CHARTS
    ]
    assert sum(tag == "svg" for tag, _ in page.elements) == len(CHARTS)
    assert sum(tag == "details" for tag, _ in page.elements) == len(CHARTS) + 2
    assert all(len(a["aria-label"]) > 60 for tag, a in page.elements if a.get("role") == "img" and tag == "div")


def test_a_day_in_the_charts_is_the_readers_own_midnight(page):
    months = {row["month"] for row in json.loads(page.scripts[0])["light"]["shares"]["datasets"]["shares"]}
    assert months == {"2025-01-01T00:00:00", "2025-02-01T00:00:00", "2025-03-01T00:00:00"}


def test_the_report_names_no_file_and_no_host_to_fetch_from(page):
    for tag, attributes in page.elements:
        assert tag not in {"link", "iframe", "object", "embed", "img", "base", "form"}, tag
        for name, value in attributes.items():
            if name in {"src", "srcset", "action", "data", "poster"}:
                pytest.fail(f"{tag} {name}={value}")
            assert not name.startswith("on"), f"{tag} {name}"
    policy = next(a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert not re.search(r"@import|url\(", (ROOT / "src/shareshift/export/report/page.css").read_text())


def test_no_word_of_the_tables_becomes_html(page):
    assert NASTY in page.text
    assert {tag for tag, _ in page.elements} & {"img"} == set()
    assert len(page.scripts) == 3


def test_names_and_notes_in_the_tables_of_a_market_are_escaped_everywhere(broken_market):
    folder = broken_market(
        ("vendors", 3, "name", NASTY), ("customers", 2, "name", NASTY), ("sources", 2, "title", NASTY),
        ("sources", 2, "locator", "javascript:alert(3)"), ("parameters", 2, "reason", NASTY),
        ("events", 2, "title", NASTY),
    )  # fmt: skip
    inputs = read_inputs(folder)
    order = Order(inputs=inputs, market=market_of(inputs), scenario=Scenario(title=NASTY, note=NASTY), draws=4, seed=0)
    page = Page(written(order))
    assert len(page.scripts) == 3
    assert not [a for tag, a in page.elements if tag == "img" or any(name.startswith("on") for name in a)]
    assert not [a for tag, a in page.elements if "javascript" in a.get("href", "")]
    assert page.text.count(NASTY) > 5
    names = {row["vendor"] for row in json.loads(page.scripts[0])["light"]["shares"]["datasets"]["shares"]}
    assert NASTY in names


def test_the_scripts_hold_all_three_libraries_and_do_not_end_early():
    scripts = vega_scripts()
    assert len(scripts) > 500_000
    assert "</script" not in scripts.lower()
    assert "vegaEmbed" in scripts


def test_numbers_in_tables_are_those_readers_can_read():
    frame = pl.DataFrame(
        {"Mean USD": [1234567.4, -2500.0, 12.5], "P5 share": [0.1234, 1.0, 0.0], "used": [True, False, None]}
    )
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", html_table(frame))
    assert cells == ["1,234,567", "12.3%", "yes", "−2,500", "100.0%", "no", "12.5", "0.0%", ""]


def test_only_addresses_of_the_web_become_links():
    frame = pl.DataFrame({"where": ["https://example.org/a?b=1&c=<x>", "javascript:alert(1)", "page 12"]})
    html = html_table(frame)
    assert html.count("<a ") == 1
    assert 'href="https://example.org/a?b=1&amp;c=&lt;x&gt;" rel="noopener noreferrer nofollow"' in html
