"""`datapackage.json`: what every file of a bundle is, as Data Package version 2 says it (datapackage.org)."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import TypedDict

import polars as pl

from shareshift.basics.version import __version__
from shareshift.export.bundle.columns import column_words, key_columns
from shareshift.export.bundle.inputs import Order

Json = dict[str, object]
PROFILES = "https://datapackage.org/profiles/2.0"
MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "toml": "application/toml",
    "html": "text/html",
    "svg": "image/svg+xml",
    "png": "image/png",
    "txt": "text/plain",
}
TEXT = ("csv", "toml", "html", "svg", "txt")
APOSTROPHE = "An apostrophe in front of a text keeps spreadsheets from running it; take one away to have the text."


class Settings(TypedDict):
    """What decides over every byte of a bundle, as its description states it."""

    version: str
    digest: str
    as_of: str
    draws: int
    seed: int
    scenario: str


def datapackage(order: Order, files: Mapping[str, bytes], tables: Mapping[str, pl.DataFrame]) -> bytes:
    """Return the description of the files of a bundle, by path, as JSON; `tables` are the frames behind them."""
    package = {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": slug(f"shareshift-{order.market.title}-{order.scenario.title}"),
        "title": f"{order.market.title} – {order.scenario.title}",
        "description": order.scenario.note or order.market.event,
        "sources": _sources(order),
        "shareshift": settings(order),
        "resources": [_resource(order, path, data, tables) for path, data in sorted(files.items())],
    }
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def settings(order: Order) -> Settings:
    """Return what decides over every byte of the bundle."""
    return {
        "version": __version__,
        "digest": order.market.digest,
        "as_of": order.market.as_of.isoformat(),
        "draws": order.draws,
        "seed": order.seed,
        "scenario": order.scenario.title,
    }


def digest_of(data: bytes) -> str:
    """Return the hash of a file as the package names it."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def slug(words: str) -> str:
    """Return a name of small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:100] or "shareshift"


def _sources(order: Order) -> list[dict[str, str]]:
    rows = order.market.tables["sources"].iter_rows(named=True)
    return [
        {"title": f"{row['title']}, {row['publisher']}"}
        | ({"path": row["locator"]} if str(row["locator"] or "").startswith(("http://", "https://")) else {})
        for row in rows
    ]


def _resource(order: Order, path: str, data: bytes, tables: Mapping[str, pl.DataFrame]) -> Json:
    stem, _, kind = path.rpartition(".")
    resource: Json = {"name": slug(path), "path": path, "format": kind, "mediatype": MEDIA[kind]}
    if kind in TEXT:
        resource["encoding"] = "utf-8"
    resource |= {"bytes": len(data), "hash": digest_of(data)}
    if path.startswith("inputs/") and kind == "csv":
        return resource | {"type": "table", "schema": _input_schema(order, stem.removeprefix("inputs/"))}
    if path.startswith("tables/"):
        words = {"description": APOSTROPHE} if kind == "csv" else {}
        return resource | words | {"type": "table", "schema": _schema(tables[stem.removeprefix("tables/")])}
    return resource


def _schema(frame: pl.DataFrame) -> Json:
    fields = [{"name": name, **_type(dtype), "description": column_words(name)} for name, dtype in frame.schema.items()]
    return _with_key(fields, key_columns(frame)) | {"missingValues": [""]}


def _input_schema(order: Order, table: str) -> Json:
    from shareshift.market.schemas import SCHEMAS

    columns = SCHEMAS[table].to_schema().columns
    frame = order.market.tables[table]
    header = next(csv.reader(io.StringIO(order.inputs[f"{table}.csv"].decode("utf-8-sig"), newline="")))
    yes = {"trueValues": ["yes"], "falseValues": ["no"]}
    fields = [
        {"name": name, **_type(frame.schema[name]), **(yes if frame.schema[name] == pl.Boolean else {})}
        | {"description": columns[name].description or column_words(name)}
        for name in header
    ]
    unique = [name for name in header if columns[name].unique]
    return _with_key(fields, unique[:1]) | {"missingValues": [""]}


def _with_key(fields: Sequence[Mapping[str, object]], key: list[str]) -> Json:
    schema: Json = {"$schema": f"{PROFILES}/tableschema.json", "fields": fields}
    return schema | ({"primaryKey": key} if key else {})


def _type(dtype: pl.DataType) -> dict[str, str]:
    known = {pl.Date: "date", pl.Boolean: "boolean"}
    number = "integer" if dtype.is_integer() else "number" if dtype.is_float() else "string"
    return {"type": known.get(dtype.base_type(), number)}
