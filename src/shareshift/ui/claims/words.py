"""One claim in words: its short name, its chance, what it would take and what stops it; figures and inputs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from shareshift.basics.formats import MONEY_UNITS, day_words, money, money_range, percent, quantity
from shareshift.ui.claims.tested import Card, Row

Names = Mapping[str, str]
WHEN = {
    "recognised": "earned by {}",
    "run_rate": "run rate in {}",
    "bookings": "signed by {}",
    "demand": "in {}",
    "event": "by {}",
}
# What the picture of a claim measures.
MEASURED = {
    "won_from_incumbent": "Displaced money won",
    "revenue": "Revenue",
    "incumbent_revenue": "Revenue",
    "demand_ratio": "Demand, times that at the event",
    "in_house_flow": "Part of the displaced money",
    "share": "Share of the market",
}


def short_title(row: Row, names: Names) -> str:
    """Return what is claimed in few words, such as Labelbox: ≥0.20bn won."""
    who = names.get(row["vendor_id"] or row["customer_id"] or "", "")
    amount = threshold(row)
    titles = {
        "won_from_incumbent": f"{who}: {amount} won",
        "revenue": f"{who}: {amount} revenue",
        "incumbent_revenue": f"{who or 'The incumbent'}: {amount} revenue",
        "demand_ratio": f"{who}: demand {amount}",
        "exit": f"{who} {'leaving' if row['comparator'] == 'at_least' else 'staying'}",
        "in_house_flow": f"{amount} built in-house",
        "share": f"{who}: {amount} of the market",
    }
    return titles[row["metric"]]


def threshold(row: Row) -> str:
    """Return the claimed range with its sign, such as ≥0.20bn."""
    low, high = (None if row[end] is None else plain_amount(row[end], row["unit"]) for end in ("low", "high"))
    if row["comparator"] == "at_most" or low is None:
        return f"≤{high}"
    return f"≥{low}" if row["comparator"] == "at_least" or high is None else f"{low} to {high}"


def plain_amount(value: float, unit: str) -> str:
    """Return a value in a claim's unit, without the currency."""
    return f"{value:.3g}×" if unit == "ratio" else quantity(value, unit)


def when(row: Row) -> str:
    """Return the basis and the deadline in words."""
    return WHEN[row["basis"]].format(f"{row['deadline']:%b %Y}")


def label_of(row: Row, names: Names) -> str:
    """Return claim, basis and deadline on one line."""
    return short_title(row, names) if row["metric"] == "exit" else f"{short_title(row, names)}, {when(row)}"


def chance_words(row: Row) -> str:
    """Return the probability in words with its number, or that there is none."""
    return "not tested" if row["probability"] is None else str(row["likelihood"])


def error_words(row: Row) -> str:
    """Return the Monte Carlo error in percentage points; at the two ends, how far the draws can tell."""
    error, bound = row["standard_error"], row["probability_bound"]
    if bound is not None:
        return f"{'under' if row['probability'] == 0 else 'over'} {percent(bound, 2)}, 95% confidence"
    if not error:
        return ""
    return f"± {100 * error:.1f} points" if error >= 0.0005 else "± under 0.1 points"


def need_words(row: Row) -> str:
    """Return the part of the displaced money that the claim takes."""
    share = row["needed_capture_share"]
    if share is None:
        return "–"
    return f"{share:,.0f} times all displaced money" if share >= 10 else f"{percent(share)} of all displaced money"


def shortfall_words(row: Row) -> str:
    """Return by how much money the draws fall short on average."""
    short = row["shortfall_usd"]
    return "–" if short is None else "nothing" if round(short) == 0 else money(short)


def stopper_words(row: Row) -> str:
    """Return what stops the claim and in which part of the failing draws; and how often room would not do."""
    cause = row["stopped_by"]
    if cause is None:
        return "–"
    if cause == "nothing":
        return "nothing"
    share = row[f"stopped_by_{cause}_share"]
    words = {
        "pool": "too little money is displaced",
        "capacity": "it lacks the capacity for that much",
        "preference": "customers prefer others",
        "range": "the result is above what is claimed",
    }[cause]
    room = row["room_too_small_share"] or 0.0
    lacking = f"; its own capacity is too small in {percent(room)} of all simulations" if room >= 0.005 else ""
    return f"{words} (in {percent(share)} of the simulations that fail){lacking}"


def figure_amount(value: float, unit: str) -> str:
    """Return a headline figure's value in its unit, without the currency."""
    if unit == "share":
        return percent(value, 1)
    return f"{value:,.0f}" if unit == "hhi" else f"{value:.1f}" if unit == "customers" else money(value)


def input_amount(value: float, unit: str) -> str:
    """Return an input's value in its unit."""
    if unit in {"share", "probability", "share_per_year", "share_per_month"}:
        return percent(value, 1)
    return quantity(value if unit in MONEY_UNITS else round(value, 2) + 0.0, unit)


def input_words(row: Row) -> str:
    """Return an input's mean before and after."""
    return ends_words(row, " → ", 1)


def ends_words(row: Row, between: str, order: int) -> str:
    """Return an input's two means with words between, before and after or, for -1, after and before."""
    return between.join([input_amount(row[f"{end}_mean"], row["unit"]) for end in ("prior", "posterior")][::order])


def said_words(row: Row, source: str) -> str:
    """Return who said it, when, where it stands and how it is graded."""
    return f"{row['speaker']}, {day_words(row['said_on'])} · {source} · grade {row['grade']}"


def due_words(deadlines: Sequence[date]) -> str:
    """Return the deadlines of a claim's readings in words."""
    return f"due by {' or '.join(day_words(day) for day in deadlines)}"


def range_of(row: Row) -> str:
    """Return the model's mean and range of the tested quantity."""
    mean, low, high = (row[f"{name}_value"] for name in ("mean", "p5", "p95"))
    unit = row["unit"]
    span = f"{plain_amount(low, unit)}–{plain_amount(high, unit)}"
    if unit.startswith("usd"):
        span = money_range(low, high)
    if unit == "share":
        mean, span = round(mean, 2), f"{percent(low)}–{percent(high)}"
    return f"model {plain_amount(mean, unit)} ({span})"


def possessive_title(row: Row, names: Names) -> str:
    """Return a claim as a thing that can be asked for, such as Labelbox’s 0.20bn."""
    if row["metric"] == "won_from_incumbent" and row["low"] is not None:
        who = names.get(row["vendor_id"], "")
        return f"{who}{'’' if who.endswith('s') else '’s'} {plain_amount(row['low'], row['unit'])}"
    return short_title(row, names).removeprefix("≥")


def titles_of(cards: Iterable[Card], names: Names) -> dict[str, str]:
    """Return every claim's short name by its id."""
    return {card.claim_id: possessive_title(card.row, names) for card in cards}
