"""Who hits capacity, in sentences."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from shareshift.basics.formats import money, month_words, percent
from shareshift.charts.spill import draws_words, ranked_capacity

IN_HOUSE = "in_house"
TEAMS = "customers’ own teams"
# What binds, for rivals and for customers' own teams.
BINDS = {
    "slack": "the spare capacity at the event",
    "monthly_growth": "how fast capacity can be added",
    "run_rate": "existing workload",
}
LIMITS = {"slack": "spare capacity", "monthly_growth": "speed of growth", "run_rate": "existing workload"}


def rooms_finding(capacity: pl.DataFrame, names: Mapping[str, str]) -> str:
    """Return who turns most money away, in how many draws, and from when."""
    ranked = ranked_capacity(capacity)
    if ranked.is_empty():
        return "Nobody hits capacity"
    row = ranked.row(0, named=True)
    verb = "are" if row["option_id"] == IN_HOUSE else "is"
    full = draws_words(row["mean_ever_full"])
    when = month_words(row["p50_first_full"])
    finding = f"{_who(row['option_id'], names)} {verb} at capacity in {full}, in half of these by {when}"
    return finding[0].upper() + finding[1:]


def rooms_note(capacity: pl.DataFrame, spill: pl.DataFrame, names: Mapping[str, str], unmet: str) -> str:
    """Return how much is turned away, where most of it goes, who among rivals is full and what binds."""
    ranked = ranked_capacity(capacity)
    if ranked.is_empty():
        return "In every simulation and month there is capacity for all demand, so none is unmet."
    total = float(ranked["mean_first_turned_away_usd"].sum())
    ends = spill.group_by("destination_id", maintain_order=True).agg(pl.col("mean_spill_usd").sum())
    most = ends.sort("mean_spill_usd", descending=True, maintain_order=True)[:2]
    parts = [
        f"{percent(usd / total)} {_goes(end, names, unmet)}" for end, usd in most.iter_rows() if usd / total >= 0.005
    ]
    told = [f"On average {money(total)} of demand is unmet at the first choice; of that {' and '.join(parts)}."]
    row = ranked.row(0, named=True)
    told.append(f"The usual limit there is {BINDS[row['limit']]}.")
    rivals = ranked.filter(pl.col("option_id") != IN_HOUSE)
    if row["option_id"] == IN_HOUSE:
        told.append(_rivals(rivals, names))
    return " ".join(told)


def worth_sentence(capacity: pl.DataFrame, names: Mapping[str, str], last: date) -> str | None:
    """Return what more capacity would bring the rival that turns most away; None where it would bring nothing."""
    rivals = ranked_capacity(capacity).filter(pl.col("option_id") != IN_HOUSE, pl.col("mean_worth_usd") > 0)
    if rivals.is_empty():
        return None
    row = rivals.row(0, named=True)
    worth = row["mean_worth_usd"]
    # In all other draws it brings nothing, so this is the mean of those in which the rival is ever full.
    where_full = worth / row["mean_ever_full"]
    # Per dollar, because more dollars than are turned away bring nothing.
    return (
        f"A little more capacity would bring {_who(row['option_id'], names)} ${worth:.2f} by {month_words(last)} "
        f"for every dollar a month, on average over all simulations: ${where_full:.2f} where it ever hits capacity, "
        "nothing elsewhere."
    )


def limit_words(limit: str | None) -> str:
    """Return what binds in the few words of a table; empty where nothing does."""
    return LIMITS.get(limit or "", "")


def _rivals(rivals: pl.DataFrame, names: Mapping[str, str]) -> str:
    if rivals.is_empty():
        return "No rival hits capacity."
    row = rivals.row(0, named=True)
    away = money(row["mean_first_turned_away_usd"])
    return (
        f"Among rivals {_who(row['option_id'], names)} has most unmet demand: {away}, at capacity in "
        f"{draws_words(row['mean_ever_full'])}."
    )


def _who(option: str, names: Mapping[str, str]) -> str:
    return TEAMS if option == IN_HOUSE else names.get(option, option)


def _goes(end: str, names: Mapping[str, str], unmet: str) -> str:
    kept = {"unplaced": unmet, "not_spent": "is not spent", IN_HOUSE: "is built in-house"}
    return kept.get(end) or f"goes to {names.get(end, end)}"
