"""A card per claim: our words, who said it, its chance, what it would take, and where it falls among the draws."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from shareshift.basics.formats import percent
from shareshift.charts.claims.place import Strip, draw_place, place_data, place_height
from shareshift.charts.look import Look
from shareshift.market.market import Market
from shareshift.ui.claims import words
from shareshift.ui.claims.cache import Tested
from shareshift.ui.claims.tested import Card, Row, Test
from shareshift.ui.shell.blocks import show_finding
from shareshift.ui.shell.specs import spec_of
from shareshift.ui.shell.words import html

# Above this share of the draws the mean shortfall says nothing any more.
NEARLY_ALL = 0.99
EVERY = "All claims"


def show_cards(found: Tested, cards: list[Card], market: Market, look: Look) -> None:
    """Show the claims of one kind, or all, with where each reading falls in the model's distribution."""
    if not cards:
        st.caption("No claim was known by the date of this market. Add rows to claims.csv.")
        return
    show_finding(
        "Claim by claim",
        "In our words, with who said it. The picture shows how the simulations are spread and where the claim falls; "
        "those in which it holds are in colour.",
    )
    publishers = dict(market.tables["sources"].select("source_id", "publisher").iter_rows())
    groups = list(dict.fromkeys(card.group for card in cards))
    picked = st.pills(
        "Claims about",
        [*groups, EVERY],
        key="claims-group",
        default=groups[0],
        label_visibility="collapsed",
        persist_state="session",
    )
    for group in groups if picked == EVERY else [picked or groups[0]]:
        if picked == EVERY:
            st.html(f'<h3 class="group">{html(group)}</h3>')
        for card in (card for card in cards if card.group == group):
            for place, test in enumerate(card.tests):
                with st.container(key=f"claim-{card.claim_id}-{place}"):
                    left, right = st.columns([1, 1.05], gap="large")
                    head = "" if place else _head(card, publishers)
                    left.html(f'<div class="claim">{head}{_test(test, look, publishers)}</div>')
                    with right:
                        _show_place(found, test, look, market.digest)


def _head(card: Card, publishers: Mapping[str, str | None]) -> str:
    row = card.row
    deadlines = sorted({test.row["deadline"] for test in card.tests})
    said = f"{_said(row, publishers)} · {html(words.due_words(deadlines))}"
    return f'<p class="words">{html(row["words"])}</p><p class="said">{said}</p>'


def _said(row: Row, publishers: Mapping[str, str | None]) -> str:
    return html(words.said_words(row, publishers.get(row["source_id"]) or row["source_id"]))


def _test(test: Test, look: Look, publishers: Mapping[str, str | None]) -> str:
    row = test.row
    label = html(words.label_of(row, look.names))
    if row["not_tested"]:
        lines = [f"Not tested. {html(row['not_tested'])}"]
    else:
        lines = [f"<b>{html(words.chance_words(row))}</b> <span>{html(words.error_words(row))}</span>"]
    if row["reach"]:
        lines.append(f"<span>{html(row['reach'])}</span>")
    if row["needed_capture_share"] is not None and row["metric"] != "in_house_flow":
        lines.append(f"<span>It would need</span> {html(words.need_words(row))}<span>.</span>")
    if row["shortfall_usd"] and row["probability"] < NEARLY_ALL:
        lines.append(f"<span>It misses by</span> {html(words.shortfall_words(row))} <span>on average.</span>")
    if row["stopped_by"] is not None:
        lines.append(f"<span>Main obstacle:</span> {html(words.stopper_words(row))}<span>.</span>")
    if row["note"]:
        lines.append(f"<span>{html(row['note'])}</span>")
    lines += [
        f"<span>Also reported, counted once: “{html(report['words'])}” {_said(report, publishers)}</span>"
        for report in test.reports
    ]
    return f'<dl class="tests"><dt>{label}</dt>{"".join(f"<dd>{line}</dd>" for line in lines)}</dl>'


def _show_place(found: Tested, test: Test, look: Look, digest: str) -> None:
    strip = _strip(found, test.row)
    if strip is not None:
        spec = spec_of(draw_place, look, digest, place_height([strip]))
        data = {**spec, "datasets": place_data([strip])}
        st.vega_lite_chart(spec=data, theme=None, key=f"chart-place-{'-'.join(test.key)}")


def _strip(found: Tested, row: Row) -> Strip | None:
    if row["probability"] is None:
        return None
    bins = found.distributions.filter(pl.col("claim_id") == row["claim_id"], pl.col("reading") == row["reading"])
    holds, yes_no = row["probability"], None
    if row["metric"] == "exit":
        verbs = ("leaves", "stays") if row["comparator"] == "at_least" else ("stays", "leaves")
        yes_no = (f"{verbs[0]} in {percent(holds)} of simulations", f"{verbs[1]} in {percent(1 - holds)}")
    return Strip(
        head="" if yes_no else f"{words.MEASURED[row['metric']]}, {words.when(row)}",
        claimed=f"claimed {words.threshold(row)}",
        model=words.range_of(row),
        mean=row["mean_value"],
        bins=bins,
        from_zero=row["metric"] in {"won_from_incumbent", "in_house_flow"},
        yes_no=yes_no,
        holds=holds,
    )
