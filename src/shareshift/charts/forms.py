"""How far apart do the forms of the model lie, beside how wide the data leave each of them?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shareshift.charts.look import Datasets, Look, finished, raw_colour
from shareshift.formats import money, money_range, percent, short_money
from shareshift.forms import NAMED_FORMS

# Charts are drawn once and kept; a start that finds them kept does not wait for this import.
if TYPE_CHECKING:
    import altair as alt

DESCRIPTION = (
    "For each of the leading rivals a dot with a range in USD over all months for every form of the model: displaced "
    "money won. The filled dot is the form of the scenario. Each range holds 90 in 100 draws of that form."
)
# So many rivals are drawn; the table has all.
LEADING = 4
ROW_HEIGHT = 22
# In the order of the alphabet, which is that of the rows.
HEAD, FORM = "a", "b"
LABELS = {named.form_id: named.label for named in NAMED_FORMS}


def forms_height(gains: pl.DataFrame) -> int:
    """Return the height of the picture in pixels: a row per form and a heading for every rival drawn."""
    rivals = min(gains["vendor_id"].n_unique(), LEADING)
    return ROW_HEIGHT * rivals * (gains["form_id"].n_unique() + 1)


def forms_data(gains: pl.DataFrame, look: Look, own: str | None) -> Datasets:
    """Return a row per leading rival and form, and one for each rival's heading; USD.

    `gains` has a row per rival and form with `share_from_form` of the rival, the rivals in the order in which they
    are drawn; `own` is the named form of the scenario, None where it has no name.
    """
    leading = gains["vendor_id"].unique(maintain_order=True)[:LEADING]
    shown = gains.filter(pl.col("vendor_id").is_in(leading.implode()))
    rows, heads = [], []
    for order, (vendor, colour) in enumerate(zip(leading, look.coloured(leading), strict=True)):
        name = look.names.get(vendor, vendor)
        own_rows = shown.filter(pl.col("vendor_id") == vendor)
        share = own_rows["share_from_form"][0]
        words = "nothing varies" if share is None else f"{percent(share)} of the range is the model"
        heads.append({"row": f"{order}-{HEAD}-0-{name}", "zero": 0.0, "words": words})
        for place, row in enumerate(own_rows.iter_rows(named=True)):
            label = LABELS[row["form_id"]]
            rows.append(
                {
                    "row": f"{order}-{FORM}-{place}-{label}",
                    "vendor": name,
                    "form": label,
                    "colour": colour,
                    "fill": colour if row["form_id"] == own else look.style.paper,
                    "mean": row["mean_value"],
                    "p5": row["p5_value"],
                    "p95": row["p95_value"],
                    "amount": money(row["mean_value"]),
                    "range": f"{money_range(row['p5_value'], row['p95_value'])} USD",
                    "short": short_money(row["mean_value"]),
                }
            )
    return {"forms": pl.DataFrame(rows), "form_heads": pl.DataFrame(heads)}


def draw_forms(look: Look, height: int) -> alt.LayerChart:
    """Draw the forms from the named data of `forms_data`, so many pixels high."""
    import altair as alt

    style = look.style
    data, heads = alt.Chart(alt.NamedData("forms")), alt.Chart(alt.NamedData("form_heads"))
    # A row's name begins with its place and its kind; the reader sees what follows.
    is_head = f"slice(datum.value, 2, 3) == '{HEAD}'"
    axis = alt.Axis(
        title=None,
        labelExpr="slice(datum.value, 6)",
        labelFontSize=alt.ExprRef("width < 300 ? 11.5 : 12.5"),
        labelColor=alt.condition(is_head, alt.value(style.ink), alt.value(style.muted)),
        labelFontWeight=alt.condition(is_head, alt.value(600), alt.value(400)),
        labelLimit=180,
        labelOverlap=False,
    )
    y = alt.Y("row:N", sort="ascending", axis=axis, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    billions = "abs(datum.value) >= 1e9 ? format(datum.value / 1e9, '.1f') + 'bn' : abs(datum.value) >= 1e6 ? "
    labels = f"{billions} format(datum.value / 1e6, '.0f') + 'm' : format(datum.value, ',.0f')"
    along = alt.Axis(title="Displaced money won over all months, USD", labelExpr=labels, tickCount=4)
    x = alt.X("p5:Q", axis=along, scale=alt.Scale(zero=True))
    tooltip = [
        alt.Tooltip("vendor:N", title="Rival"),
        alt.Tooltip("form:N", title="Form of the model"),
        alt.Tooltip("amount:N", title="Mean"),
        alt.Tooltip("range:N", title="90 in 100 draws inside"),
    ]
    parts = heads.mark_text(align="left", dx=4, fontSize=11.5, color=style.muted).encode(
        y=y, x=alt.X("zero:Q"), text="words:N"
    )
    ranges = data.mark_rule(strokeWidth=2.5, strokeCap="round", opacity=0.55).encode(
        y=y, x=x, x2="p95:Q", color=raw_colour(), tooltip=tooltip
    )
    dots = data.mark_point(filled=True, size=58, opacity=1, strokeWidth=1.8).encode(
        y=y,
        x=alt.X("mean:Q"),
        fill=alt.Fill("fill:N", scale=None, legend=None),
        stroke=alt.Stroke("colour:N", scale=None, legend=None),
        tooltip=tooltip,
    )
    amounts = data.mark_text(align="left", dx=7, fontSize=11.5, color=style.muted).encode(
        y=y, x=alt.X("p95:Q"), text="short:N"
    )
    return finished([parts, ranges, dots, amounts], look, height, DESCRIPTION)
