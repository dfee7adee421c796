"""Who turns how much away, and where does it go?"""

from __future__ import annotations

import polars as pl

from shareshift.basics.formats import money
from shareshift.charts.headed_rows import ROW_HEIGHT, draw_headed_rows, head_key, row_key
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look, usd_row
from shareshift.charts.marks import SPAN

DESCRIPTION = (
    "For those with most unmet demand, where that money goes: a dot with a range in USD over all months for "
    "every place it goes to. Each range is the 90% range."
)
# So many who turn money away, and so many places for each, are drawn, and nobody who turns away less than this part of
# what the first does, which would be dots at nothing; the table has all.
LEADING, PLACES, LEAST = 4, 4, 0.02
AXIS_HEIGHT = 50


def ranked_capacity(capacity: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of those who turn first choices away, the most first."""
    turned = capacity.filter(pl.col("mean_first_turned_away_usd").round() > 0)
    return turned.sort("mean_first_turned_away_usd", descending=True, maintain_order=True)


def draws_words(share: float) -> str:
    """Return a share of the draws such as 41% of simulations."""
    if 0 < share < 0.005:
        return "under 1% of simulations"
    return f"{round(100 * share)}% of simulations"


def spill_height(capacity: pl.DataFrame, spill: pl.DataFrame) -> int:
    """Return the height of the picture in pixels: a heading for everybody drawn, a row per place, the axis."""
    rows = sum(1 + _places(spill, option).height for option in _leading(capacity)["option_id"])
    return ROW_HEIGHT * rows + AXIS_HEIGHT


def spill_data(capacity: pl.DataFrame, spill: pl.DataFrame, look: Look) -> Datasets:
    """Return a row per leading option and place that its money goes to, and one for each heading; USD."""
    rows, heads = [], []
    for group, option in enumerate(_leading(capacity).iter_rows(named=True)):
        name = look.name(option["option_id"])
        away = money(option["mean_first_turned_away_usd"])
        full = draws_words(option["mean_ever_full"])
        heads.append({"row": head_key(group, name), "zero": 0.0, "words": f"{away}, at capacity in {full}"})
        places = _places(spill, option["option_id"])
        ends = places["destination_id"]
        named = zip(places.iter_rows(named=True), look.named(ends), look.coloured(ends), strict=True)
        for place, (row, label, colour) in enumerate(named):
            mean, low, high = (row[f"{end}_spill_usd"] for end in ("mean", "p5", "p95"))
            key = row_key(group, place, label)
            # The mean of what is rare may lie beyond 95 in 100 draws.
            who = {"row": key, "option": name, "place": label, "colour": colour, "fill": colour, "end": max(mean, high)}
            rows.append(who | usd_row(mean, low, high))
    return {"spill": pl.DataFrame(rows), "spill_heads": pl.DataFrame(heads)}


def draw_spill(look: Look, height: int) -> alt.LayerChart:
    """Draw the refused money from the named data of `spill_data`, so many pixels high."""
    tooltip = {"option": "Refused by", "place": "Goes to", "amount": "Mean", "range": SPAN}
    return draw_headed_rows(look, height, "spill", "Unmet demand over all months", tooltip, DESCRIPTION)


def _leading(capacity: pl.DataFrame) -> pl.DataFrame:
    away = pl.col("mean_first_turned_away_usd")
    return ranked_capacity(capacity).filter(away >= LEAST * away.max())[:LEADING]


def _places(spill: pl.DataFrame, option: str) -> pl.DataFrame:
    """Return the rows of the places to which most of an option's refused money goes, the most first."""
    own = spill.filter(pl.col("option_id") == option, pl.col("mean_spill_usd").round() > 0)
    return own.sort("mean_spill_usd", descending=True, maintain_order=True)[:PLACES]
