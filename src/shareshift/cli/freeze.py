"""`shareshift freeze`: what a projection says, as a file that is scored when its figures are due."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from shareshift.cli.choices import ScenarioChoice, asks
from shareshift.cli.output import check_file, check_folder, say

# Stands for the folder in which a market keeps its own.
IN_MARKET = Path("MARKET/frozen")


@dataclass(frozen=True, kw_only=True)
class FreezeChoice(ScenarioChoice):
    """A run of one scenario, and where what it says is kept for good."""

    out: Annotated[Path, typer.Option("--out", metavar="FILE|DIR", help="A file that ends in .json, or a folder.")] = (
        IN_MARKET
    )

    def check_out(self) -> None:
        """Raise `ShareshiftError` where nothing can be written there."""
        if self.out.suffix == ".json":
            check_file(self.out, force=True)
        else:
            check_folder(self.place)

    @property
    def place(self) -> Path:
        """The folder or the file that is asked for; without one, the folder of the market's own."""
        return self.market / "frozen" if self.out == IN_MARKET else self.out


@asks(FreezeChoice)
def freeze_command(choice: FreezeChoice) -> None:
    """Freeze what a projection says of every figure, with a digest, to be scored when the figures are due."""
    from shareshift.results.projection import project
    from shareshift.results.record.frozen import freeze
    from shareshift.results.record.frozen_files import write_frozen

    market, scenario = choice.read()
    say(f"freezing {scenario.title} as of {market.as_of}: {choice.draws:,} simulations, seed {choice.seed}")
    found = freeze(project(market, scenario, choice.draws, choice.seed), date.today())
    file = write_frozen(found, choice.place)
    typer.echo(str(file))
    say(f"digest {found.digest}; figures fall due from {found.due[0]} to {found.due[-1]}")
    if found.frozen_on > found.due[0]:
        say(f"what was known by {found.frozen_on}, when it was frozen, is no test of it and will not be scored")
