"""Sentences of the comparison: the lead, and the finding above each picture and table."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from shareshift.basics.formats import likelihood, money, money_range, month_words, percent
from shareshift.results.compare.amounts import amount, change, in_percent
from shareshift.results.compare.answer import Comparison
from shareshift.results.labels import figure_label

Row = Mapping[str, Any]
Names = Mapping[str, str]
# Ties are worth a word in the lead from here on.
MANY_TIES = 0.05
MEASURES = {
    "displaced_gain": "money won",
    "market_growth_gain": "market growth",
    "share_at_horizon": "share, last month",
}
RANKED = {"displaced_gain": "money won", "share_at_horizon": "share in the last month"}


def named(title: str) -> str:
    """Return a title as it stands in a sentence: in quotes where a comma of its own would part it."""
    return f"“{title}”" if "," in title else title


def lead(found: Comparison, incumbent: str, names: Names) -> str:
    """Return what sets each scenario apart from the reference, in the money of the rival that moves most."""
    sentences: list[str] = []
    for title in found.titles[1:]:
        rows = found.vendors.filter(scenario=title)
        against = f" than under {named(found.titles[0])}" if not sentences else ""
        if _same_everywhere(found, title):
            sentences.append(f"{named(title)} and {named(found.titles[0])} give the same in every simulation.")
        elif (row := mover(rows, incumbent)) is not None:
            sentences.append(_moved(row, title, names[row["vendor_id"]], against))
        else:
            sentences.append(_unmoved(found, title, incumbent, names))
    return " ".join(sentences)


def mover(vendors: pl.DataFrame, incumbent: str) -> Row | None:
    """Return the row of the rival whose money won differs most, None where none differs by a dollar."""
    rows = vendors.filter(pl.col("vendor_id") != incumbent, measure="displaced_gain")
    row = rows.sort(pl.col("mean_difference").abs(), descending=True, maintain_order=True).row(0, named=True)
    return row if round(row["mean_difference"]) else None


def _same_everywhere(found: Comparison, title: str) -> bool:
    return all(
        bool((frame.filter(scenario=title)["probability_same"] == 1).all())
        for frame in (found.figures, found.vendors, found.shares)
    )


def _moved(row: Row, title: str, name: str, against: str) -> str:
    more = row["mean_difference"] > 0
    word, chance = ("more", row["probability_more"]) if more else ("less", row["probability_less"])
    ends = (row["p5_difference"], row["p95_difference"]) if more else (-row["p95_difference"], -row["p5_difference"])
    size = money(abs(row["mean_difference"]))
    return (
        f"Under {named(title)} {name} wins {size} {word}{against} ({money_range(*ends)}); {_odds(row, chance, word)}."
    )


def _odds(row: Row, chance: float, word: str) -> str:
    if chance >= 1:
        return f"it wins {word} in every simulation"
    word_of_chance = likelihood(chance).partition(" (")[0]
    ties, other = row["probability_same"], {"more": "less", "less": "more"}[word]
    rest = [f"the same in {in_percent(ties)}"] if ties >= MANY_TIES else []
    # A few large differences can turn the mean against most of the draws; then both sides are named.
    if chance < 0.5:
        rest.append(f"{other} in {in_percent(row[f'probability_{other}'])}")
    tail = f", {' and '.join(rest)}" if rest else ""
    return (
        f"in {'only ' if chance < 0.5 else ''}{in_percent(chance)} of simulations it wins {word} "
        f"({word_of_chance}){tail}"
    )


def _unmoved(found: Comparison, title: str, incumbent: str, names: Names) -> str:
    rows = found.figures.filter(pl.col("unit") == "usd", scenario=title)
    row = rows.sort(pl.col("mean_difference").abs(), descending=True, maintain_order=True).row(0, named=True)
    if not round(row["mean_difference"]):
        return f"{named(title)} and {named(found.titles[0])} give the same on average, though not in every simulation."
    label = figure_label(row["figure"], names[incumbent])
    ends = money_range(row["p5_difference"], row["p95_difference"])
    size = change(row["mean_difference"], row["unit"])
    return (
        f"Under {named(title)} no rival wins more or less than under {named(found.titles[0])}; what differs most is "
        f"“{label}”: {size} ({ends})."
    )


def figures_finding(found: Comparison) -> str:
    """Return how much is displaced under each scenario."""
    rows = found.figures.filter(figure="displaced")
    means = [rows["mean_reference"][0], *rows["mean_scenario"]]
    parts = [f"{amount(mean, 'usd')} ({title})" for mean, title in zip(means, found.titles, strict=True)]
    if len({amount(mean, "usd") for mean in means}) == 1:
        return f"Displaced in each scenario: {money(means[0])}"
    return f"Displaced: {', '.join(parts)}"


def gains_finding(found: Comparison, incumbent: str, names: Names) -> str:
    """Return which rival moves most, and under which scenario."""
    row = mover(found.vendors, incumbent)
    if row is None:
        return f"No rival wins more or less than under {named(found.titles[0])}"
    moved = change(row["mean_difference"], "usd")
    return f"{names[row['vendor_id']]} moves most: {moved} under {named(row['scenario'])}"


def paths_finding(found: Comparison, vendor: str, names: Names) -> str:
    """Return what a vendor holds in the last month under each scenario."""
    rows = found.shares.filter(pl.col("month") == found.months[-1], vendor_id=vendor)
    means = [rows["mean_reference"][0], *rows["mean_scenario"]]
    parts = [f"{percent(mean, 1)} ({title})" for mean, title in zip(means, found.titles, strict=True)]
    return f"{names[vendor]}’s share, {month_words(found.months[-1])}: {', '.join(parts)}"


def parts_finding(explained: pl.DataFrame, what: str) -> str:
    """Return which input explains most of one result's difference."""
    unit = explained["unit"][0]
    whole = explained.filter(part="whole")["mean_one_at_a_time"].item()
    if change(whole, unit).strip("+$0. points") == "":
        return f"{what}: no difference to explain on average"
    rest = explained.filter(part="interaction")["mean_one_at_a_time"].item()
    inputs = explained.filter(part="input").sort(pl.col("mean_one_at_a_time").abs(), descending=True)
    first = inputs.row(0, named=True)
    of = f"of {change(whole, unit)}"
    if inputs.height == 1:
        return f"“{first['label']}” explains all {of}"
    if abs(rest) > abs(first["mean_one_at_a_time"]):
        return f"Most comes from the interaction of inputs: {change(rest, unit)} {of}"
    return f"“{first['label']}” explains most on its own: {change(first['mean_one_at_a_time'], unit)} {of}"


def ranks_finding(ranks: pl.DataFrame, names: Names) -> str:
    """Return who moves up or down by the money won."""
    moved = ranks.filter(pl.col("rank_change") > 0, measure="displaced_gain").sort("rank_scenario")
    if moved.is_empty():
        return "By money won, no rival changes rank"
    row = moved.row(0, named=True)
    ends = f"from rank {row['rank_reference']} to {row['rank_scenario']}"
    more = f", and {moved.height - 1} more move up" if moved.height > 1 else ""
    return f"By money won, {names[row['vendor_id']]} moves {ends}{more}"


def flip_sentences(orders: pl.DataFrame, names: Names, titles: tuple[str, str], most: int = 2) -> list[str]:
    """Return which two vendors swap ranks most often, a sentence each, by both measures."""
    sentences = []
    for measure, words in RANKED.items():
        rows = orders.filter(pl.col("probability_flip") >= MANY_TIES, measure=measure)
        rows = rows.sort("probability_flip", descending=True, maintain_order=True).head(most)
        for row in rows.iter_rows(named=True):
            one, other = names[row["vendor_id"]], names[row["other_vendor_id"]]
            before, after = (in_percent(row[f"probability_ahead_{side}"]) for side in ("reference", "scenario"))
            sentences.append(
                f"By {words}, {one} and {other} swap ranks in {in_percent(row['probability_flip'])} of "
                f"simulations; "
                f"{one} is ahead in {before} under {named(titles[0])}, in {after} under {named(titles[1])}."
            )
    return sentences


def inputs_finding(inputs: pl.DataFrame, title: str) -> str:
    """Return how many inputs differ."""
    if inputs.is_empty():
        return f"No input differs under {named(title)}"
    return f"{inputs.height} input{'s differ' if inputs.height > 1 else ' differs'} under {named(title)}"
