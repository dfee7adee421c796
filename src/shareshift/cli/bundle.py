"""`shareshift bundle` and `shareshift reproduce`: everything of a run in one file, and the proof of it."""

from pathlib import Path
from typing import Annotated

import typer

from shareshift.basics.errors import ShareshiftError
from shareshift.cli.options import (
    AsOfOption,
    DrawsOption,
    Folder,
    ScenarioOption,
    SeedOption,
    SetOption,
    choose_scenario,
    say,
    write_file,
)
from shareshift.market.parameters import DEFAULT_DRAWS

OutFile = Annotated[Path, typer.Option("--out", metavar="FILE.zip", help="The bundle; its folder is made if need be.")]
BundleFile = Annotated[Path, typer.Argument(metavar="FILE.zip", help="A bundle that `shareshift bundle` wrote.")]
DIFFERS = 1


def bundle_command(
    market: Folder,
    out: OutFile,
    scenario: ScenarioOption = "baseline",
    changes: SetOption = None,
    draws: DrawsOption = DEFAULT_DRAWS,
    seed: SeedOption = 0,
    as_of: AsOfOption = None,
) -> None:
    """Write everything of a run into one ZIP: inputs, scenario, tables, pictures, and a report that opens offline."""
    from shareshift.export.bundle.archive import write_archive
    from shareshift.export.bundle.contents import bundle_files
    from shareshift.export.bundle.inputs import Order, market_of, read_inputs, unpacked

    say("reading the market")
    inputs = read_inputs(market)
    checked = market_of(inputs, as_of.date() if as_of else None)
    with unpacked(inputs) as folder:
        chosen = choose_scenario(folder, checked, scenario, changes or [])
    order = Order(inputs=inputs, market=checked, scenario=chosen, draws=draws, seed=seed)
    archive = write_archive(bundle_files(order, say))
    out.parent.mkdir(parents=True, exist_ok=True)
    write_file(out, archive)


def reproduce_command(bundle: BundleFile) -> None:
    """Reckon a bundle again from the files inside it and say whether every byte agrees.

    Ends with 0 when everything agrees, 1 when something differs, 2 when the bundle cannot be read.
    """
    from shareshift.export.bundle.reproduce import reproduce

    if not bundle.is_file():
        raise ShareshiftError(f"{bundle}: is no file. Name a bundle that `shareshift bundle` wrote.")
    verdict = reproduce(bundle.read_bytes(), bundle.name, say)
    for sentence in verdict.sentences():
        typer.echo(sentence)
    if not verdict.agrees:
        raise typer.Exit(DIFFERS)
