"""Every file of a bundle, computed from the inputs alone: no time of day, nothing of the machine."""

from collections.abc import Callable, Mapping

import polars as pl

from shareshift.charts.block import ChartBlock
from shareshift.charts.pictures import events_picture, market_look, money_pictures, source_line
from shareshift.charts.theme import DARK, LIGHT, Style
from shareshift.export import write_csv, write_parquet
from shareshift.export.bundle.datapackage import datapackage
from shareshift.export.bundle.evidence import assumptions_of, changes_of, edges_of
from shareshift.export.bundle.inputs import Order
from shareshift.export.bundle.words import command, made_of, read_me, workbook_words
from shareshift.export.images import chart_svg, picture_svg, to_png
from shareshift.export.report.page import Report, report_html
from shareshift.export.workbook import MAX_ROWS, write_xlsx
from shareshift.results.overview import Results, leaders_of, results_frames, rivals_ranked
from shareshift.results.projection import Projection, project
from shareshift.results.sentences import concentration_sentence, contradiction_warning, five_figures, lead_sentences

Files = Mapping[str, bytes]
# The sheets that stand before the tables, under the names readers look for.
FIRST_SHEETS = {"assumptions": "Assumptions", "sources": "Sources", "changes": "Scenario"}


def bundle_files(order: Order, tell: Callable[[str], None] = lambda _: None) -> Files:
    """Return every file of a bundle by its path, the description last.

    The same inputs, scenario, draws, seed and version give the same bytes. `tell` hears what is being done.
    Raises what `project` raises.
    """
    tell(f"projecting {order.scenario.title}: {order.draws:,} simulations, seed {order.seed}")
    run = project(order.market, order.scenario, order.draws, order.seed)
    tables = bundle_tables(run)
    tell("drawing the pictures")
    report = report_of(order, run, tables)
    sheets = {FIRST_SHEETS.get(name, name): tables[name] for name in dict.fromkeys((*FIRST_SHEETS, *tables))}
    # What no sheet can hold stands in the other files; the workbook says so.
    left_out = [name for name, frame in sheets.items() if frame.height >= MAX_ROWS]
    sheets = {name: frame for name, frame in sheets.items() if name not in left_out}
    files = {f"inputs/{name}": data for name, data in order.inputs.items()}
    files["scenario.toml"] = order.scenario.to_toml().encode()
    for block in report.light:
        picture = picture_svg(block, chart=report.stills[block.name])
        files |= {f"charts/{block.name}.svg": picture.encode(), f"charts/{block.name}.png": to_png(picture)}
    tell("writing the tables")
    files |= table_files(tables)
    title = f"{order.market.title} – {order.scenario.title}"
    files["tables.xlsx"] = write_xlsx(sheets, workbook_words(order, report.lead, report.figures, left_out), title)
    files["report.html"] = report_html(report).encode()
    files["README.txt"] = read_me(order, report.lead, report.figures, left_out).encode()
    return {**dict(sorted(files.items())), "datapackage.json": datapackage(order, files, tables)}


def report_of(order: Order, run: Projection, tables: Mapping[str, pl.DataFrame]) -> Report:
    """Return what the report of a run says; `tables` are those of `bundle_tables`."""
    found = Results(**results_frames(run, run.months[-1]))
    gains = rivals_ranked(order.market)
    light, dark = (pictures_of(order, found, gains, style) for style in (LIGHT, DARK))
    return Report(
        title=order.market.title,
        event=order.market.event,
        scenario=order.scenario,
        warning=contradiction_warning(found.summary),
        lead=lead_sentences(found.summary, found.gains, order.market, run.months),
        figures=five_figures(found.summary, found.gains, leaders_of(run), order.market),
        light=light,
        dark=dark,
        stills={block.name: chart_svg(block) for block in light},
        remarks={"shares": concentration_sentence(found.concentration, order.market)},
        changes=tables["changes"],
        assumptions=tables["assumptions"],
        sources=tables["sources"],
        made_of=made_of(order),
        command=command(order),
    )


def bundle_tables(run: Projection) -> dict[str, pl.DataFrame]:
    """Return every table of a run, and those that say what it rests on."""
    return {
        **run.tables,
        "edges": edges_of(run),
        "changes": changes_of(run.market, run.scenario),
        "assumptions": assumptions_of(run.market, run.scenario),
        "sources": run.market.tables["sources"],
    }


def table_files(tables: Mapping[str, pl.DataFrame]) -> dict[str, bytes]:
    """Return every table as CSV and as Parquet, by path."""
    writers = {"csv": write_csv, "parquet": write_parquet}
    return {f"tables/{name}.{kind}": write(frame) for name, frame in tables.items() for kind, write in writers.items()}


def pictures_of(order: Order, found: Results, gains: pl.DataFrame, style: Style) -> list[ChartBlock]:
    """Return the pictures of the first page and the events, in one mode."""
    look = market_look(order.market, gains, style)
    source = source_line(order.market, order.draws)
    return [*money_pictures(found, look, source), events_picture(order.market, look)]
