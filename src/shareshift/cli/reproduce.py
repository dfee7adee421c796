"""`shareshift reproduce`: the proof that a bundle holds what its inputs come to."""

from pathlib import Path
from typing import Annotated

import typer

from shareshift.basics.errors import ShareshiftError
from shareshift.cli.output import say

DIFFERS = 1


def reproduce_command(
    bundle: Annotated[Path, typer.Argument(metavar="FILE.zip", help="A bundle that `shareshift bundle` wrote.")],
) -> None:
    """Run a bundle again from the files inside it: the same bit for bit, the same to 1e-12, or different.

    Ends with 0 when everything agrees, or does to 1e-12 as on another processor, 1 when something differs, 2 when the
    bundle cannot be read.
    """
    from shareshift.export.bundle.reproduce import reproduce

    if not bundle.is_file():
        raise ShareshiftError(f"{bundle}: is no file. Name a bundle that `shareshift bundle` wrote.")
    verdict = reproduce(bundle.read_bytes(), bundle.name, say)
    for sentence in verdict.sentences():
        typer.echo(sentence)
    if not (verdict.agrees or verdict.is_near):
        raise typer.Exit(DIFFERS)
