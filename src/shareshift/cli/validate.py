"""`shareshift validate`: is everything in order with a market's files?"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Annotated

import typer

from shareshift.basics.errors import DataError
from shareshift.cli.choices import Folder, asks
from shareshift.market.defaults import superseded_parameters
from shareshift.market.market import Market, read_market
from shareshift.scenario.scenario import read_scenarios

WRONG = 2


class Format(StrEnum):
    """How faults are told: for people, or for programs."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class ValidateChoice:
    """Which market is checked, and how its faults are told."""

    market: Folder
    format: Annotated[Format, typer.Option("--format", help="text, or json with one object per fault.")] = Format.TEXT


@asks(ValidateChoice)
def validate_command(choice: ValidateChoice) -> None:
    """Check a market's tables and name everything that is wrong with them."""
    try:
        checked = read_market(choice.market)
    except DataError as error:
        if choice.format == Format.JSON:
            typer.echo(json.dumps([asdict(fault) for fault in error.faults], indent=2, ensure_ascii=False))
        else:
            typer.echo("\n".join(error.lines), err=True)
        raise typer.Exit(WRONG) from None
    if choice.format == Format.JSON:
        typer.echo("[]")
    else:
        _tell(choice, checked)


def _tell(choice: ValidateChoice, checked: Market) -> None:
    rows = ", ".join(f"{frame.height} {name}" for name, frame in checked.tables.items())
    for name, scenario in read_scenarios(choice.market, checked).items():
        typer.echo(f"scenario {name}: {scenario.title}")
    for name in superseded_parameters(choice.market):
        typer.echo(f"parameters.csv, {name}: repeats an earlier default as an assumption; today's default is taken.")
    typer.echo(f"{checked.title}\n{rows}\ndigest {checked.digest}\nNo faults found.")
