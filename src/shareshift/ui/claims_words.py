"""The claims in words: short names, what each would need, the lead, and what all of them ask together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from shareshift.claim_tables import in_words
from shareshift.formats import day_words, money, money_range, month_words, percent, quantity, short_money

Row = Mapping[str, Any]
Names = Mapping[str, str]
GROUPS = {
    "won_from_incumbent": "What rivals say they win",
    "revenue": "What rivals say they win",
    "demand_ratio": "Demand, before anybody is full",
    "exit": "Who leaves and who stays",
    "in_house_flow": "Work that customers take in-house",
    "incumbent_revenue": "The incumbent",
    "share": "The incumbent",
}
WHEN = {
    "recognised": "earned by {}",
    "run_rate": "yearly pace in {}",
    "bookings": "signed by {}",
    "demand": "in {}",
    "event": "by {}",
}
SUMS = {
    "recognised": "as money earned by {}",
    "run_rate": "at the yearly pace of {}",
    "bookings": "as contracts signed by {}",
}
FIGURES = {
    "incumbent_no_event": "{} without the event",
    "displaced": "Displaced money",
    "left_incumbent": "Displaced and gone from {}",
    "to_rivals": "Won by rivals",
    "in_house": "Built in-house",
    "not_spent": "Not spent",
    "unplaced": "Waits for want of room",
    "incumbent_revenue": "Revenue of {}",
    "incumbent_change": "{} against no event",
    "incumbent_run_rate_at_horizon": "{}’s yearly pace at the end",
    "displaced_share": "Displaced share of {}’s billing",
    "incumbent_share_at_horizon": "{}’s share at the end",
    "hhi_at_horizon": "Concentration (HHI) at the end",
    "customers_leaving": "Customers that leave",
    "sources_contradict": "Draws in which sources contradict",
}


@dataclass(kw_only=True)
class Test:
    """One thing that is tested: a row of the claims table, and further reports that come to the same test."""

    row: Row
    reports: list[Row] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """Claim and reading."""
        return self.row["claim_id"], self.row["reading"]


@dataclass(kw_only=True)
class Card:
    """One claim with everything it is tested on."""

    claim_id: str
    group: str
    tests: list[Test]

    @property
    def row(self) -> Row:
        """The first report of the claim."""
        return self.tests[0].row

    @property
    def best(self) -> Row:
        """The reading that is likeliest; of equals the one that needs the least of the pool."""
        rows = [test.row for test in self.tests if test.row["probability"] is not None]
        return max(rows or [self.row], key=lambda row: (row["probability"] or 0.0, -(row["needed_capture_share"] or 0)))

    @property
    def tested(self) -> bool:
        """Whether any reading can be tested in this run."""
        return any(test.row["probability"] is not None for test in self.tests)


def cards_of(claims: pl.DataFrame) -> list[Card]:
    """Return the claims in the order of the page, reports of one test put together."""
    order = list(dict.fromkeys(GROUPS.values()))
    cards: dict[str, Card] = {}
    for row in claims.iter_rows(named=True):
        card = cards.setdefault(row["claim_id"], Card(claim_id=row["claim_id"], group=GROUPS[row["metric"]], tests=[]))
        same = [test for test in card.tests if _measure(test.row) == _measure(row)]
        if same:
            same[0].reports.append(row)
        else:
            card.tests.append(Test(row=row))
    return sorted(cards.values(), key=lambda card: order.index(card.group))


def _measure(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("comparator", "low", "high", "unit", "basis", "deadline"))


def short_title(row: Row, names: Names) -> str:
    """Return what is claimed in few words, such as Labelbox: ≥0.20bn won."""
    who = names.get(row["vendor_id"] or row["customer_id"] or "", "")
    amount = threshold(row)
    titles = {
        "won_from_incumbent": f"{who}: {amount} won",
        "revenue": f"{who}: {amount} billed",
        "incumbent_revenue": f"{who or 'The incumbent'}: {amount} billed",
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
    """Return the Monte Carlo error in percentage points."""
    error = row["standard_error"]
    return "" if not error else f"± {100 * error:.1f} points"


def need_words(row: Row) -> str:
    """Return the part of the displaced money that the claim takes."""
    share = row["needed_capture_share"]
    if share is None:
        return "–"
    return f"{share:,.0f} times the displaced money" if share >= 10 else f"{percent(share)} of the displaced money"


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
        "pool": "the pool: so much money does not come loose",
        "capacity": "capacity: it has no room for that much",
        "preference": "preference: customers go elsewhere",
        "range": "the upper end: it comes to more than claimed",
    }[cause]
    room = row["room_too_small_share"] or 0.0
    lacking = (
        f"; room for it is lacking in {percent(room)} of all draws" if room >= 0.005 and cause != "capacity" else ""
    )
    return f"{words} ({percent(share)} of the draws that fail){lacking}"


def lead(found: list[Card], over: pl.DataFrame, names: Names, incumbent: str) -> str:
    """Return the answer of the page: how many claims hold, what all ask together, and the hardest to carry."""
    can = [card for card in found if card.tested]
    if not can:
        return "None of the claims can be tested in this run: every deadline lies outside its months."
    likelier = [card for card in can if (card.best["probability"] or 0.0) > 0.5]
    opening = f"Of {len(can)} claims that can be tested, {len(likelier)} {_are(likelier)} likelier than not."
    return " ".join(part for part in (opening, _asked_for(over), _hardest(can, names, incumbent)) if part)


def _are(items: Sequence[object]) -> str:
    return "is" if len(items) == 1 else "are"


def _asked_for(over: pl.DataFrame) -> str:
    rows = [row for row in over.iter_rows(named=True) if row["p50_ratio"] is not None]
    if not rows:
        return ""
    # The basis on which most claims speak; of equals the one named first.
    most = max(rows, key=lambda row: row["claims_counted"])
    ends = [f"{row:.1f}" if row < 100 else f"{row:,.0f}" for row in (most["p5_ratio"], most["p95_ratio"]) if row]
    spread = f" ({'–'.join(ends)} in 90 of 100 draws)" if len(ends) == 2 else ""
    sums = SUMS[most["basis"]].format(month_words(most["deadline"]))
    return f"Rivals together claim {most['p50_ratio']:.1f} times the money that comes loose, {sums}{spread}."


def _hardest(cards: list[Card], names: Names, incumbent: str) -> str:
    money_claims = [card for card in cards if card.row["metric"] == "won_from_incumbent"]
    if not money_claims:
        return ""
    worst = min(money_claims, key=lambda card: card.best["probability"])
    best, probability = worst.best, worst.best["probability"]
    who, what = names.get(best["vendor_id"], ""), threshold(best).removeprefix("≥")
    if probability > 0.5:
        return f"The money can carry each of them alone; the hardest, {who}’s {what}, is {in_words(probability)}."
    readings = f" on any of its {len(worst.tests)} readings" if len(worst.tests) > 1 else ""
    chance = f"holds in no draw{readings}" if probability == 0 else f"is at best {in_words(probability)}"
    share = best["needed_capture_share"]
    needs = "" if share is None else f" and would take {need_words(best)} that leaves {incumbent}"
    return f"It cannot carry {who}’s {what}, which {chance}{needs}."


def programme_sentences(programme: pl.DataFrame, titles: Mapping[str, str]) -> list[str]:
    """Return per basis and deadline what the linear programme found, at the mean pool and the mean of every room."""
    sentences = []
    for row in programme.filter(pl.col("level") == "mean").iter_rows(named=True):
        claims = _listed(row["claims"], titles)
        needed = row["smallest_pool_without_room"]
        opening = SUMS[row["basis"]].format(month_words(row["deadline"]))
        unit = " a year" if row["unit"] == "usd_per_year" else ""
        count = len(str(row["claims"] or "").split(";"))
        who = claims if count == 1 else f"{claims} together"
        verb = "needs" if count == 1 else "need"
        text = f"{opening[0].upper()}{opening[1:]}, {who} {verb} a pool of at least {money(needed)}{unit}; "
        text += f"the mean pool is {money(row['pool_available'])}{unit}."
        if row["all_hold"]:
            text += " They hold within everybody’s room." if count > 1 else " It holds within its room."
        else:
            text += _at_odds(row, titles, count)
        sentences.append(text)
    return sentences


def _at_odds(row: Row, titles: Mapping[str, str], count: int) -> str:
    parts = []
    if row["beyond_room"]:
        several = ";" in row["beyond_room"]
        parts.append(f"{_listed(row['beyond_room'], titles)} exceed{'' if several else 's'} what its own room allows")
    conflict = row["conflict"] or ""
    if ";" in conflict:
        parts.append(f"{_listed(conflict, titles)} cannot hold together")
    words = f" {'; '.join(parts)}." if parts else ""
    if row["drop"] and count > 1:
        left = count - len(row["drop"].split(";"))
        words += f" Without {_listed(row['drop'], titles)} the other{'s hold' if left > 1 else ' holds'}."
    return words


def _listed(ids: str | None, titles: Mapping[str, str]) -> str:
    found = [f"“{titles.get(name, name)}”" for name in (ids or "").split(";") if name]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else "nothing"


def stack_finding(over: pl.DataFrame) -> str:
    """Return on how many bases the claims ask for more than the mean pool."""
    rows = list(over.iter_rows(named=True))
    if not rows:
        return "No rival names an amount that it wins"
    above = sum(row["probability_over_one"] > 0.5 for row in rows)
    if above == len(rows):
        return "Claimed is more than there is" + ("" if above == 1 else ", on every basis")
    if not above:
        return "There is more money than is claimed" + ("" if len(rows) == 1 else ", on every basis")
    return f"Claimed is more than there is on {above} of {len(rows)} bases"


def left_out_sentences(stack: pl.DataFrame, titles: Mapping[str, str]) -> list[str]:
    """Return what does not count in the sum, and why."""
    rows = stack.filter(~pl.col("counted")).iter_rows(named=True)
    return list(
        dict.fromkeys(f"“{titles.get(row['claim_id'], row['claim_id'])}” is left out: {row['why_not']}" for row in rows)
    )


def odds_finding(cards: list[Card]) -> str:
    """Return how the chances divide."""
    rows = [test.row for card in cards for test in card.tests if test.row["probability"] is not None]
    never = sum(row["probability"] == 0 for row in rows)
    if never:
        return f"{never} of {len(rows)} readings hold in no draw"
    low = sum(row["probability"] <= 0.5 for row in rows)
    return f"{low} of {len(rows)} readings are no likelier than even odds"


def figure_label(figure: str, incumbent: str) -> str:
    """Return a headline figure in words."""
    return FIGURES.get(figure, figure.replace("_", " ")).format(incumbent)


def figure_amount(value: float, unit: str) -> str:
    """Return a headline figure's value in its unit, without the currency."""
    if unit == "share":
        return percent(value, 1)
    return f"{value:,.0f}" if unit == "hhi" else f"{value:.1f}" if unit == "customers" else short_money(value)


def input_amount(value: float, unit: str) -> str:
    """Return an input's value in its unit."""
    if unit in {"share", "probability", "share_per_year", "share_per_month"}:
        return percent(value, 1)
    return f"{quantity(value, unit)} USD" if unit.startswith("usd") else f"{value:.2f}"


def posterior_finding(posterior: pl.DataFrame, incumbent: str) -> str:
    """Return which figure believing moves most."""
    moved = posterior.filter(pl.col("moved_sd").is_not_null(), pl.col("figure") != "sources_contradict")
    if moved.is_empty() or float(moved["moved_sd"].abs().max() or 0.0) < 0.01:  # type: ignore[arg-type]
        return "Believing changes next to nothing"
    row = moved.sort(pl.col("moved_sd").abs(), descending=True).row(0, named=True)
    ends = [figure_amount(row[f"{when_}_mean"], row["unit"]) for when_ in ("prior", "posterior")]
    return f"Believing moves this most: {figure_label(row['figure'], incumbent)}, from {ends[0]} to {ends[1]}"


def inputs_sentence(moved: pl.DataFrame, whose: str) -> str:
    """Return what would have to be true of the inputs for the claims to be right."""
    far = [row for row in moved.iter_rows(named=True) if row["beyond_noise"]][:3]
    if not far:
        return f"For {whose} to be right, no input would have to move by more than the noise of the draws."
    parts = [
        f"{row['label']} {'higher' if row['moved_sd'] > 0 else 'lower'} ({_ends(row, ' rather than ', -1)})"
        for row in far
    ]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"For {whose} to be right, the draws put {listed}."


def input_words(row: Row) -> str:
    """Return an input's mean before and after."""
    return _ends(row, " → ", 1)


def _ends(row: Row, between: str, order: int) -> str:
    return between.join([input_amount(row[f"{end}_mean"], row["unit"]) for end in ("prior", "posterior")][::order])


def said_words(row: Row, source: str) -> str:
    """Return who said it, when, where it stands and how it is graded."""
    return f"{row['speaker']}, {day_words(row['said_on'])} · {source} · grade {row['grade']}"


def due_words(deadline: date) -> str:
    """Return the deadline in words."""
    return f"due by {day_words(deadline)}"


def range_of(row: Row) -> str:
    """Return the model's mean and range of the tested quantity."""
    mean, low, high = (row[f"{name}_value"] for name in ("mean", "p5", "p95"))
    unit = row["unit"]
    span = money_range(low, high) if unit.startswith("usd") else f"{plain_amount(low, unit)}–{plain_amount(high, unit)}"
    if unit == "share":
        mean, span = round(mean, 2), f"{percent(low)}–{percent(high)}"
    return f"model {plain_amount(mean, unit)} ({span})"


def titles_of(cards: Iterable[Card], names: Names) -> dict[str, str]:
    """Return every claim's short name by its id."""
    return {card.claim_id: short_title(card.row, names) for card in cards}
