"""The tables of a bundle that say what a run rests on: edges, assumptions, sources, and what the scenario changes."""

import polars as pl

from shareshift.basics.vocabulary import RESERVED
from shareshift.market.market import Market
from shareshift.results.compare.inputs import inputs_frame
from shareshift.results.projection import Projection
from shareshift.scenario.scenario import Scenario

FIGURES = ("spend", "revenues")
ENDS = ("low", "central", "high")


def edges_of(run: Projection) -> pl.DataFrame:
    """Return one row per customer and destination, over all months, as tools for networks read it; USD."""
    flows = run.flows_to_date(run.months[-1])
    names = dict(run.market.names)
    target = pl.col("destination_id")
    return flows.select(
        "scenario",
        pl.col("customer_id").alias("source_id"),
        target.alias("target_id"),
        pl.col("customer_id")
        .replace_strict(names, default=pl.col("customer_id"), return_dtype=pl.String)
        .alias("source"),
        target.replace_strict(names, default=target, return_dtype=pl.String).alias("target"),
        pl.when(target.is_in(list(RESERVED))).then(target).otherwise(pl.lit("rival")).alias("kind"),
        pl.col("^.*_cumulative_flow_usd$"),
    )


def changes_of(market: Market, scenario: Scenario) -> pl.DataFrame:
    """Return one row per input that the scenario sets otherwise than the baseline."""
    return inputs_frame(market, Scenario(), scenario).select(pl.lit(scenario.title).alias("scenario"), pl.all())


def assumptions_of(market: Market, scenario: Scenario) -> pl.DataFrame:
    """Return one row per judgement the run rests on: every slider, and every figure in use that nobody published."""
    sliders = market.tables["parameters"].select(
        pl.lit("parameters").alias("table"),
        pl.col("parameter_id").alias("row_id"),
        pl.col("label").alias("what"),
        *ENDS,
        "unit",
        pl.col("parameter_id").replace_strict(
            dict(scenario.parameters), default=pl.col("central"), return_dtype=pl.Float64
        ).alias("central_in_scenario"),
        "distribution", pl.col("reason").alias("why"), "source_id", "grade",
    )  # fmt: skip
    return pl.concat([sliders, *(_assumed(market, name) for name in FIGURES)])


def _assumed(market: Market, table: str) -> pl.DataFrame:
    frame = market.tables[table]
    key = "spend_id" if table == "spend" else "revenue_id"
    owner = pl.col("customer_id" if table == "spend" else "vendor_id")
    used = pl.col("used") & (pl.col("known_from") <= market.as_of)
    return frame.filter(used, (pl.col("basis") == "assumption") | (pl.col("source_id") == "assumption")).select(
        pl.lit(table).alias("table"),
        pl.col(key).alias("row_id"),
        owner.replace_strict(dict(market.names), default=owner, return_dtype=pl.String).alias("what"),
        *(pl.col(f"{end}_usd_per_year").alias(end) for end in ENDS),
        pl.lit("usd_per_year").alias("unit"),
        pl.col("central_usd_per_year").alias("central_in_scenario"),
        "distribution", pl.col("note").alias("why"), "source_id", "grade",
    )  # fmt: skip
