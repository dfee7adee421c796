"""What decides a figure, in sentences; every number in them stands in a table of the answer."""

from dataclasses import dataclass

import polars as pl

from shareshift.basics.formats import percent, quantity
from shareshift.results.compare.amounts import amount

# What the low and the high end of an input without a range of its own mean.
CHANCE_ENDS = {
    "exits": ("strong", "weak"),
    "exits:": ("early", "late or never"),
    "momentum:": ("weak", "strong"),
    "own_growth": ("slow", "fast"),
    "own_growth:": ("slow", "fast"),
}
NAMED = 2
LEAST_SHARE = 0.005


def lead(label: str, checks: pl.DataFrame) -> str:
    """Say which inputs a figure hangs on most; `checks` are the rows of `checks_table` of the figure."""
    rows = checks.filter("beyond_noise").head(NAMED).rows(named=True)
    if not rows:
        return f"No single input stands out for “{label}”: it is many small things together."
    of = (" of the variance by itself", "")
    parts = [
        f"“{row['label']}” ({share_words(row['variance_share'])}{words})" for row, words in zip(rows, of, strict=False)
    ]
    return f"“{label}” hangs most on {' and on '.join(parts)}."


def tornado_finding(label: str, swings: pl.DataFrame) -> str:
    """Say which input alone moves a figure most; `swings` are the rows of a tornado of the figure."""
    if swings.is_empty() or not swings["swing"][0]:
        return f"No input alone moves “{label}”"
    row = swings.row(0, named=True)
    ends = [amount(row[end], row["figure_unit"]) for end in ("mean_at_p10", "mean_at_p90")]
    low, high = end_words(row)
    return f"“{row['label']}” alone takes it from {ends[0]} ({low}) to {ends[1]} ({high})"


def end_words(row: dict[str, object]) -> tuple[str, str]:
    """Return what an input is at its P10 and at its P90, in words."""
    ends = (row["p10_input"], row["p90_input"])
    if ends[0] is None:
        return chance_ends(str(row["input_id"]))
    low, high = (quantity(_short(float(str(end)), str(row["unit"])), str(row["unit"])) for end in ends)
    return low, high


def chance_ends(input_id: str) -> tuple[str, str]:
    """Return what the low and the high end mean of an input that has no range of its own."""
    kind, colon, _ = input_id.partition(":")
    return CHANCE_ENDS.get(kind + colon, ("low", "high"))


@dataclass(frozen=True, kw_only=True)
class Check:
    """An input to check: what knowing it would bring and on what it stands today, in words, and its row."""

    label: str
    words: str
    table: str
    row: str


def check_next(checks: pl.DataFrame, most: int = 5) -> list[Check]:
    """Return what to check next, the most useful first.

    Only inputs beyond noise that rest on a row of a table; chance cannot be looked up.
    """
    rows = checks.filter(pl.col("beyond_noise") & pl.col("row").is_not_null()).head(most)
    return [
        Check(label=row["label"], words=_check_words(row), table=row["table"], row=row["row"])
        for row in rows.iter_rows(named=True)
    ]


def chance_sentence(checks: pl.DataFrame) -> str:
    """Say what no source can settle today, and how much of the variance it is."""
    rows = checks.filter(pl.col("beyond_noise") & pl.col("row").is_null())
    if rows.is_empty():
        return ""
    parts = [f"{row['label']} ({share_words(row['variance_share'])})" for row in rows.iter_rows(named=True)]
    return f"No row can settle these today, they can only be watched: {'; '.join(parts)}."


def together_sentence(indices: pl.DataFrame) -> str:
    """Say how much of the variance arises only where inputs act together."""
    alone = min(sum(max(index, 0.0) for index in indices["first_order"]), 1.0)
    if not any(indices["total"]):
        return "The figure does not vary, so there is nothing to explain."
    return (
        f"One by one the inputs explain {share_words(alone)} of the variance; {share_words(1 - alone)} arises only "
        "where they act together."
    )


def register_sentence(register: pl.DataFrame) -> str:
    """Say where much hangs on a weak row."""
    if register.is_empty() or not register["at_risk"][0]:
        return "No row that can be looked up moves this figure"
    row = register.row(0, named=True)
    ground = "an assumption of ours" if row["assumption"] else f"{row['source']}, grade {row['grade']}"
    return f"“{row['label']}” is the weakest ground under the most weight: {ground}"


def target_sentence(label: str, together: pl.DataFrame, now: float, target: float, unit: str) -> str:
    """Say which sliders reach a target of a figure's mean, or how near they come; `now` is the mean today."""
    goal, today = amount(target, unit), amount(now, unit)
    if together.is_empty():
        return f"“{label}” is {today} on average; no slider in view brings it any nearer to {goal}."
    moves = [
        f"“{row['label']}” from {quantity(row['present_value'], row['unit'])} to {quantity(row['value'], row['unit'])} "
        f"({percent(row['move_share'])} of its range)"
        for row in together.iter_rows(named=True)
    ]
    row = together.row(0, named=True)
    result = amount(row["result"], unit)
    if row["reached"]:
        return f"To bring “{label}” from {today} to {goal} on average: {', '.join(moves)}; it is then {result}."
    return f"{goal} is out of reach of the sliders in view: the nearest found is {result}, with {', '.join(moves)}."


def share_words(share: float) -> str:
    """Return a share of variance: whole percent, one digit below 10%, and never 0% of what is there."""
    if 0 < share < LEAST_SHARE / 10:
        return "under 0.1%"
    return percent(share, 0 if share >= 0.0995 or share == 0 else 1)


def _check_words(row: dict[str, object]) -> str:
    ground = "an assumption" if row["source_id"] == "assumption" else f"{row['source']}, grade {row['grade']}"
    return f"{share_words(float(str(row['variance_share'])))} of the variance goes once it is known. Today {ground}"


def _short(value: float, unit: str) -> float:
    """Return an end with no more digits than help: shares to whole percent where that is not nothing."""
    if unit in {"share", "probability", "share_per_year", "share_per_month", "correlation"}:
        return round(value, 2 if value >= 0.1 else 3)
    return float(f"{value:.2g}") if abs(value) < 100 else value
