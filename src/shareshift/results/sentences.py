"""Sentences generated from frames: the lead, the five figures, and the finding above each chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from shareshift.basics.formats import likelihood, money, money_range, month_words, percent, short_money
from shareshift.results.labels import figure_label

CONTRADICTION_LIMIT = 0.05
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class FigureWords:
    """One headline figure in words."""

    label: str
    value: str
    interval: str
    note: str


def figure_rows(summary: pl.DataFrame) -> dict[str, Row]:
    """Return the rows of `summary` by figure, their statistics as mean, p5, p95 and so on."""
    names = [name.removesuffix("_value") for name in summary.columns]
    rows = (dict(zip(names, row, strict=True)) for row in summary.iter_rows())
    return {row["figure"]: row for row in rows}


def lead_sentences(summary: pl.DataFrame, gains: pl.DataFrame, names: Mapping[str, str], months: list[date]) -> str:
    """Return the answer of the first page, all amounts means so that the parts add up."""
    figures = figure_rows(summary)
    incumbent = gains["vendor_id"][0]
    name = names[incumbent]
    displaced = figures["displaced"]
    opening = (
        f"Of the {money(figures['incumbent_no_event']['mean'])} that {name} would have billed from "
        f"{month_words(months[0])} to {month_words(months[-1])}, "
        f"{money(displaced['mean'])} ({money_range(displaced['p5'], displaced['p95'])}) comes loose."
    )
    if round(displaced["mean"]) == 0:
        return opening
    winner = top_gainer(gains)
    most = f", {names[winner['vendor_id']]} the most with {short_money(winner['mean_displaced_gain_usd'])}"
    parts = [
        f"Rivals win {short_money(figures['to_rivals']['mean'])} of it{most}",
        f"{short_money(figures['in_house']['mean'])} is built in-house",
        f"{short_money(figures['not_spent']['mean'])} is not spent",
        f"{short_money(figures['unplaced']['mean'])} waits at {name} for want of room elsewhere",
    ]
    return f"{opening} {parts[0]}; {parts[1]}, {parts[2]}, and {parts[3]}."


def top_gainer(gains: pl.DataFrame) -> Row:
    """Return the row of the rival that gains most displaced money; the incumbent stands first and is left out."""
    return max(gains[1:].iter_rows(named=True), key=lambda row: row["mean_displaced_gain_usd"])


def five_figures(
    summary: pl.DataFrame, gains: pl.DataFrame, leaders: pl.DataFrame, names: Mapping[str, str]
) -> list[FigureWords]:
    """Return the headline figures, each with the range that holds 90 in 100 draws."""
    figures = figure_rows(summary)
    winner = top_gainer(gains)
    won = {end: winner[f"{end}_displaced_gain_usd"] for end in ("mean", "p5", "p95")}
    first = dict(zip(leaders["vendor_id"], leaders["share_of_draws"], strict=True))[winner["vendor_id"]]
    incumbent = names[gains["vendor_id"][0]]
    notes = {
        "displaced": f"{percent(figures['displaced_share']['mean'])} of what {incumbent} would have billed",
        "incumbent_change": "with its owner's extra spend and new lines",
        "in_house_and_not_spent": "leaves the outsourced market",
        "unplaced": f"waits at {incumbent} for want of room",
    }
    found = [_words(figure_label(figure, incumbent), figures[figure], note) for figure, note in notes.items()]
    gainer = f"Largest gainer: {names[winner['vendor_id']]}"
    return [*found[:2], _words(gainer, won, f"first among rivals: {likelihood(first)}"), *found[2:]]


def _words(label: str, row: Row, note: str) -> FigureWords:
    interval = money_range(row["p5"], row["p95"])
    # Only a figure that can fall below zero needs a plus to be read as a change.
    sign = "+" if row["p5"] < 0 < row["mean"] else ""
    return FigureWords(label=label, value=sign + money(row["mean"]), interval=interval, note=note)


def ribbons_finding(flows: pl.DataFrame, names: Mapping[str, str]) -> str:
    """Return which single ribbon is the thickest."""
    value = "mean_cumulative_flow_usd"
    biggest = flows.row(flows[value].arg_max() or 0, named=True)
    if round(biggest[value]) == 0:
        return f"Nothing has moved by {month_words(biggest['month'])}"
    source, target = names[biggest["customer_id"]], names[biggest["destination_id"]]
    return f"The widest stream runs from {source} to {target}: {money(biggest[value])}"


def incumbent_finding(summary: pl.DataFrame, incumbent: str) -> str:
    """Return how the incumbent ends against its path without the event."""
    change = figure_rows(summary)["incumbent_change"]
    direction = "below" if change["mean"] < 0 else "above"
    crossing = "" if change["p5"] * change["p95"] > 0 else ", though the range reaches both sides"
    return f"{incumbent} ends {money(abs(change['mean']))} {direction} its path without the event{crossing}"


def shares_finding(shares: pl.DataFrame, names: Mapping[str, str]) -> str:
    """Return how the incumbent's share moves from the first month to the last."""
    own = shares.filter(pl.col("vendor_id") == shares["vendor_id"][0])["mean_share"]
    first, last = own[0], own[-1]
    verb = "falls" if last < first - 0.005 else "rises" if last > first + 0.005 else "stays"
    path = f"near {percent(last)}" if verb == "stays" else f"from {percent(first)} to {percent(last)}"
    return f"{names[shares['vendor_id'][0]]}’s share of the market {verb} {path}"


def gains_finding(gains: pl.DataFrame) -> str:
    """Return what market growth and displaced money bring the rivals together."""
    rivals = gains[1:]
    grown, won = float(rivals["mean_market_growth_gain_usd"].sum()), float(rivals["mean_displaced_gain_usd"].sum())
    if round(won) == 0:
        return "Rivals gain from growth alone"
    if grown > won:
        return f"Growth brings the rivals {grown / won:.1f} times what they win from others"
    return f"Displaced money brings the rivals {money(won)}, growth {money(grown)}"


def concentration_sentence(concentration: pl.DataFrame) -> str:
    """Return the concentration at both ends, its base named."""
    first, last = (concentration.row(place, named=True) for place in (0, -1))
    return (
        f"Concentration (HHI over the revenue of all vendors in the table, 10,000 = one vendor): "
        f"{first['mean_hhi']:,.0f} in {month_words(first['month'])}, {last['mean_hhi']:,.0f} in "
        f"{month_words(last['month'])} ({last['p5_hhi']:,.0f}–{last['p95_hhi']:,.0f})."
    )


def contradiction_warning(summary: pl.DataFrame) -> str | None:
    """Return a warning when the named customers exceed the incumbent's total in too many draws."""
    share = figure_rows(summary)["sources_contradict"]["mean"]
    if share <= CONTRADICTION_LIMIT:
        return None
    return (
        f"In {percent(share)} of the draws the customers named in spend.csv spend more than the incumbent bills in "
        "revenues.csv. These sources contradict each other; the named customers are scaled down together there."
    )
