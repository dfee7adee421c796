"""The pictures of the comparison: what rivals win more or less, shares by month, and which inputs make it so."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
import streamlit as st

from shareshift.charts.block import INSIDE, ChartBlock
from shareshift.charts.compare.gains import (
    DRAWN,
    compare_gains_data,
    compare_gains_height,
    draw_compare_gains,
    scenario_marks,
)
from shareshift.charts.compare.parts import compare_parts_data, compare_parts_height, draw_compare_parts
from shareshift.charts.compare.paths import HEIGHT, compare_paths_data, draw_compare_paths
from shareshift.charts.look import Look
from shareshift.market.market import Market
from shareshift.results.compare.answer import Comparison
from shareshift.results.labels import figure_label
from shareshift.ui.compare import sentences
from shareshift.ui.compare.cache import explained
from shareshift.ui.compare.tables import SHOWN, difference_columns
from shareshift.ui.shell.blocks import show_chart
from shareshift.ui.shell.specs import spec_of
from shareshift.ui.shell.words import plain

Result = tuple[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every picture of the page needs."""

    market: Market
    look: Look
    found: Comparison
    source: str

    @property
    def incumbent(self) -> str:
        """What readers call the incumbent."""
        return self.market.names[self.market.incumbent]


def gains_block(page: Page) -> ChartBlock:
    """Return how much more or less each rival wins than under the reference."""
    found, look = page.found, page.look
    frame = found.vendors.filter(pl.col("vendor_id") != look.incumbent, measure="displaced_gain")
    count = len(found.titles) - 1
    height = compare_gains_height(frame.height // count, count)
    few = f"The {DRAWN} rivals that move most; the table lists all. " if frame.height // count > DRAWN else ""
    marks = f"{scenario_marks(found.titles[1:])}. " if count > 1 else ""
    names = look.named(frame["vendor_id"]).alias("Rival")
    table = frame.lazy().select(names, pl.col("scenario").alias("Under"), *difference_columns())
    return ChartBlock(
        name="compare-gains",
        finding=sentences.gains_finding(found, look.incumbent, look.names),
        note=f"{marks}{few}Displaced money won, against {found.titles[0]} in the same simulation. {INSIDE}",
        spec=spec_of(draw_compare_gains, look, page.market.digest, height, count),
        data=compare_gains_data(frame, look),
        frame=frame,
        table=table,
        source=page.source,
    )


def show_paths(page: Page) -> None:
    """Show one vendor's share by month under every scenario."""
    place = st.container()
    show_chart(paths_block(page, ask_vendor(page)), place)


def ask_vendor(page: Page) -> str:
    """Return the vendor whose share the reader wants to see; the incumbent at first."""
    vendors = list(page.market.tables["vendors"]["vendor_id"])
    vendors.sort(key=lambda vendor: vendor != page.market.incumbent)
    names = page.look.names
    vendor: str = st.selectbox(
        "Vendor",
        vendors,
        format_func=lambda key: names[key],
        key="compare-vendor",
        label_visibility="collapsed",
        persist_state="session",
    )
    return vendor


def paths_block(page: Page, vendor: str) -> ChartBlock:
    """Return one vendor's share by month under every scenario."""
    found, look = page.found, page.look
    frame = found.shares.filter(vendor_id=vendor)
    table = frame.lazy().select("month", pl.col("scenario").alias("Under"), *difference_columns(", share"))
    return ChartBlock(
        name="compare-shares",
        finding=sentences.paths_finding(found, vendor, look.names),
        note=f"Share of outsourced revenue by month, mean and band; grey is {found.titles[0]}. {INSIDE}",
        spec=spec_of(draw_compare_paths, look, page.market.digest, HEIGHT),
        data=compare_paths_data(frame, look),
        frame=frame,
        table=table,
        source=page.source,
    )


def ask_closer(page: Page) -> str:
    """Return the title of the scenario to look at more closely."""
    titles = list(page.found.titles[1:])
    if len(titles) == 1:
        return titles[0]
    picked = st.segmented_control(
        "Look closer at", titles, default=titles[0], required=True, format_func=plain, key="compare-closer"
    )
    return picked if picked in titles else titles[0]


def show_parts(page: Page, title: str) -> None:
    """Show which inputs make the difference of one scenario to the reference."""
    place = st.container()
    result = ask_result(page, title)
    parts = explained_parts(page, page.found.titles.index(title))
    show_chart(parts_block(page, parts, title, result), place)


def ask_result(page: Page, title: str) -> Result:
    """Return the result whose difference is to be explained; at first what the lead speaks of."""
    vendors = page.found.vendors.filter(scenario=title)
    options: list[Result] = [(figure, None) for figure in SHOWN]
    options += [
        (measure, vendor)
        for measure in ("displaced_gain", "share_at_horizon")
        for vendor in page.market.tables["vendors"]["vendor_id"]
        if (measure, vendor) != ("displaced_gain", page.market.incumbent)
    ]
    row = sentences.mover(vendors, page.market.incumbent)
    first = options.index(("displaced_gain", row["vendor_id"])) if row else 0
    return st.selectbox(
        "Result", options, index=first, key=f"compare-result-{title}", label_visibility="collapsed",
        format_func=lambda one: result_label(page, one),
    )  # fmt: skip


def result_label(page: Page, result: Result) -> str:
    """Return what readers call a result."""
    measure, vendor = result
    if vendor is None:
        return figure_label(measure, page.incumbent)
    return f"{page.look.names[vendor]}: {sentences.MEASURES[measure]}"


def explained_parts(page: Page, which: int) -> pl.DataFrame:
    """Return how much each input explains, and say how far the runs are while they take."""
    place = st.empty()
    frame = explained(page.market, page.found.scenarios, which, _progress(place.progress))
    place.empty()
    return frame


def _progress(show: Callable[[float, str], object]) -> Callable[[float], None]:
    def tell(share: float) -> None:
        show(min(share, 1.0), "Running every differing input on its own")

    return tell


def parts_block(page: Page, explained: pl.DataFrame, title: str, result: Result) -> ChartBlock:
    """Return how much of one result's difference each input explains."""
    measure, vendor = result
    frame = explained.filter(pl.col("vendor_id").eq_missing(pl.lit(vendor, pl.String)), measure=measure)
    unit = frame["unit"][0]
    label = result_label(page, result)
    grouped = "" if frame["input_id"].str.contains(".", literal=True).any() or frame.height < 4 else (
        "Many inputs differ, so they are changed by kind. "
    )  # fmt: skip
    ways = {"one_at_a_time": "On its own", "put_back": "When removed"}
    suffix = ", share" if unit == "share" else ""
    table = frame.lazy().select(
        pl.col("label").alias("Part"),
        *(
            pl.col(f"{end}_{way}").alias(f"{word}, {end if end == 'mean' else end.upper()}{suffix}")
            for way, word in ways.items()
            for end in ("mean", "p5", "p95")
        ),
    )
    return ChartBlock(
        name="compare-parts",
        finding=sentences.parts_finding(frame, label),
        note=f"{grouped}Bar: what the input adds on its own, set as in {title}; with the interaction the bars add up. "
        f"◇ what is lost when it alone is removed, set as in {page.found.titles[0]}; the two differ where inputs "
        "strengthen or weaken each other.",
        spec=spec_of(draw_compare_parts, page.look, page.market.digest, compare_parts_height(frame.height), unit),
        data=compare_parts_data(frame, page.look),
        frame=frame,
        table=table,
        source=page.source,
    )
