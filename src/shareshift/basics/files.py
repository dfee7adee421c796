"""Files that appear whole or not at all: written beside their place, then moved into it."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shareshift.basics.errors import ShareshiftError

NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def write_whole(path: Path, data: bytes) -> None:
    """Write a file; what stood there before stays as it was unless all of the new one arrives.

    Raises `ShareshiftError` where the disk is full, and `OSError` with the file's own name where it cannot be written.
    """
    with _named(path):
        if path.exists() and not path.is_file():
            # A device or a pipe takes bytes and cannot be replaced; a folder refuses by itself.
            path.write_bytes(data)
            return
        with replacing(path) as beside, beside.open("xb") as file:
            file.write(data)
            file.flush()
            # Otherwise a power cut could leave the new name on an empty file.
            os.fsync(file.fileno())


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a free name beside a file; what is written there takes the file's place at the end, or goes."""
    # A link to the file goes on pointing to it.
    place = Path(os.path.realpath(path))
    beside = place.with_name(f".shareshift-{secrets.token_hex(6)}.part")
    try:
        with _named(path):
            yield beside
            if place.exists():
                beside.chmod(place.stat().st_mode & 0o777)
            beside.replace(place)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise ShareshiftError(
                f"{path}: the disk is full. Free some space, then try again. What was at that place is as it was."
            ) from error
        # The name beside means nothing to whoever asked for the file.
        raise OSError(error.errno, error.strerror, str(path)) from error
