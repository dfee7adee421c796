"""`shareshift project`: every table of a projection as CSV, of a few thousand draws or of millions."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from shareshift.basics.errors import ShareshiftError
from shareshift.basics.near import meant_of
from shareshift.cli.choices import ScenarioChoice, asks
from shareshift.cli.output import STANDARD_OUTPUT, say
from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.market.parameters import DEFAULT_DRAWS, MAX_DRAWS, MAX_STREAMED_DRAWS
from shareshift.scenario.scenario import Scenario

INTERRUPTED = 130


@dataclass(frozen=True, kw_only=True)
class ProjectChoice(ScenarioChoice):
    """A run of one scenario, of any number of draws, and which of its tables to write."""

    draws: Annotated[
        int,
        typer.Option(
            "--draws",
            min=1,
            max=MAX_STREAMED_DRAWS,
            help=f"Simulations; powers of two are best. Above {MAX_DRAWS:,} they are counted window by window.",
        ),
    ] = DEFAULT_DRAWS
    table: Annotated[
        list[str] | None, typer.Option("--table", metavar="NAME", help="Write this table only; may be given again.")
    ] = None
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Folder for the files; - writes the one --table to standard output."),
    ]

    def check_out(self) -> None:
        """Raise `ShareshiftError` where nothing can be written there."""
        if self.out != STANDARD_OUTPUT:
            super().check_out()
        elif len(self.table or ()) != 1:
            raise ShareshiftError("--out - takes one table: name it with --table, or give a folder.")


@asks(ProjectChoice)
def project_command(choice: ProjectChoice) -> None:
    """Run a projection and write its tables as CSV, and the scenario as TOML."""
    from shareshift.results.projection import project

    names = _tables(choice)
    market, scenario = choice.read()
    results = None if choice.out == STANDARD_OUTPUT else choice.results("project", market, [scenario])
    say(f"projecting {scenario.title}: {choice.draws:,} simulations, seed {choice.seed}")
    if choice.draws > MAX_DRAWS:
        frames = _streamed(choice, market, scenario, names)
    else:
        run = project(market, scenario, choice.draws, choice.seed)
        frames = {name: getattr(run, name) for name in names}
    if results is None:
        typer.echo(write_csv(frames[names[0]]), nl=False)
    else:
        results.write({name: frames[name] for name in names}, scenario=scenario)


def _tables(choice: ProjectChoice) -> list[str]:
    """Return the tables to write; raises `ShareshiftError` where one is unknown or needs fewer draws."""
    from shareshift.results.projection import HELD_TABLES, TABLES

    asked, there = choice.table or (), (*TABLES, *HELD_TABLES)
    if unknown := [name for name in asked if name not in there]:
        known = meant_of(unknown[0], there, "The tables are")
        raise ShareshiftError(f"--table {', '.join(unknown)}: no such table. {known}")
    if choice.draws > MAX_DRAWS:
        if refused := [name for name in asked if name in HELD_TABLES]:
            raise ShareshiftError(
                f"--table {', '.join(refused)}: needs all simulations at once. Use at most --draws {MAX_DRAWS}."
            )
        if choice.table is None:
            say(f"leaving out {' and '.join(HELD_TABLES)}, which need all simulations at once")
        there = tuple(TABLES)
    return [name for name in there if choice.table is None or name in asked]


def _streamed(
    choice: ProjectChoice, market: Market, scenario: Scenario, names: Sequence[str]
) -> dict[str, pl.DataFrame]:
    """Project window by window, tell how far it is, and stop cleanly when interrupted."""
    from shareshift.results.streaming import project_streaming

    reached = 0

    def progress(done: int, of: int) -> None:
        nonlocal reached
        before, reached = reached, done
        # One line that renews itself, where there is somebody to watch; else one for every tenth.
        if sys.stderr.isatty():
            typer.echo(f"\r… {done:,} of {of:,} simulations ({done / of:.0%}); Ctrl-C stops", nl=done == of, err=True)
        elif 10 * done // of > 10 * before // of:
            say(f"{done:,} of {of:,} simulations ({done / of:.0%})")

    try:
        return project_streaming(market, scenario, choice.draws, choice.seed, tables=names, progress=progress)
    except KeyboardInterrupt:
        say(f"stopped after {reached:,} of {choice.draws:,} simulations; nothing was written")
        raise typer.Exit(INTERRUPTED) from None
