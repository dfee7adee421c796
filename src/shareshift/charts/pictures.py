"""The pictures of the first page: each joins one frame with its chart, its table twin and its sentence."""

from collections.abc import Mapping

import polars as pl

from shareshift.basics.formats import day_words, percent
from shareshift.basics.months import MONTHS_PER_YEAR
from shareshift.basics.vocabulary import RESERVED
from shareshift.charts.block import INSIDE, ChartBlock
from shareshift.charts.gains import draw_gains, gain_data
from shareshift.charts.incumbent import draw_incumbent, incumbent_data
from shareshift.charts.look import Look, Spec, to_spec
from shareshift.charts.ribbon_nodes import scale_of
from shareshift.charts.ribbon_shapes import ribbon_data
from shareshift.charts.ribbons import draw_ribbons
from shareshift.charts.shares import draw_shares, share_data
from shareshift.charts.theme import Style, vendor_colours
from shareshift.charts.timeline import draw_timeline, timeline_data
from shareshift.market.market import Market
from shareshift.results.labels import ENDS
from shareshift.results.overview import Results
from shareshift.results.sentences import figure_rows, gains_finding, incumbent_finding, ribbons_finding, shares_finding

COLOURED_GAINERS = 5
# The picture of the incumbent's money has room for so many times what the tables lead one to expect.
HEADROOM = 1.35
BEFORE = " Thin dashed lines are before your change."


def market_look(market: Market, gains: pl.DataFrame, style: Style) -> Look:
    """Return names and colours; `gains` of the baseline says who has a colour in every scenario."""
    rivals = gains.sort("mean_displaced_gain_usd", descending=True)["vendor_id"]
    named = [vendor for vendor in rivals if vendor not in market.pools][:COLOURED_GAINERS]
    return Look(
        names=market.names,
        colours=vendor_colours(style, market.incumbent, named),
        incumbent=market.incumbent,
        event_date=market.event_date,
        style=style,
        full_usd=HEADROOM * usual_stake(market),
    )


def usual_stake(market: Market) -> float:
    """Return what the incumbent would earn over the market's own horizon at the central figures of its tables; USD."""
    row = market.current("revenues", ["vendor_id"]).row(
        by_predicate=pl.col("vendor_id") == market.incumbent, named=True
    )
    growth = 1 + market.parameters["growth"].range.central
    months = range(1, market.horizon_months + 1)
    return float(row["central_usd_per_year"] / MONTHS_PER_YEAR * sum(growth ** (m / MONTHS_PER_YEAR) for m in months))


def draw_pictures(look: Look, rivals: int) -> dict[str, Spec]:
    """Return the specifications of the pictures by name, without data, for so many rivals."""
    charts = {
        "ribbons": draw_ribbons(look),
        "shares": draw_shares(look),
        "gains": draw_gains(look, rivals),
        "incumbent": draw_incumbent(look),
    }
    return {name: to_spec(chart) for name, chart in charts.items()}


def money_pictures(found: Results, look: Look, source: str) -> list[ChartBlock]:
    """Return the four pictures of the first page, in the order of the page."""
    specs = draw_pictures(look, found.gains.height - 1)
    blocks = (ribbons_block, incumbent_block, shares_block, gains_block)
    return [block(found, look, specs, source) for block in blocks]


def source_line(market: Market, draws: int) -> str:
    """Return what every picture rests on."""
    tables = f"tables of “{market.title}” as known on {day_words(market.as_of)} ({market.digest[:8]})"
    return f"Shareshift model, {draws:,} simulations; {tables}."


def ribbons_block(found: Results, look: Look, specs: Mapping[str, Spec], source: str) -> ChartBlock:
    """Return the ribbons from customers to destinations."""
    flows = found.flows
    table = flows.lazy().select(
        look.named(flows["customer_id"]).alias("From"),
        look.named(flows["destination_id"]).alias("To"),
        *_statistics("cumulative_flow_usd", "{} USD"),
    )
    stake = figure_rows(found.summary)["incumbent_no_event"]["mean"]
    coarser = scale_of(stake, float(found.arrivals["mean_arrived_usd"].sum()), look.full_usd).coarser
    scale = f"drawn {coarser} times as small as usual" if coarser > 1 else "one scale for every scenario"
    note = (
        f"Displaced up to the chosen month, {scale}. Ribbon = mean, dense core = all but certain, pale rim = possible "
        "(nine in ten simulations). The table lists every flow."
    )
    return ChartBlock(
        name="ribbons",
        finding=ribbons_finding(flows, look.names),
        note=note,
        spec=specs["ribbons"],
        data=ribbon_data(flows, found.arrivals, stake, look, list(RESERVED)),
        frame=flows,
        table=table.sort("Mean USD", descending=True),
        source=source,
    )


def shares_block(
    found: Results, look: Look, specs: Mapping[str, Spec], source: str, before: Results | None = None
) -> ChartBlock:
    """Return the shares by month, beside those of the scenario that the reader set out from."""
    table = found.shares.lazy().select(
        look.named(found.shares["vendor_id"]).alias("Vendor"), "month", *_statistics("share", "{} share")
    )
    last = dict(found.summary.select("figure", "mean_value").iter_rows())
    counted, whole = last["incumbent_share_at_horizon"], last["incumbent_share_with_new_lines"]
    lines = ""
    if counted != whole:
        name, with_them = look.names[look.incumbent], percent(whole, 1)
        lines = (
            f" New lines of business are not counted; with them {name} ends at {with_them}, not {percent(counted, 1)}."
        )
    return ChartBlock(
        name="shares",
        finding=shares_finding(found.shares, look.names),
        note=f"Share of outsourced revenue by month, mean and band. {INSIDE} Grey lines are the other vendors.{lines}"
        f"{BEFORE if before else ''}",
        spec=specs["shares"],
        data=share_data(found.shares, look, before.shares if before else None),
        frame=found.shares,
        table=table,
        source=source,
    )


def gains_block(found: Results, look: Look, specs: Mapping[str, Spec], source: str) -> ChartBlock:
    """Return what each rival gains, growth and displaced money apart."""
    gains = found.gains.filter(pl.col("vendor_id") != look.incumbent)
    table = gains.lazy().select(
        look.named(gains["vendor_id"]).alias("Rival"),
        *_statistics("displaced_gain_usd", "Displaced, {} USD"),
        *_statistics("market_growth_gain_usd", "Growth, {} USD"),
    )
    return ChartBlock(
        name="gains",
        finding=gains_finding(found.gains),
        note=f"● displaced money won   ◆ growth it would have had anyway. Dot = mean. {INSIDE}",
        spec=specs["gains"],
        data=gain_data(found.gains, look),
        frame=gains,
        table=table.sort("Displaced, Mean USD", descending=True),
        source=source,
    )


def incumbent_block(
    found: Results, look: Look, specs: Mapping[str, Spec], source: str, before: Results | None = None
) -> ChartBlock:
    """Return the incumbent's path against the one without the event, and where it was before the reader's change."""
    months = found.incumbent
    table = months.lazy().select(
        "month",
        *_statistics("revenue_usd", "With, {} USD"),
        *_statistics("no_event_revenue_usd", "Without, {} USD"),
    )
    return ChartBlock(
        name="incumbent",
        finding=incumbent_finding(found.incumbent, look.names[look.incumbent]),
        note=f"Revenue per month with and without the event, mean and band. {INSIDE}{BEFORE if before else ''}",
        spec=specs["incumbent"],
        data=incumbent_data(months, look, before.incumbent if before else None),
        frame=months,
        table=table,
        source=source,
    )


def events_picture(market: Market, look: Look) -> ChartBlock:
    """Return the events of the market on their days."""
    events = market.tables["events"].sort("date", "event_id")
    table = events.lazy().select(
        pl.col("date").alias("Day"),
        pl.col("title").alias("What"),
        pl.col("kind").str.replace_all("_", " ").alias("Kind"),
        pl.col("grade").alias("Grade"),
        pl.when("used").then(pl.lit("yes")).otherwise(pl.lit("no")).alias("In the model"),
    )
    return ChartBlock(
        name="timeline",
        finding="What happened when",
        note="One dot per event; filled in colour when the model runs on it. The line is the event.",
        spec=to_spec(draw_timeline(look, events["kind"].n_unique())),
        data=timeline_data(events, look),
        frame=events,
        table=table,
        source=f"Tables of “{market.title}”, all events on record ({market.digest[:8]}).",
    )


def _statistics(quantity: str, pattern: str) -> list[pl.Expr]:
    return [pl.col(f"{key}_{quantity}").alias(pattern.format(word)) for key, word in ENDS.items()]
