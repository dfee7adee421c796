"""Sentences generated from frames: the lead, the five figures, and the finding above each chart."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from shareshift.basics.formats import adding_up, likelihood, money, money_range, month_words, percent
from shareshift.market.market import Market
from shareshift.results.labels import figure_label, unmet_words

# Means that differ by less than rounding are one.
LEVEL = 1e-9
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
    named = summary.rename(lambda name: name.removesuffix("_value"))
    return {row["figure"]: row for row in named.iter_rows(named=True)}


def lead_sentences(summary: pl.DataFrame, gains: pl.DataFrame, market: Market, months: list[date]) -> str:
    """Return the answer of the first page, all amounts means so that the parts add up."""
    figures = figure_rows(summary)
    names, name = market.names, market.names[market.incumbent]
    displaced = figures["displaced"]
    went = ("to_rivals", "in_house", "not_spent", "unplaced")
    whole, (won, built, spared, stays) = adding_up(displaced["mean"], [figures[figure]["mean"] for figure in went])
    opening = (
        f"Of the {money(figures['incumbent_no_event']['mean'])} that {name} would have earned {_period(months)}, "
        f"{whole} ({money_range(displaced['p5'], displaced['p95'])}) is displaced."
    )
    if round(displaced["mean"]) == 0:
        return opening
    level = top_gainers(gains, market.pools)
    most = f"{level_words(level, names)} {'the most with' if len(level) == 1 else 'each'} "
    most += money(level[0]["mean_displaced_gain_usd"])
    parts = [
        f"Rivals win {won} of it, {most}",
        f"{built} is built in-house",
        f"{spared} is not spent",
        f"{stays} {unmet_words(market)} because rivals lack capacity",
    ]
    return f"{opening} {parts[0]}; {parts[1]}, {parts[2]}, and {parts[3]}."


def _period(months: list[date]) -> str:
    if len(months) == 1:
        return f"in {month_words(months[0])}"
    return f"from {month_words(months[0])} to {month_words(months[-1])}"


def top_gainers(gains: pl.DataFrame, pools: Collection[str] = ()) -> list[Row]:
    """Return the row of the rival that gains most displaced money, or the rows of those that gain as much.

    The incumbent, the first row, and pools are none.
    """
    rivals = gains[1:]
    single = rivals.filter(~pl.col("vendor_id").is_in(list(pools)))
    rows = (rivals if single.is_empty() else single).sort("vendor_id").to_dicts()
    most = max(row["mean_displaced_gain_usd"] for row in rows)
    return [row for row in rows if row["mean_displaced_gain_usd"] >= most * (1 - LEVEL)]


def level_words(level: Sequence[Row], names: Mapping[str, str]) -> str:
    """Return the names of rivals that win as much as each other."""
    return _listed([names[row["vendor_id"]] for row in level])


def five_figures(
    summary: pl.DataFrame, gains: pl.DataFrame, leaders: pl.DataFrame, market: Market
) -> list[FigureWords]:
    """Return the headline figures, each with its 90% range."""
    figures = figure_rows(summary)
    level, names = top_gainers(gains, market.pools), market.names
    winner = level[0]
    won = {end: winner[f"{end}_displaced_gain_usd"] for end in ("mean", "p5", "p95")}
    first = dict(leaders.iter_rows()).get(winner["vendor_id"], 0.0)
    incumbent = names[gains["vendor_id"][0]]
    notes = {
        "displaced": f"{percent(figures['displaced_share']['mean'])} of what {incumbent} would have earned",
        "incumbent_change": "after its owner’s extra spending and new business",
        "in_house_and_not_spent": "leaves the outsourced market",
        "unplaced": f"{unmet_words(market)} because rivals lack capacity",
    }
    found = [
        _words(figure_label(figure, incumbent), figures[figure], note, change=figure == "incumbent_change")
        for figure, note in notes.items()
    ]
    gainer = f"Largest gainer: {names[winner['vendor_id']]}" if round(won["mean"]) else "Largest gainer: nobody"
    note = f"first among rivals: {likelihood(first)}" if round(won["mean"]) else "no rival wins anything"
    if len(level) > 1 and round(won["mean"]):
        gainer, note = "Largest gainer: several alike", level_words(level, names)
    return [*found[:2], _words(gainer, won, note), *found[2:]]


def _words(label: str, row: Row, note: str, *, change: bool = False) -> FigureWords:
    # Only a change, and a figure that can fall below zero, needs a plus to be read as one.
    interval = money_range(row["p5"], row["p95"])
    sign = "+" if row["mean"] > 0 and (change or row["p5"] < 0) else ""
    return FigureWords(label=label, value=sign + money(row["mean"]), interval=interval, note=note)


def ribbons_finding(flows: pl.DataFrame, names: Mapping[str, str]) -> str:
    """Return from whom most of the displaced money comes, and where most of it goes."""
    value = "mean_cumulative_flow_usd"
    total = float(flows[value].sum())
    if round(total) == 0:
        return f"Nothing has moved by {month_words(flows['month'][0])}"
    (source, sent), (target, _) = (
        flows.group_by(key).agg(pl.col(value).sum()).sort(value, key, descending=[True, False]).row(0)
        for key in ("customer_id", "destination_id")
    )
    part = "Most" if sent > total / 2 else "The largest part"
    return f"{part} of what moves comes from {names[source]}; the largest part goes to {names[target]}"


def incumbent_finding(months: pl.DataFrame, name: str) -> str:
    """Return what the event does to the incumbent: over all months, and a month at their end."""
    with_event, without = months["mean_revenue_usd"], months["mean_no_event_revenue_usd"]
    total, last = float((with_event - without).sum()), float(with_event[-1] - without[-1])
    end = month_words(months["month"][-1])
    if round(total) == round(last) == 0:
        return f"{name} earns the same with and without the event"
    over = f"{name} earns {money(abs(total))} {_side(total, 'more', 'less')} than without the event"
    linked = "and" if total * last > 0 else "but"
    return f"{over}, {linked} {money(abs(last))} a month {_side(last, 'more', 'less')} in {end}"


def shares_finding(shares: pl.DataFrame, names: Mapping[str, str]) -> str:
    """Return the incumbent's share in the last month, with the event and without it."""
    own = shares.filter(vendor_id=shares["vendor_id"][0])
    with_event, without = own["mean_share"][-1], own["mean_no_event_share"][-1]
    digits = 0 if percent(with_event) != percent(without) else 1
    told = f"{names[own['vendor_id'][0]]}’s share of the market in {month_words(own['month'][-1])} is "
    if percent(with_event, 1) == percent(without, 1):
        return f"{told}{percent(with_event)} with and without the event"
    return f"{told}{percent(with_event, digits)}, against {percent(without, digits)} without the event"


def gains_finding(gains: pl.DataFrame) -> str:
    """Return what displaced money and the market's growth bring the rivals together."""
    rivals = gains[1:]
    grown, won = float(rivals["mean_market_growth_gain_usd"].sum()), float(rivals["mean_displaced_gain_usd"].sum())
    if round(won) == 0:
        return "Rivals gain from growth alone"
    verb = "brings" if grown >= 0 else "costs"
    return f"Displaced money brings the rivals {money(won)}, the market’s growth {verb} them {money(abs(grown))}"


def _side(amount: float, above: str, below: str) -> str:
    return above if amount > 0 else below


def concentration_sentence(concentration: pl.DataFrame, market: Market) -> str:
    """Return the concentration at both ends, its base named; where there are pools, the least it can be first."""
    first, last = (concentration.row(place, named=True) for place in (0, -1))
    base = "HHI over the revenue of all vendors in the table, 10,000 = one vendor"
    then, now = (
        f"{_hhi(row['mean_lowest_hhi'], row['mean_hhi'])} in {month_words(row['month'])}" for row in (first, last)
    )
    told = f"Concentration ({base}): {then}, {now} ({_hhi(last['p5_lowest_hhi'], last['p95_hhi'])})."
    if not market.pools:
        return told
    pools = _listed([market.names[vendor] for vendor in sorted(market.pools)])
    return f"{told} The lower figures take {pools} as many small firms, the higher as one."


def _hhi(low: float, high: float) -> str:
    ends = f"{low:,.0f}", f"{high:,.0f}"
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def contradiction_warning(summary: pl.DataFrame) -> str | None:
    """Return a warning when the named customers exceed the incumbent's total in too many draws."""
    share = figure_rows(summary)["sources_contradict"]["mean"]
    if share <= CONTRADICTION_LIMIT:
        return None
    return (
        f"In {percent(share)} of the simulations customers named in spend.csv spend more than the incumbent earns in "
        "revenues.csv. These sources contradict each other; the named customers are scaled down together there."
    )
