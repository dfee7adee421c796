"""The same results without a browser: `shareshift validate`, `project`, `claims`, `compare` and `forms`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from shareshift.basics.errors import ShareshiftError
from shareshift.basics.version import __version__
from shareshift.cli.bundle import bundle_command, reproduce_command
from shareshift.cli.compare import compare_command
from shareshift.cli.forms import forms_command
from shareshift.cli.options import (
    AsOfOption,
    CapacityOption,
    DrawsOption,
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
from shareshift.cli.project import project_command
from shareshift.export import write_csv
from shareshift.market.market import read_market
from shareshift.market.parameters import DEFAULT_DRAWS
from shareshift.scenario.scenario import read_scenarios

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
app.command(name="project")(project_command)
app.command(name="compare")(compare_command)
app.command(name="bundle")(bundle_command)
app.command(name="reproduce")(reproduce_command)
app.command(name="forms")(forms_command)


@app.command()
def validate(market: Folder) -> None:
    """Check a market's tables and name everything that is wrong with them."""
    checked = read_market(market)
    rows = ", ".join(f"{frame.height} {name}" for name, frame in checked.tables.items())
    for name, scenario in read_scenarios(market, checked).items():
        typer.echo(f"scenario {name}: {scenario.title}")
    typer.echo(f"{checked.title}\n{rows}\ndigest {checked.digest}\nNo faults found.")


@app.command(name="claims")
def claims_command(
    market: Folder,
    out: OutOption,
    scenario: ScenarioOption = "baseline",
    changes: SetOption = None,
    form: FormOption = None,
    capacity: CapacityOption = None,
    draws: DrawsOption = DEFAULT_DRAWS,
    seed: SeedOption = 0,
    as_of: AsOfOption = None,
) -> None:
    """Test the claims of a market: each alone, all against the money there is, and what believing them does."""
    from shareshift.model.draws.streams import Draws
    from shareshift.results.claims.answer import claims_answer
    from shareshift.results.projection import project

    checked, chosen = read_choice(market, as_of, scenario, changes or [])
    chosen = under(chosen, checked, form, capacity)
    say(f"testing the claims under {chosen.title}: {draws:,} draws, seed {seed}")
    held = Draws(draws, seed)
    answer = claims_answer(project(checked, chosen, draws, seed, held=held), held)
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in answer.tables.items():
        write_file(out / f"{name}.csv", write_csv(frame))
    for sentence in answer.remarks:
        say(sentence)


def main() -> None:
    """Run the command line; what a reader can mend goes to standard error, with exit code 2."""
    try:
        app()
    except ShareshiftError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except OSError as error:
        typer.echo(f"{error.filename}: {error.strerror}. Choose another place or change its permissions.", err=True)
        sys.exit(2)


@app.callback(invoke_without_command=True)
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Where a shaken vendor's money goes: check a market's tables, project, and write the results."""
    if version:
        typer.echo(f"shareshift {__version__}")
        raise typer.Exit
