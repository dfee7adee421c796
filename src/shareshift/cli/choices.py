"""What commands ask for, each option declared once."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from shareshift.basics.version import __version__
from shareshift.cli.output import ResultsFolder, check_folder, say
from shareshift.cli.scenarios import find_scenario, in_form, with_changes
from shareshift.market.kept import read_kept_market
from shareshift.market.known import as_known_on
from shareshift.market.market import Market
from shareshift.market.parameters import DEFAULT_DRAWS, MAX_DRAWS
from shareshift.scenario.forms import FORMS
from shareshift.scenario.scenario import Scenario

T = TypeVar("T")
Folder = Annotated[Path, typer.Argument(metavar="MARKET", help="A folder with market.toml and the tables.")]


@dataclass(frozen=True, kw_only=True)
class OutChoice:
    """Where the files go; looked at before anything else is done."""

    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files; made if need be.")]
    force: Annotated[bool, typer.Option("--force", help="Replace the results of another run.")] = False

    def __post_init__(self) -> None:
        """Raise `ShareshiftError` where nothing can be written there."""
        self.check_out()

    def check_out(self) -> None:
        """Raise `ShareshiftError` where nothing can be written there."""
        check_folder(self.out)


@dataclass(frozen=True, kw_only=True)
class RunChoice(OutChoice):
    """Which market is run, and on which draws and evidence."""

    market: Folder
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
        return market if self.as_of is None else as_known_on(market, self.as_of.date())

    def results(self, command: str, market: Market, scenarios: Sequence[Scenario], **more: str) -> ResultsFolder:
        """Return the folder for the results; raises `ShareshiftError` where it holds those of another run."""
        keys = "\n".join(scenario.key for scenario in scenarios)
        run = {
            "command": command,
            "version": __version__,
            "market": market.market_id,
            "market_digest": market.digest,
            "as_of": market.as_of,
            "scenarios": [scenario.title for scenario in scenarios],
            "scenarios_digest": hashlib.sha256(keys.encode()).hexdigest(),
            "draws": self.draws,
            "seed": self.seed,
        }
        return ResultsFolder(folder=self.out, run=run | more, force=self.force)


@dataclass(frozen=True, kw_only=True)
class ChangeChoice(RunChoice):
    """A run of scenarios with sliders moved."""

    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="PARAMETER=VALUE", help="Move one slider; may be given again.")
    ] = None

    def asked(self, scenario: Scenario, market: Market) -> Scenario:
        """Return a scenario as it is to be run; raises `ScenarioError`."""
        return with_changes(scenario, market, self.changes or ())


@dataclass(frozen=True, kw_only=True)
class FormChoice(ChangeChoice):
    """A run of scenarios, in their own form of the model or another."""

    form: Annotated[
        str | None, typer.Option("--form", metavar="FORM", help=f"How money chooses among rivals: {', '.join(FORMS)}.")
    ] = None
    capacity: Annotated[
        bool | None, typer.Option("--capacity/--no-capacity", help="Whether rivals can be full.", show_default=False)
    ] = None

    def asked(self, scenario: Scenario, market: Market) -> Scenario:
        """Return a scenario as it is to be run; raises `ScenarioError`."""
        return in_form(super().asked(scenario, market), market, self.form, self.capacity)


@dataclass(frozen=True, kw_only=True)
class OneScenarioChoice(ChangeChoice):
    """A run of one scenario."""

    scenario: Annotated[
        str, typer.Option("--scenario", metavar="NAME|FILE", help="One of the market's own scenarios, or a TOML file.")
    ] = "baseline"

    def read(self) -> tuple[Market, Scenario]:
        """Read the market and the scenario to run; raises `DataError` and `ScenarioError`."""
        market = self.read_market()
        return market, self.read_scenario(self.market, market)

    def read_scenario(self, folder: Path, market: Market) -> Scenario:
        """Return the scenario to run; `folder` holds the market's own scenarios."""
        return self.asked(find_scenario(folder, market, self.scenario), market)


@dataclass(frozen=True, kw_only=True)
class ScenarioChoice(OneScenarioChoice, FormChoice):
    """A run of one scenario, in its own form of the model or another."""


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
