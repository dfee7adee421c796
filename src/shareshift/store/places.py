"""Where the store lives: the file or the server that is given, or that the environment names, and its words."""

import logging
import os
from pathlib import Path

import platformdirs
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from shareshift.store.errors import StoreError

URL_VARIABLE = "SHARESHIFT_DATABASE_URL"
FOLDER_VARIABLE = "SHARESHIFT_DATA"
FILE_NAME = "shareshift.db"
POSTGRESQL_NAMES = ("postgres", "postgresql", "postgresql+psycopg")


def find_url(given: str | None = None) -> URL:
    """Return where to keep things: as given, else as the environment says, else the file in the user's folder.

    `given` is the path of a file, a sqlite:/// or a postgresql:// address. Raises `StoreError`.
    """
    address = given or os.environ.get(URL_VARIABLE)
    if not address:
        folder = os.environ.get(FOLDER_VARIABLE)
        default = Path(folder) if folder else platformdirs.user_data_path("shareshift", appauthor=False)
        return _file_url(default / FILE_NAME)
    if "://" not in address:
        return _file_url(Path(address))
    try:
        url = make_url(address)
        backend, port = url.drivername, url.port
    except (ArgumentError, ValueError):
        backend, port = "", None
    # A bare @ in a password would make its end a part of the host, which is shown.
    if backend in POSTGRESQL_NAMES and (port is None or 0 < port < 65536) and address.count("@") <= 1:
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database and url.database != ":memory:" and not url.query:
        return _file_url(Path(url.database))
    # The address itself may hold a password, so it is not repeated.
    raise StoreError(
        f"The database address{'' if given else f' in {URL_VARIABLE}'} cannot be read. Write it as "
        "postgresql://user:password@host:5432/database, with special characters of the password percent-encoded."
    )


def file_of(url: URL) -> Path | None:
    """Return the file of a store that is one; None for a server."""
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def make_file(path: Path, shown: str) -> None:
    """Make an empty file and its folder where there is none, for its owner alone; raises `StoreError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # SQLite gives its side files the rights of the main one: what is drafted is nobody else's business.
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
    except OSError as error:
        reason = "a file stands where its folder should be" if path.parent.is_file() else error.strerror
        if shown != str(path):
            logging.getLogger(__name__).warning("%s: %s", path, reason)
        raise StoreError(
            f"{shown}: it cannot be opened ({reason}). Allow reading and writing in its folder, or name "
            f"another folder with {FOLDER_VARIABLE}. Nothing was changed."
        ) from error


def place_words(url: URL) -> str:
    """Return the words for a place; they hold no password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    named_host = url.query.get("host") or "the local socket"
    host = url.host or (named_host if isinstance(named_host, str) else ", ".join(named_host))
    port = f", port {url.port}" if url.port else ""
    return f"PostgreSQL database {url.database or url.username or ''} on {host}{port}"


def _file_url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path.expanduser().absolute()))
