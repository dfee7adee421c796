"""The record of a projection in sentences, good or bad, and what changed between two dates."""

from collections.abc import Mapping

import polars as pl

from shareshift.basics.formats import day_words, money
from shareshift.results.compare.explaining import WHOLE
from shareshift.results.record.changed import NEW, OVER, Changed
from shareshift.results.record.score import FORECASTERS, MODEL, Score

CHANGES = ((NEW, "became known"), (OVER, "stopped counting"))


def score_sentence(score: Score) -> str:
    """Return the record in one sentence, good or bad."""
    if score.rows.is_empty():
        return "No published figure has come due yet that this projection can be scored on."
    own = score.summary.row(by_predicate=pl.col("forecaster") == MODEL, named=True)
    others = score.summary.filter(pl.col("forecaster") != MODEL)
    better = others.filter(pl.col("crps_log") < own["crps_log"])["forecaster"].to_list()
    held = f"{own['inside_90']} of {own['rows']} published figures lie inside the 90 % range"
    if not better:
        return f"{held}, and no naive forecaster comes closer."
    return f"{held}; closer than it comes {', '.join(FORECASTERS[name].lower() for name in better)}."


def record_line(score: Score) -> str:
    """Return how ranges like these have done, in one line; empty where nothing has come due."""
    if score.rows.is_empty():
        return ""
    own = score.summary.row(by_predicate=pl.col("forecaster") == MODEL, named=True)
    return f"Ranges of this kind held {own['inside_90']} of {own['rows']} published figures so far; see Track record."


def misses_sentence(score: Score, names: Mapping[str, str]) -> str:
    """Return on which side the ranges missed, and of whom."""
    own = score.rows.filter(pl.col("forecaster") == MODEL)
    told = []
    for side, missed in (("above", pl.col("observed") > pl.col("p95")), ("below", pl.col("observed") < pl.col("p5"))):
        vendors = own.filter(missed)["vendor_id"]
        if len(vendors):
            who = ", ".join(names.get(vendor, vendor) for vendor in dict.fromkeys(vendors))
            told.append(f"{len(vendors)} lie {side} their range ({who})")
    if not told:
        return "No published figure lies outside its range." if len(own) else ""
    return f"{'; '.join(told)}. Figures above a range are growth that the rows known at the time did not show."


def marks_sentence(score: Score, names: Mapping[str, str]) -> str:
    """Return which figures are not known to be the same kind of amount as their forecasts; empty for none."""
    marked = score.rows.filter((pl.col("forecaster") == MODEL) & (pl.col("mark") != ""))
    told = [
        f"{len(rows)} of {', '.join(names.get(vendor, vendor) for vendor in dict.fromkeys(rows['vendor_id']))}: {mark}"
        for (mark,), rows in marked.group_by("mark", maintain_order=True)
    ]
    return f"Not quite like against like: {' '.join(told)}" if told else ""


def changed_sentence(found: Changed, figure: str = "displaced") -> str:
    """Return how many rows changed between two dates, and which group of them moves a headline figure most."""
    if found.rows.is_empty():
        return (
            f"Between {day_words(found.before)} and {day_words(found.after)} no row of the tables changed what counts."
        )
    counts = dict(found.rows.select("row_id", "change").unique()["change"].value_counts().iter_rows())
    told = [f"{counts[word]} row{'s' if counts[word] > 1 else ''} {words}" for word, words in CHANGES if word in counts]
    moved = found.effects.filter(pl.col("measure") == figure, pl.col("part") == "input")
    most = moved.sort(pl.col("mean_one_at_a_time").abs(), descending=True, maintain_order=True).row(0, named=True)
    whole = found.effects.row(by_predicate=(pl.col("measure") == figure) & (pl.col("part") == WHOLE), named=True)
    return (
        f"Between {day_words(found.before)} and {day_words(found.after)} {' and '.join(told)}. "
        f"Displaced money moves by {_signed(whole['mean_one_at_a_time'])} in the mean, most by {most['label']} "
        f"({_signed(most['mean_one_at_a_time'])} alone)."
    )


def _signed(usd: float) -> str:
    return f"+{money(usd)}" if usd > 0 else money(usd)
