"""How far apart do the forms of the model lie, beside how wide the data leave each of them?"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from shareshift.basics.formats import percent
from shareshift.charts.headed_rows import ROW_HEIGHT, draw_headed_rows, head_key, row_key
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look, usd_row
from shareshift.charts.marks import SPAN
from shareshift.results.labels import FORM_LABELS

DESCRIPTION = (
    "For each of the leading rivals a dot with a range in dollars for every form of the model, and a grey one for "
    "every naive forecaster. The filled dot is the form of the scenario. Each range is the 90% range of that form."
)
TITLES = {
    "displaced_gain": "Displaced money won over all months",
    "run_rate_at_horizon": "Run rate in the last month",
}
# So many rivals are drawn; the table has all.
LEADING = 4
# Naive forecasters are drawn up to so many times the highest end of a form.
WIDEST = 1.25


def forms_height(gains: pl.DataFrame) -> int:
    """Return the height of the picture in pixels: a row per form and a heading for every rival drawn."""
    rivals = min(gains["vendor_id"].n_unique(), LEADING)
    return ROW_HEIGHT * rivals * (gains["form_id"].n_unique() + 1)


def forms_data(gains: pl.DataFrame, look: Look, own: str | None) -> Datasets:
    """Return a row per leading rival and form, and one for each rival's heading; USD.

    `gains` has a row per rival and form or naive forecaster with `share_from_form` of the rival, the rivals in the
    order in which they are drawn; `own` is the named form of the scenario, None where it has no name.
    """
    leading = gains["vendor_id"].unique(maintain_order=True)[:LEADING]
    shown = gains.filter(pl.col("vendor_id").is_in(leading.implode()))
    rows: list[dict[str, object]] = []
    heads: list[dict[str, object]] = []
    # A naive line of growth may end so far out that nothing else could be told apart.
    widest = WIDEST * float(shown.filter(~pl.col("is_naive"))["p95_value"].max() or 0.0)  # type: ignore[arg-type]
    for order, (vendor, colour) in enumerate(zip(leading, look.coloured(leading), strict=True)):
        name = look.name(vendor)
        own_rows = shown.filter(pl.col("vendor_id") == vendor)
        share = own_rows["share_from_form"][0]
        words = "nothing varies" if share is None else f"{percent(share)} of the range is the model"
        heads.append({"row": head_key(order, name), "zero": 0.0, "words": words})
        for place, row in enumerate(own_rows.iter_rows(named=True)):
            label = FORM_LABELS[row["form_id"]]
            rows.append(
                {
                    "row": row_key(order, place, label),
                    "vendor": name,
                    "form": label,
                    "colour": look.style.muted if row["is_naive"] else colour,
                    "fill": colour if row["form_id"] == own else look.style.paper,
                    "end": row["p95_value"],
                    **usd_row(row["mean_value"], row["p5_value"], row["p95_value"]),
                }
            )
            if row["is_naive"] and row["p95_value"] > widest:
                rows[-1] |= _at_the_edge(rows[-1], widest)
    return {"forms": pl.DataFrame(rows), "forms_heads": pl.DataFrame(heads)}


def _at_the_edge(row: Mapping[str, object], edge: float) -> dict[str, object]:
    """Return what changes of a row that ends beyond the edge: it is cut there, and its label has an arrow."""
    cut = {name: min(float(str(row[name])), edge) for name in ("mean", "p5", "p95", "end")}
    return {**cut, "short": f"{row['short']} →"}


def draw_forms(look: Look, height: int, measure: str = "displaced_gain") -> alt.LayerChart:
    """Draw the forms from the named data of `forms_data`, so many pixels high, on a measure of rivals."""
    tooltip = {"vendor": "Rival", "form": "Form of the model", "amount": "Mean", "range": SPAN}
    return draw_headed_rows(look, height, "forms", TITLES[measure], tooltip, DESCRIPTION)
