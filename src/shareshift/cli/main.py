"""The command line as a whole: every command under its name, and one sentence for whatever a reader can mend."""

import sys

import typer

from shareshift.basics.errors import ShareshiftError
from shareshift.cli.bundle import bundle_command
from shareshift.cli.calibrate import calibrate_command
from shareshift.cli.changed import changed_command
from shareshift.cli.claims import claims_command
from shareshift.cli.compare import compare_command
from shareshift.cli.drivers import drivers_command
from shareshift.cli.forms import forms_command
from shareshift.cli.freeze import freeze_command
from shareshift.cli.project import project_command
from shareshift.cli.reproduce import reproduce_command
from shareshift.cli.score import score_command
from shareshift.cli.serve import serve_command
from shareshift.cli.store import store_app
from shareshift.cli.validate import validate_command
from shareshift.cli.version import version_option

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback(invoke_without_command=True)(version_option)
app.command(name="validate")(validate_command)
app.command(name="project")(project_command)
app.command(name="claims")(claims_command)
app.command(name="compare")(compare_command)
app.command(name="drivers")(drivers_command)
app.command(name="forms")(forms_command)
app.command(name="bundle")(bundle_command)
app.command(name="reproduce")(reproduce_command)
app.command(name="score")(score_command)
app.command(name="freeze")(freeze_command)
app.command(name="changed")(changed_command)
app.command(name="calibrate")(calibrate_command)
app.command(name="serve")(serve_command)
app.add_typer(store_app, name="store")


def main() -> None:
    """Run the command line; what a reader can mend goes to standard error, with exit code 2."""
    try:
        app()
    except ShareshiftError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except OSError as error:
        # What a pipe or a terminal refuses bears no name.
        place = error.filename or "standard output"
        typer.echo(f"{place}: {error.strerror}. Choose another place or change its permissions.", err=True)
        sys.exit(2)
