"""The same results without a browser: `shareshift validate`, `shareshift project` and `shareshift claims`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shareshift import __version__
from shareshift.errors import ScenarioError, ShareshiftError
from shareshift.export import write_csv
from shareshift.kept import read_kept_market
from shareshift.market import Market, read_market
from shareshift.parameters import DEFAULT_DRAWS
from shareshift.scenario import Scenario, read_scenario, read_scenarios

# A command that only reads tables does not wait for the engine.
if TYPE_CHECKING:
    from shareshift.projection import Projection

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
MAX_DRAWS = 65_536
Folder = Annotated[Path, typer.Argument(metavar="MARKET", help="A folder with market.toml and the tables.")]
ScenarioOption = Annotated[
    str, typer.Option("--scenario", metavar="NAME|FILE", help="One of the market's own scenarios, or a TOML file.")
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="PARAMETER=VALUE", help="Move one slider; may be given again.")
]
DrawsOption = Annotated[int, typer.Option("--draws", min=1, max=MAX_DRAWS, help="Draws; powers of two are best.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of the draws.")]
AsOfOption = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="Use evidence known by then.")
]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files; made if need be.")]


@app.command()
def validate(market: Folder) -> None:
    """Check a market's tables and name everything that is wrong with them."""
    checked = read_market(market)
    rows = ", ".join(f"{frame.height} {name}" for name, frame in checked.tables.items())
    for name, scenario in read_scenarios(market, checked).items():
        typer.echo(f"scenario {name}: {scenario.title}")
    typer.echo(f"{checked.title}\n{rows}\ndigest {checked.digest}\nNo faults found.")


@app.command(name="project")
def project_command(
    market: Folder,
    out: OutOption,
    scenario: ScenarioOption = "baseline",
    changes: SetOption = None,
    draws: DrawsOption = DEFAULT_DRAWS,
    seed: SeedOption = 0,
    as_of: AsOfOption = None,
) -> None:
    """Run a projection and write its tables as CSV, and the scenario as TOML."""
    from shareshift.projection import project

    checked, chosen = read_choice(market, as_of, scenario, changes or [])
    say(f"projecting {chosen.title}: {draws:,} draws, seed {seed}")
    run = project(checked, chosen, draws, seed)
    write_tables(run, out)


@app.command(name="claims")
def claims_command(
    market: Folder,
    out: OutOption,
    scenario: ScenarioOption = "baseline",
    changes: SetOption = None,
    draws: DrawsOption = DEFAULT_DRAWS,
    seed: SeedOption = 0,
    as_of: AsOfOption = None,
) -> None:
    """Test the claims of a market: each alone, all against the money there is, and what believing them does."""
    from shareshift.claims.answer import claims_answer
    from shareshift.draws import Draws
    from shareshift.projection import project

    checked, chosen = read_choice(market, as_of, scenario, changes or [])
    say(f"testing the claims under {chosen.title}: {draws:,} draws, seed {seed}")
    held = Draws(draws, seed)
    answer = claims_answer(project(checked, chosen, draws, seed, held=held), held)
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in answer.tables.items():
        write_file(out / f"{name}.csv", write_csv(frame))
    for sentence in answer.remarks:
        say(sentence)


def read_choice(folder: Path, as_of: datetime | None, name: str, changes: list[str]) -> tuple[Market, Scenario]:
    """Read a market, up to a date where one is given, and the scenario to run."""
    say("reading the market")
    market = read_kept_market(folder)
    market = market if as_of is None else market.known_by(as_of.date())
    return market, choose_scenario(folder, market, name, changes)


def choose_scenario(folder: Path, market: Market, name: str, changes: list[str]) -> Scenario:
    """Return the scenario of a name or file with `parameter=value` changes; raises `ScenarioError`."""
    own = read_scenarios(folder, market)
    if name in own:
        scenario = own[name]
    elif name == "baseline":
        scenario = Scenario()
    elif Path(name).is_file():
        scenario = read_scenario(Path(name).read_text("utf-8"), market, file=Path(name).name)
    else:
        raise ScenarioError(f"{name} is neither a scenario of this market nor a file. It has {', '.join(own)}.")
    return scenario.changed(**_changes(changes)) if changes else scenario


def write_tables(run: Projection, out: Path) -> None:
    """Write every table of a run and its scenario into a folder, and say so."""
    out.mkdir(parents=True, exist_ok=True)
    for name in run.tables:
        write_file(out / f"{name}.csv", write_csv(getattr(run, name)))
    write_file(out / "scenario.toml", run.scenario.to_toml().encode())


def write_file(path: Path, data: bytes) -> None:
    """Write one result file and name it on standard output."""
    path.write_bytes(data)
    typer.echo(str(path))


def say(what: str) -> None:
    """Tell on standard error what is being done."""
    typer.echo(f"… {what}", err=True)


def _changes(texts: list[str]) -> dict[str, float]:
    values = {}
    faults = []
    for text in texts:
        name, equals, value = text.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError:
            what = "is not PARAMETER=VALUE" if not equals else f"gives {name} no number"
            faults.append(f"--set {text} {what}. Write --set growth=0.4.")
    if faults:
        raise ScenarioError("\n".join(faults))
    return values


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
