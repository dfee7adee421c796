"""`shareshift --version`."""

from typing import Annotated

import typer

from shareshift.basics.version import __version__


def version_option(
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version.")] = False,
) -> None:
    """Where a shaken vendor's money goes: check a market's tables, project, and write the results."""
    if version:
        typer.echo(f"shareshift {__version__}")
        raise typer.Exit
