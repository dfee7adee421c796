"""A database set aside: moved with all its files into a folder beside, so that nothing of it is lost."""

import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from shareshift.store.errors import StoreError
from shareshift.store.places import FILE_NAME

HEADER = b"SQLite format 3\0"
# What belongs to one database: the file itself first, as a log without its file is noticed and a file without its
# log is not.
SIDES = ("", "-wal", "-shm", "-journal")


def sides(file: Path) -> list[Path]:
    """Return the file of a database and those that may stand beside it."""
    return [file.with_name(file.name + end) for end in SIDES]


def lost_its_file(file: Path) -> bool:
    """Say whether a log holds what was saved, while the file that it belongs to is gone or empty.

    SQLite would delete such a log. A new database never looks like that, as its file is written before its log.
    """
    log = file.with_name(f"{file.name}-wal")
    return log.exists() and log.stat().st_size > 0 and not (file.exists() and file.stat().st_size > 0)


def check_whole(file: Path) -> None:
    """Raise `StoreError` where opening a database would delete its log."""
    if lost_its_file(file):
        raise StoreError(
            f"{file}: it is empty or gone, while its log {file.name}-wal holds what was saved. Put the file back that "
            "belongs to the log; the next start of the dashboard moves both aside and keeps them. Nothing was changed."
        )


def looks_like_ours(file: Path) -> bool:
    """Say whether a file that cannot be read may be moved: it is where the store is kept, or was a database once."""
    with file.open("rb") as start:
        return file.name == FILE_NAME or start.read(len(HEADER)) == HEADER


def set_aside(file: Path, why: str) -> Path:
    """Move a database with all its files into a folder of their own beside it, and return the folder."""
    stem = f"{file.name}.{why}-{datetime.now():%Y-%m-%d-%H%M%S}"
    folder = file.with_name(stem)
    if folder.exists():
        folder = file.with_name(f"{stem}-{secrets.token_hex(2)}")
    folder.mkdir(mode=0o700)
    for side in sides(file):
        with suppress(FileNotFoundError):
            side.replace(folder / side.name)
    return folder
