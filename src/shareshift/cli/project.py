"""`shareshift project`: every table of a projection as CSV, of a few thousand draws or of millions."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from shareshift.basics.errors import ShareshiftError
from shareshift.cli.options import (
    AsOfOption,
    CapacityOption,
    Folder,
    FormOption,
    OutOption,
    ScenarioOption,
    SeedOption,
    SetOption,
    read_choice,
    say,
    under,
    write_file,
)
from shareshift.export import write_csv
from shareshift.market.parameters import DEFAULT_DRAWS, MAX_DRAWS, MAX_STREAMED_DRAWS

if TYPE_CHECKING:
    import polars as pl

    from shareshift.market.market import Market
    from shareshift.scenario.scenario import Scenario

DrawsOption = Annotated[
    int,
    typer.Option(
        "--draws",
        min=1,
        max=MAX_STREAMED_DRAWS,
        help=f"Draws; powers of two are best. Above {MAX_DRAWS:,} they are counted window by window.",
    ),
]
TablesOption = Annotated[
    list[str] | None, typer.Option("--table", metavar="NAME", help="Write this table only; may be given again.")
]
INTERRUPTED = 130


def project_command(
    market: Folder,
    out: OutOption,
    scenario: ScenarioOption = "baseline",
    changes: SetOption = None,
    form: FormOption = None,
    capacity: CapacityOption = None,
    draws: DrawsOption = DEFAULT_DRAWS,
    seed: SeedOption = 0,
    as_of: AsOfOption = None,
    table: TablesOption = None,
) -> None:
    """Run a projection and write its tables as CSV, and the scenario as TOML."""
    from shareshift.results.projection import HELD_TABLES, TABLES, project

    there = (*TABLES, *HELD_TABLES)
    if unknown := [name for name in table or () if name not in there]:
        raise ShareshiftError(f"--table {', '.join(unknown)}: no such table. The tables are {', '.join(there)}.")
    if draws > MAX_DRAWS:
        if refused := [name for name in table or () if name in HELD_TABLES]:
            raise ShareshiftError(
                f"--table {', '.join(refused)}: needs all draws at once. Ask for at most --draws {MAX_DRAWS}."
            )
        if table is None:
            say(f"leaving out {' and '.join(HELD_TABLES)}, which need all draws at once")
        there = tuple(TABLES)
    names = [name for name in there if table is None or name in table]
    checked, chosen = read_choice(market, as_of, scenario, changes or [])
    chosen = under(chosen, checked, form, capacity)
    say(f"projecting {chosen.title}: {draws:,} draws, seed {seed}")
    if draws > MAX_DRAWS:
        frames = _streamed(checked, chosen, draws, seed, names)
    else:
        run = project(checked, chosen, draws, seed)
        frames = {name: getattr(run, name) for name in names}
    out.mkdir(parents=True, exist_ok=True)
    for name in names:
        write_file(out / f"{name}.csv", write_csv(frames[name]))
    write_file(out / "scenario.toml", chosen.to_toml().encode())


def _streamed(market: Market, scenario: Scenario, draws: int, seed: int, names: list[str]) -> dict[str, pl.DataFrame]:
    """Project window by window, tell how far it is, and stop cleanly when interrupted."""
    from shareshift.results.streaming import project_streaming

    reached = 0

    def progress(done: int, of: int) -> None:
        nonlocal reached
        reached = done
        # One line that renews itself, where there is somebody to watch.
        if sys.stderr.isatty():
            typer.echo(f"\r… {done:,} of {of:,} draws ({done / of:.0%}); Ctrl-C stops", nl=done == of, err=True)

    try:
        return project_streaming(market, scenario, draws, seed, tables=names, progress=progress)
    except KeyboardInterrupt:
        say(f"stopped after {reached:,} of {draws:,} draws; nothing was written")
        raise typer.Exit(INTERRUPTED) from None
