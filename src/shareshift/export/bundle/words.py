"""What stands in README.txt and on the first sheet of the workbook."""

import shlex
from collections.abc import Sequence
from textwrap import fill

from shareshift.basics.formats import day_words
from shareshift.basics.version import __version__
from shareshift.export.bundle.inputs import Order
from shareshift.results.sentences import FigureWords

WIDTH = 96
PARTS = (
    ("report.html", "The answer with its pictures; opens in any browser, offline."),
    ("tables.xlsx", "All tables as one workbook, with assumptions and sources."),
    ("tables/", "Every table as CSV (UTF-8, ISO dates, text safe for spreadsheets) and as Parquet."),
    ("tables/edges.csv", "Who sends how much where, for tools that draw networks."),
    ("charts/", "Every picture as SVG and PNG."),
    ("scenario.toml", "What differs from the baseline."),
    ("inputs/", "The market's own files, byte by byte: all that is needed to recompute it."),
    ("datapackage.json", "What every file, column and unit is, with sizes and hashes (Data Package 2)."),
)


def command(order: Order) -> str:
    """Return the command that writes the same bundle again, in the folder where this one was unpacked."""
    as_of = order.market.as_of.isoformat()
    words = ["shareshift", "bundle", "inputs", "--scenario", "scenario.toml", "--draws", str(order.draws), "--seed",
             str(order.seed), "--as-of", as_of, "--out", "again.zip"]  # fmt: skip
    return shlex.join(words)


def made_of(order: Order) -> Sequence[tuple[str, str]]:
    """Return what decides over every byte, as a word and its value."""
    return (
        ("Market", order.market.title),
        ("Scenario", order.scenario.title),
        ("Evidence up to", day_words(order.market.as_of)),
        ("Simulations", f"{order.draws:,}"),
        ("Seed", str(order.seed)),
        ("Digest of the inputs", order.market.digest),
        ("Version", f"Shareshift {__version__}"),
    )


def figure_lines(figures: Sequence[FigureWords]) -> Sequence[tuple[str, str]]:
    """Return each headline figure with its range, as a word and its value."""
    return [(figure.label, f"{figure.value} ({figure.interval}), {figure.note}") for figure in figures]


def read_me(order: Order, lead: str, figures: Sequence[FigureWords], left_out: Sequence[str]) -> str:
    """Return the text of README.txt; `left_out` names the tables that no sheet of the workbook can hold."""
    return "\n".join(
        [
            f"{order.market.title} – {order.scenario.title}",
            "=" * min(len(f"{order.market.title} – {order.scenario.title}"), WIDTH),
            "",
            *_told(lead),
            *(["", *_told(order.scenario.note)] if order.scenario.note else []),
            "",
            "Ranges are 90% ranges. Amounts are nominal US dollars.",
            "",
            *_listed(figure_lines(figures)),
            "",
            "How it was made",
            "---------------",
            *_listed(made_of(order)),
            "",
            "The same again",
            "--------------",
            "    shareshift reproduce THIS.zip",
            "",
            "recomputes everything from the files in here and says whether every byte agrees. Unpacked, in its",
            "folder, this writes the same bundle:",
            "",
            f"    {command(order)}",
            "",
            "What is in here",
            "---------------",
            *_listed(PARTS),
            *(["", *_told(_too_long(left_out))] if left_out else []),
            "",
        ]
    )


def workbook_words(
    order: Order, lead: str, figures: Sequence[FigureWords], left_out: Sequence[str]
) -> Sequence[tuple[str, str]]:
    """Return the rows of the sheet Read-me; `left_out` names the tables that no sheet can hold."""
    return (
        ("Answer", lead),
        *figure_lines(figures),
        ("Ranges", "Each is the 90% range. Amounts are nominal US dollars, shares run from 0 to 1."),
        *made_of(order),
        ("The same again", command(order)),
        ("Sheets", "Assumptions and Sources say what the run rests on, Scenario what differs from the baseline."),
        *([("Not in here", _too_long(left_out))] if left_out else []),
    )


def _too_long(left_out: Sequence[str]) -> str:
    return (
        f"The workbook leaves out {', '.join(left_out)}, which has more rows than a sheet can hold; the folder tables/ "
        "of the bundle has it as CSV and as Parquet."
    )


def _told(words: str) -> list[str]:
    return fill(" ".join(words.split()), WIDTH).splitlines()


def _listed(lines: Sequence[tuple[str, str]]) -> list[str]:
    wide = max(len(word) for word, _ in lines) + 2
    return [f"{word:<{wide}}{' '.join(value.split())}" for word, value in lines]
