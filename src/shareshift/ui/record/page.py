"""Track record: what the projection said, what came, and how naive forecasters would have done."""

from datetime import date

import polars as pl
import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.charts.block import ChartBlock
from shareshift.charts.look import to_spec
from shareshift.charts.record import draw_record, record_data, record_height
from shareshift.export import write_csv
from shareshift.results.record.past import left_one_out
from shareshift.results.record.score import FORECASTERS, MODEL
from shareshift.results.record.sentences import marks_sentence, misses_sentence, score_sentence
from shareshift.ui.record.cache import record_of
from shareshift.ui.record.changed import show_changed
from shareshift.ui.record.dated import ask_as_of, follow_date
from shareshift.ui.record.frozen import show_frozen
from shareshift.ui.record.known import show_known
from shareshift.ui.shell.blocks import show_chart, show_download, show_fault, show_finding, show_heading, show_table
from shareshift.ui.shell.cache import look_of, open_market
from shareshift.ui.shell.words import plain

try:
    market = open_market()
except ShareshiftError as error:
    show_fault(error)

look = look_of(market, market.digest, st.context.theme.type or "light")
follow_date(market)
answer, when = st.container(), st.container()
then = ask_as_of(market, when)
found = record_of(then, then.digest, then.as_of, date.today())
own = found.rows.filter(pl.col("forecaster") == MODEL)
lines = (score_sentence(found), misses_sentence(found, market.names), marks_sentence(found, market.names))
with answer:
    show_heading("Track record", *(line for line in lines if line))

if not own.is_empty():
    height = record_height(own.height)
    show_chart(
        ChartBlock(
            name="record",
            finding="What came, against what was said",
            note="Bar = P5 to P95, tick = median, mark = what was published; a diamond lies outside the range.",
            spec=to_spec(draw_record(look, height)),
            data=record_data(own, look),
            frame=found.rows,
            table=own.lazy().select(
                pl.col("title").alias("What"),
                pl.col("period_end").alias("As of"),
                pl.col("observed").alias("Came"),
                *(pl.col(name).alias(words) for name, words in (("p5", "P5"), ("p50", "Median"), ("p95", "P95"))),
                pl.col("percentile_reached").alias("Percentile reached share"),
                pl.col("mark").alias("Like against like"),
            ),
            source=f"Baseline of “{market.title}” as of {then.as_of}, scored on what was published by today.",
        )
    )
    show_finding(
        "Would a naive forecaster have done better?",
        "CRPS is the mean distance in logarithms between forecast and outcome: lower is better. Naive forecasters have "
        "Shareshift’s own errors around their points, so only where they stand is compared.",
    )
    show_table(
        found.summary.select(
            pl.col("forecaster").replace_strict(FORECASTERS).alias("Forecaster"),
            pl.col("rows").alias("Figures"),
            pl.col("inside_50").alias("Inside the 50% range"),
            pl.col("inside_90").alias("Inside the 90% range"),
            pl.col("crps_log").round(3).alias("CRPS (log)"),
            pl.col("log_score").round(2).alias("Log score"),
        )
    )
    show_download("score_summary.csv", lambda: write_csv(found.summary), "CSV of this table")

if not found.exits.is_empty():
    show_finding("Who left", "Chance that was given to each exit, and what happened; a lower Brier score is better.")
    show_table(
        found.exits.select(
            pl.col("title").alias("What"),
            pl.col("forecast_probability").alias("Chance given share"),
            pl.col("happened").alias("Left (1) or not (0)"),
            pl.col("brier").round(3).alias("Brier score"),
        )
    )

show_finding("What could not be scored", "A figure is scored on its own basis, when it is due, and never twice.")
named = {"title": "What", "period_end": "As of", "reason": "Why"}
show_table(found.unscored.select(pl.col(name).alias(words) for name, words in named.items()))
if found.silent:
    silent = ", ".join(market.names[vendor] for vendor in found.silent)
    st.caption(
        plain(f"Nothing was published of {silent}. Those who publish are those who grew, so the record leans that way.")
    )

show_known(then)
show_changed(market)
show_frozen(market)

show_finding(
    "The same model on past migrations",
    "Each case with the defaults that the other cases alone give it; `shareshift calibrate` computes it anew.",
)
show_table(
    left_one_out().select(
        pl.col("case").alias("Case"),
        pl.col("forecaster").replace_strict(FORECASTERS).alias("Forecaster"),
        pl.col("rows").alias("Figures"),
        pl.col("inside_90").alias("Inside the 90% range"),
        pl.col("crps_log").round(3).alias("CRPS (log)"),
    )
)
show_download("left_one_out.csv", lambda: write_csv(left_one_out()), "CSV of the past migrations")
