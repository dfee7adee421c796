"""What the claims come to in sentences: the lead, what all of them ask together, and a finding per picture."""

from collections.abc import Mapping, Sequence

import polars as pl

from shareshift.basics.formats import money, month_words
from shareshift.results.claims.certainty import in_words
from shareshift.results.labels import figure_label
from shareshift.ui.claims.tested import Card, Row
from shareshift.ui.claims.words import Names, ends_words, figure_amount, possessive_title

SUMS = {
    "recognised": "as money earned by {}",
    "run_rate": "at the run rate of {}",
    "bookings": "as contracts signed by {}",
}
HEADS = {
    "recognised": "Money earned by {}",
    "run_rate": "Run rate in {}",
    "bookings": "Contracts signed by {}",
}
# Why the hardest claim fails, on its easiest reading.
CAUSES = {
    "pool": ", because less money is displaced",
    "capacity": ", for lack of capacity",
    "preference": ", because customers go elsewhere",
}


def lead(found: list[Card], over: pl.DataFrame, names: Names) -> str:
    """Return the answer of the page: how many claims hold, what all ask together, and the hardest to carry."""
    can = [card for card in found if card.tested]
    if not can:
        return "None of the claims can be tested in this run: every deadline lies outside its months."
    likelier = [card for card in can if (card.best["probability"] or 0.0) > 0.5]
    opening = f"Of {len(can)} claims that can be tested, {len(likelier)} {_are(likelier)} likelier than not."
    return " ".join(part for part in (opening, _asked_for(over), _hardest(can, names)) if part)


def _are(items: Sequence[object]) -> str:
    return "is" if len(items) == 1 else "are"


def _asked_for(over: pl.DataFrame) -> str:
    rows = [row for row in over.iter_rows(named=True) if row["p50_ratio"] is not None]
    if not rows:
        return ""
    # The basis on which most claims speak; of equals the one named first.
    most = max(rows, key=lambda row: row["claims_counted"])
    low, high = most["p5_ratio"], most["p95_ratio"]
    span, part = (f"{low:.1f}–{high:.1f}", 90) if high else (f"{low:.1f} or more", 95)
    spread = f", {span} in {part}% of simulations"
    sums = SUMS[most["basis"]].format(month_words(most["deadline"]))
    return f"Rivals claim {most['p50_ratio']:.1f} times the money that is displaced ({sums}{spread})."


def _hardest(cards: list[Card], names: Names) -> str:
    money_claims = [card for card in cards if card.row["metric"] == "won_from_incumbent"]
    if not money_claims:
        return ""
    worst = min(money_claims, key=lambda card: card.best["probability"])
    best, title = worst.best, possessive_title(worst.best, names)
    if best["probability"] > 0.5:
        return f"Each claim can hold on its own; the hardest, {title}, is {in_words(best['probability'])}."
    if best["probability"] > 0:
        return f"The hardest claim, {title}, is at best {in_words(best['probability'])}."
    readings = ", however it is read" if len(worst.tests) > 1 else ""
    return f"{title} fails in every simulation{readings}{CAUSES.get(best['stopped_by'], '')}."


def programme_sentences(programme: pl.DataFrame, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return per basis and deadline a head and what the linear programme found at the mean of pool and rooms."""
    return [
        (f"{HEADS[row['basis']].format(month_words(row['deadline']))}.", _needed(row, titles))
        for row in programme.filter(pl.col("level") == "mean").iter_rows(named=True)
    ]


def _needed(row: Row, titles: Mapping[str, str]) -> str:
    count = len(str(row["claims"] or "").split(";"))
    unit = " a year" if row["unit"] == "usd_per_year" else ""
    needed, there = (money(row[name]) for name in ("smallest_pool_without_room", "pool_available"))
    verb = "takes" if count == 1 else "together take"
    text = (
        f"{_listed(row['claims'], titles)} {verb} a pool of {needed}{unit} at least; on average {there} is displaced."
    )
    if row["all_hold"]:
        return f"{text} {'It holds' if count == 1 else 'They hold'} within everybody’s capacity."
    if row["beyond_room"]:
        many = ";" in row["beyond_room"]
        text += f" {_listed(row['beyond_room'], titles)} {'are' if many else 'is'} more than its own capacity."
    if ";" in (row["conflict"] or ""):
        text += f" {_listed(row['conflict'], titles)} cannot hold together."
    if row["drop"] and count > (dropped := len(row["drop"].split(";"))):
        rest = "the other holds" if count - dropped == 1 else "the others hold"
        text += f" Drop {_listed(row['drop'], titles)}, and {rest}."
    return text


def _listed(ids: str | None, titles: Mapping[str, str]) -> str:
    found = [titles.get(name, name) for name in (ids or "").split(";") if name]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else "nothing"


def contradiction_sentences(pairs: pl.DataFrame, titles: Mapping[str, str]) -> list[str]:
    """Return which claims no state of the world makes true together, whatever the money."""
    found = {tuple(sorted(pair)) for pair in pairs.select("claim_id", "against").iter_rows()}
    return [f"{titles.get(b, b)} and {titles.get(a, a)} contradict each other." for a, b in sorted(found)]


def stack_finding(over: pl.DataFrame) -> str:
    """Return on how many bases the claims ask for more than the mean pool."""
    rows = list(over.iter_rows(named=True))
    if not rows:
        return "No rival names an amount that it wins"
    above = sum(row["probability_over_one"] > 0.5 for row in rows)
    if above == len(rows):
        return "Rivals claim more than the money available" + ("" if above == 1 else ", on every definition")
    if not above:
        return "More money is available than rivals claim" + ("" if len(rows) == 1 else ", on every definition")
    return f"Rivals claim more than the money available on {above} of {len(rows)} definitions"


def left_out_sentences(stack: pl.DataFrame, titles: Mapping[str, str]) -> list[str]:
    """Return what does not count in the sum, and why."""
    rows = stack.filter(~pl.col("counted")).iter_rows(named=True)
    return list(
        dict.fromkeys(f"{titles.get(row['claim_id'], row['claim_id'])} is left out. {row['why_not']}" for row in rows)
    )


def odds_finding(cards: list[Card]) -> str:
    """Return how the chances divide."""
    rows = [test.row for card in cards for test in card.tests if test.row["probability"] is not None]
    never = sum(row["probability"] == 0 for row in rows)
    if never:
        return f"{never} of {len(rows)} tests fail in every simulation"
    low = sum(row["probability"] <= 0.5 for row in rows)
    return f"{low} of {len(rows)} tests hold in no more than half of the simulations"


def posterior_finding(posterior: pl.DataFrame, incumbent: str) -> str:
    """Return which figure believing moves most."""
    # The share with new lines says the same as the share without them.
    others = ("sources_contradict", "incumbent_share_with_new_lines")
    moved = posterior.filter(pl.col("moved_sd").is_not_null(), ~pl.col("figure").is_in(others))
    if moved.is_empty() or float(moved["moved_sd"].abs().max() or 0.0) < 0.01:  # type: ignore[arg-type]
        return "Believing changes almost nothing"
    row = moved.sort(pl.col("moved_sd").abs(), descending=True).row(0, named=True)
    ends = [figure_amount(row[f"{when_}_mean"], row["unit"]) for when_ in ("prior", "posterior")]
    return f"Believing changes this most: {figure_label(row['figure'], incumbent)}, from {ends[0]} to {ends[1]}"


def inputs_sentence(moved: pl.DataFrame, opening: str) -> str:
    """Return what would have to be true of the inputs; `opening` says for what."""
    far = [row for row in moved.iter_rows(named=True) if row["beyond_noise"]][:3]
    if not far:
        return f"{opening}, no input would have to move by more than simulation noise."
    parts = [f"{row['label']} {_direction(row)} ({ends_words(row, ' rather than ', -1)})" for row in far]
    listed = parts[0] if len(parts) == 1 else f"{'; '.join(parts[:-1])}; and {parts[-1]}"
    return f"{opening}, these would have to move most: {listed}."


def _direction(row: Row) -> str:
    up = row["moved_sd"] > 0
    if row["input_id"].startswith("exits:"):
        return "more often" if up else "less often"
    return "higher" if up else "lower"
