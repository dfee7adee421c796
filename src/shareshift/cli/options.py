"""What every command asks for, and how it tells what it does."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from shareshift.basics.errors import ScenarioError
from shareshift.market.kept import read_kept_market
from shareshift.market.market import Market
from shareshift.market.parameters import MAX_DRAWS
from shareshift.scenario.forms import FORMS, form_label
from shareshift.scenario.scenario import Scenario, read_scenario, read_scenarios, scenario_faults

Folder = Annotated[Path, typer.Argument(metavar="MARKET", help="A folder with market.toml and the tables.")]
ScenarioOption = Annotated[
    str, typer.Option("--scenario", metavar="NAME|FILE", help="One of the market's own scenarios, or a TOML file.")
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="PARAMETER=VALUE", help="Move one slider; may be given again.")
]
FormOption = Annotated[
    str | None, typer.Option("--form", metavar="FORM", help=f"How money chooses among rivals: {', '.join(FORMS)}.")
]
CapacityOption = Annotated[
    bool | None, typer.Option("--capacity/--no-capacity", help="Whether rivals can be full.", show_default=False)
]
DrawsOption = Annotated[int, typer.Option("--draws", min=1, max=MAX_DRAWS, help="Draws; powers of two are best.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of the draws.")]
AsOfOption = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="Use evidence known by then.")
]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files; made if need be.")]


def read_up_to(folder: Path, as_of: datetime | None) -> Market:
    """Read a market, with evidence up to a date where one is given."""
    say("reading the market")
    market = read_kept_market(folder)
    return market if as_of is None else market.known_by(as_of.date())


def read_choice(folder: Path, as_of: datetime | None, name: str, changes: list[str]) -> tuple[Market, Scenario]:
    """Read a market, up to a date where one is given, and the scenario to run."""
    market = read_up_to(folder, as_of)
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


def under(scenario: Scenario, market: Market, form: str | None, capacity: bool | None) -> Scenario:
    """Return the scenario in another form of the model, with a title that says so; None leaves what it has.

    Raises `ScenarioError` where the model or the market has no such form.
    """
    wanted = replace(
        scenario,
        form=scenario.form if form is None else form,
        capacity=scenario.capacity if capacity is None else capacity,
    )
    if wanted == scenario:
        return scenario
    if faults := scenario_faults(wanted, market):
        raise ScenarioError("\n".join(faults))
    label = form_label(wanted.form, wanted.capacity)
    return replace(wanted, title=f"{scenario.title}, {label[0].lower()}{label[1:]}", baseline=scenario.title)


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
