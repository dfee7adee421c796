"""What commands ask for, each option declared once, and how they tell what they do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Annotated, TypeVar

import polars as pl
import typer

from shareshift.basics.errors import ScenarioError
from shareshift.basics.files import write_whole
from shareshift.export import write_csv
from shareshift.market.kept import read_kept_market
from shareshift.market.market import Market
from shareshift.market.parameters import DEFAULT_DRAWS, MAX_DRAWS
from shareshift.market.reading import read_text
from shareshift.scenario.forms import FORMS, form_label
from shareshift.scenario.scenario import Scenario, read_scenario, read_scenarios, scenario_faults

T = TypeVar("T")
Folder = Annotated[Path, typer.Argument(metavar="MARKET", help="A folder with market.toml and the tables.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files; made if need be.")]


@dataclass(frozen=True, kw_only=True)
class RunChoice:
    """Which market is run, on which draws and evidence, and where the files go."""

    market: Folder
    out: Out
    draws: Annotated[int, typer.Option("--draws", min=1, max=MAX_DRAWS, help="Simulations; best a power of two.")] = (
        DEFAULT_DRAWS
    )
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the simulations.")] = 0
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="Use evidence known by then."),
    ] = None

    def read_market(self) -> Market:
        """Read the market, with evidence up to a date where one is given."""
        say("reading the market")
        market = read_kept_market(self.market)
        return market if self.as_of is None else market.known_by(self.as_of.date())

    def write(self, tables: Mapping[str, pl.DataFrame], **scenarios: Scenario) -> None:
        """Write each table as CSV and each scenario as TOML under its name."""
        write_tables(self.out, tables)
        for name, scenario in scenarios.items():
            write_file(self.out / f"{name}.toml", scenario.to_toml().encode())


@dataclass(frozen=True, kw_only=True)
class ScenarioChoice(RunChoice):
    """A run of one scenario."""

    scenario: Annotated[
        str, typer.Option("--scenario", metavar="NAME|FILE", help="One of the market's own scenarios, or a TOML file.")
    ] = "baseline"
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="PARAMETER=VALUE", help="Move one slider; may be given again.")
    ] = None

    def read(self) -> tuple[Market, Scenario]:
        """Read the market and the scenario to run; raises `DataError` and `ScenarioError`."""
        market = self.read_market()
        return market, self.read_scenario(self.market, market)

    def read_scenario(self, folder: Path, market: Market) -> Scenario:
        """Return the scenario, its changes made; `folder` holds the market's own scenarios."""
        scenario = find_scenario(folder, market, self.scenario)
        return scenario.changed(**_moved(self.changes)) if self.changes else scenario


@dataclass(frozen=True, kw_only=True)
class FormChoice(ScenarioChoice):
    """A run of one scenario, in its own form of the model or another."""

    form: Annotated[
        str | None, typer.Option("--form", metavar="FORM", help=f"How money chooses among rivals: {', '.join(FORMS)}.")
    ] = None
    capacity: Annotated[
        bool | None, typer.Option("--capacity/--no-capacity", help="Whether rivals can be full.", show_default=False)
    ] = None

    def read_scenario(self, folder: Path, market: Market) -> Scenario:
        """Return the scenario in the chosen form, with a title that says so; raises `ScenarioError` without one."""
        scenario = super().read_scenario(folder, market)
        form = scenario.form if self.form is None else self.form
        capacity = scenario.capacity if self.capacity is None else self.capacity
        wanted = replace(scenario, form=form, capacity=capacity)
        if wanted == scenario:
            return scenario
        if faults := scenario_faults(wanted, market):
            raise ScenarioError("\n".join(faults))
        label = form_label(wanted.form, wanted.capacity)
        return replace(wanted, title=f"{scenario.title}, {label[0].lower()}{label[1:]}", baseline=scenario.title)


def asks(record: type[T]) -> Callable[[Callable[[T], None]], Callable[..., None]]:
    """Make a command of a function of one record: it asks for every field, and the function gets the answers."""

    def command_of(work: Callable[[T], None]) -> Callable[..., None]:
        @wraps(work)
        def command(**answers: object) -> None:
            work(record(**answers))

        # Typer asks for what the signature says.
        vars(command)["__signature__"] = signature(record)
        return command

    return command_of


def find_scenario(folder: Path, market: Market, name: str) -> Scenario:
    """Return the scenario of a name or of a file; raises `ScenarioError` where there is none."""
    own = read_scenarios(folder, market)
    if name in own:
        return own[name]
    if name == "baseline":
        return Scenario()
    file = Path(name)
    if file.is_file():
        return read_scenario(read_text(file), market, file=file.name)
    raise ScenarioError(f"{name} is neither a scenario of this market nor a file. It has {', '.join(own)}.")


def write_tables(folder: Path, tables: Mapping[str, pl.DataFrame]) -> None:
    """Write each table as CSV under its name, into a folder that is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        write_file(folder / f"{name}.csv", write_csv(frame))


def write_file(path: Path, data: bytes) -> None:
    """Write one result file, whole or not at all, and name it on standard output."""
    write_whole(path, data)
    typer.echo(str(path))


def say(what: str) -> None:
    """Tell on standard error what is being done."""
    typer.echo(f"… {what}", err=True)


def _moved(changes: list[str]) -> dict[str, float]:
    values = {}
    faults = []
    for text in changes:
        name, equals, value = text.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError:
            what = "is not PARAMETER=VALUE" if not equals else f"gives {name} no number"
            faults.append(f"--set {text} {what}. Write --set growth=0.4.")
    if faults:
        raise ScenarioError("\n".join(faults))
    return values
