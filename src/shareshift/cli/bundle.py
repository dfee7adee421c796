"""`shareshift bundle`: everything of a run in one file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from shareshift.cli.choices import ScenarioChoice, asks
from shareshift.cli.output import check_file, say, write_file


@dataclass(frozen=True, kw_only=True)
class BundleChoice(ScenarioChoice):
    """A run of one scenario whose files go into one."""

    out: Annotated[Path, typer.Option("--out", metavar="FILE.zip", help="The bundle; its folder is made if need be.")]
    force: Annotated[bool, typer.Option("--force", help="Replace the file that is there.")] = False

    def check_out(self) -> None:
        """Raise `ShareshiftError` where the bundle cannot be written."""
        check_file(self.out, self.force)


@asks(BundleChoice)
def bundle_command(choice: BundleChoice) -> None:
    """Write everything of a run into one ZIP: inputs, scenario, tables, pictures, and a report that opens offline."""
    from shareshift.export.bundle.archive import write_archive
    from shareshift.export.bundle.contents import bundle_files
    from shareshift.export.bundle.inputs import Order, market_of, read_inputs, unpacked

    say("reading the market")
    inputs = read_inputs(choice.market)
    market = market_of(inputs, choice.as_of.date() if choice.as_of else None)
    with unpacked(inputs) as folder:
        scenario = choice.read_scenario(folder, market)
    order = Order(inputs=inputs, market=market, scenario=scenario, draws=choice.draws, seed=choice.seed)
    archive = write_archive(bundle_files(order, say))
    choice.out.parent.mkdir(parents=True, exist_ok=True)
    write_file(choice.out, archive)
