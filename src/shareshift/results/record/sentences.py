"""The record of a projection in sentences, good or bad."""

from collections.abc import Mapping

import polars as pl

from shareshift.results.record.score import FORECASTERS, MODEL, Score


def score_sentence(score: Score) -> str:
    """Return the record in one sentence, good or bad."""
    if score.rows.is_empty():
        return "No published figure has come due yet that this projection can be scored on."
    own = score.summary.row(by_predicate=pl.col("forecaster") == MODEL, named=True)
    others = score.summary.filter(pl.col("forecaster") != MODEL)
    better = others.filter(pl.col("crps_log") < own["crps_log"])["forecaster"].to_list()
    held = f"{own['inside_90']} of {own['rows']} published figures lie inside the 90% range"
    if others.is_empty():
        return f"{held}."
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
