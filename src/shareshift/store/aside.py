"""A database set aside: moved with all its files into a folder beside, so that nothing of it is lost."""

import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path

# What belongs to one database: the file itself first, as a log without its file is noticed and a file without its
# log is not.
SIDES = ("", "-wal", "-shm", "-journal")


def sides(file: Path) -> list[Path]:
    """Return the file of a database and those that may stand beside it."""
    return [file.with_name(file.name + end) for end in SIDES]


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
