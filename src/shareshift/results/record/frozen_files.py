"""Frozen projections as files: written once, never replaced, and refused where one was changed."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from shareshift.basics.errors import ShareshiftError
from shareshift.basics.files import write_whole
from shareshift.results.record.frozen import ENDING, LEVELS, Frozen, digest_of

# Where a market keeps its own.
FOLDER = "frozen"


def write_frozen(frozen: Frozen, place: Path) -> Path:
    """Write a frozen projection into a folder, or under a name that ends in .json, and return where it is.

    Raises `ShareshiftError` where another file stands there: what is frozen is never replaced.
    """
    file = place if place.suffix == ".json" else place / frozen.name
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in frozen.content["figures"])
    rest = json.dumps({**frozen.content, "digest": frozen.digest, "figures": []}, indent=1)
    data = rest.replace('"figures": []', f'"figures": [\n{rows}\n]').encode()
    if file.exists() and file.read_bytes() != data:
        raise ShareshiftError(f"{file}: it is there already, and what is frozen is never replaced. Name another file.")
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, data)
    return file


def read_frozen(file: Path) -> Frozen:
    """Return what a file holds; raises `ShareshiftError` where it is none, or not what was frozen."""
    try:
        content = json.loads(file.read_text("utf-8"))
        told = content.pop("digest")
        found = _from(content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ShareshiftError(f"{file.name}: it is no frozen projection. Name a file that “freeze” wrote.") from error
    named = file.name.endswith(ENDING) and file.name != found.name
    if told != digest_of(content) or named:
        raise ShareshiftError(
            f"{file.name}: it was changed after it was frozen: its digest is not that of what it says. It is not "
            "scored; put the file back as it was."
        )
    return found


def frozen_files(place: Path) -> list[Path]:
    """Return the frozen projections of a folder by name, or the file itself."""
    return sorted(place.glob(f"*{ENDING}")) if place.is_dir() else [place]


def _from(content: Mapping[str, Any]) -> Frozen:
    rows = {(str(m), str(one), int(month)): tuple(map(float, ends)) for m, one, month, *ends in content["figures"]}
    read: dict[str, Any] = {name: date.fromisoformat(content[name]) for name in ("as_of", "frozen_on", "start")}
    read |= {name: tuple(map(str, content[name])) for name in ("vendors", "customers")}
    read |= {name: int(content[name]) for name in ("draws", "seed", "months")}
    read |= {name: str(content[name]) for name in ("market", "market_digest", "title", "scenario", "version")}
    if tuple(content["levels"]) != LEVELS:
        raise ValueError(content["levels"])
    return Frozen(**read, figures=rows)
