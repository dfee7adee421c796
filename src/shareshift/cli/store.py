"""`shareshift store`: what was saved, copied, checked, written as files, and put back."""

import re
from pathlib import Path
from typing import Annotated

import polars as pl
import tomli_w
import typer

from shareshift.cli.output import say, write_file
from shareshift.export import write_csv

DAMAGED = 2
INDEX = {
    "file": pl.String, "title": pl.String, "version": pl.Int64, "newest_version": pl.Int64, "archived": pl.Boolean,
    "market_name": pl.String, "saved_at": pl.String, "author": pl.String, "note": pl.String, "owner": pl.String,
    "scenario_id": pl.String, "restored_from": pl.Int64, "forked_from": pl.String, "forked_version": pl.Int64,
    "market_digest": pl.String, "engine_version": pl.String,
}  # fmt: skip
Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]

store_app = typer.Typer(no_args_is_help=True, help="Saved scenarios and drafts: copy, check, write as files, put back.")


@store_app.command(name="backup")
def backup_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy; its folder is made if need be.")],
    force: Force = False,
) -> None:
    """Copy everything that is saved into one file, also while the dashboard runs."""
    from shareshift.store.backup import back_up

    back_up(file, force=force)
    typer.echo(str(file))


@store_app.command(name="check")
def check_command(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A backup; else the store itself.", show_default=False)
    ] = None,
) -> None:
    """Read every saved scenario and draft, and name what is damaged; ends with 2 where something is."""
    from shareshift.store.checking import check_store

    found = check_store(None if file is None else str(file.absolute()))
    counted = ", ".join(f"{count} {name[:-1] if count == 1 else name}" for name, count in found.counts.items())
    typer.echo(f"{found.place}\n{counted}")
    for fault in found.faults:
        typer.echo(fault, err=True)
    if found.faults:
        raise typer.Exit(DAMAGED)
    typer.echo("No faults found.")


@store_app.command(name="export")
def export_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder for the files.")],
    force: Force = False,
) -> None:
    """Write every version of every saved scenario as a TOML file, and index.csv; drafts stay where they are."""
    from shareshift.store.checking import looking_into
    from shareshift.store.errors import StoreError
    from shareshift.store.exporting import every_version

    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise StoreError(f"{folder}: the folder is not empty. Name another one, or give --force.")
    rows, damaged = [], []
    with looking_into() as database:
        folder.mkdir(parents=True, exist_ok=True)
        for one in every_version(database):
            if isinstance(one, str):
                damaged.append(one)
                continue
            file = f"{_plain(one['title'])}-{one['scenario_id'][:12]}-v{one['number']}.toml"
            write_file(folder / file, tomli_w.dumps(one["content"]).encode())
            told = {"file": file, "version": one["number"], "saved_at": one["saved_at"].isoformat()}
            rows.append({name: (one | told)[name] for name in INDEX})
    write_file(folder / "index.csv", write_csv(pl.DataFrame(rows, schema=INDEX)))
    for sentence in damaged:
        say(sentence)
    if damaged:
        raise typer.Exit(DAMAGED)


@store_app.command(name="restore")
def restore_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `shareshift store backup` wrote.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also where a store is; it is kept in a folder beside.")
    ] = False,
) -> None:
    """Put a backup in place of the store; end the dashboard first."""
    from shareshift.store.opening import open_store
    from shareshift.store.restore import put_back

    kept = put_back(file, force=force)
    with open_store() as store:
        typer.echo(store.place)
    if kept:
        say(f"what was there before is in {kept}")


def _plain(title: str) -> str:
    """Return a title as a part of a file's name that every system takes."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower())[:40].strip("-") or "scenario"
