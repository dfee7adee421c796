"""Run a bundle again from the files inside it, and say of every file whether it agrees, and how nearly."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from shareshift.basics.errors import DataError, ScenarioError
from shareshift.basics.version import __version__
from shareshift.export.bundle.archive import BundleError, read_archive
from shareshift.export.bundle.contents import Files, bundle_files
from shareshift.export.bundle.datapackage import Settings, digest_of
from shareshift.export.bundle.difference import difference
from shareshift.export.bundle.inputs import CONFIG, Order, is_input, market_of
from shareshift.export.bundle.nearness import is_near
from shareshift.market.market import TABLES
from shareshift.market.parameters import MAX_DRAWS
from shareshift.scenario.scenario import read_scenario

SAME = "Verdict: the same, bit for bit."
NEAR = "Verdict: the same to 1e-12. Another processor or system library rounds the last digits another way."
DIFFERENT = "Verdict: different."
DESCRIPTION, SCENARIO, INPUTS = "datapackage.json", "scenario.toml", "inputs/"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of recomputing a bundle.

    `warnings` say what is another here than where the bundle was made; `files` maps every path to None where each
    byte agrees, else to a sentence about how it differs. `near` are those that differ no more than two processors do.
    """

    warnings: tuple[str, ...]
    files: Mapping[str, str | None]
    near: frozenset[str] = frozenset()

    @property
    def agrees(self) -> bool:
        """Whether every byte of every file agrees."""
        return not any(self.files.values())

    @property
    def is_near(self) -> bool:
        """Whether tables differ, and they and whatever follows from them agree to 1e-12, as on another processor."""
        wrong = {path for path, words in self.files.items() if words}
        return wrong <= self.near and not wrong.isdisjoint(self.tables)

    @property
    def tables(self) -> Mapping[str, str | None]:
        """The verdict on the tables alone, CSV and Parquet."""
        return {path: words for path, words in self.files.items() if path.startswith("tables/")}

    def sentences(self) -> list[str]:
        """Return the verdict in words: warnings, what differs, how much agrees, and what that comes to."""
        tables, others = self.tables, {p: w for p, w in self.files.items() if p not in self.tables}
        lines = list(self.warnings)
        for kind, found in (("table file", tables), ("other file", others)):
            wrong = {path: words for path, words in found.items() if words}
            lines += [f"{path}: {words}" for path, words in wrong.items() if path not in self.near]
            count, right, near = len(found), len(found) - len(wrong), len(self.near & wrong.keys())
            agree = "agree" if right != 1 else "agrees"
            also = f", {near} more to 1e-12" if near else ""
            lines.append(f"{right} of {count} {kind}{'s' if count != 1 else ''} {agree} to the last byte{also}.")
        return [*lines, SAME if self.agrees else NEAR if self.is_near else DIFFERENT]


def reproduce(data: bytes, name: str, tell: Callable[[str], None] = lambda _: None) -> Verdict:
    """Compute a bundle again and compare every file.

    Raises `BundleError` with everything that keeps it from being read, `DataError` or `ScenarioError` when the inputs
    inside break their rules.
    """
    tell(f"reading {name}")
    files = read_archive(data, name)
    stated, listed = _described(files, name)
    order = _order(files, stated, name)
    warnings = _warnings(order, stated, files, listed)
    again = bundle_files(order, tell)
    near = frozenset(path for path in files.keys() & again.keys() if is_near(path, files[path], again[path]))
    return Verdict(warnings=tuple(warnings), files=_compared(files, again), near=near)


def _compared(files: Files, again: Files) -> dict[str, str | None]:
    missing = dict.fromkeys(again.keys() - files.keys(), "is missing from the bundle")
    besides = dict.fromkeys(files.keys() - again.keys(), "is in the bundle, but is no part of it")
    both = {path: difference(path, files[path], again[path]) for path in files.keys() & again.keys()}
    return dict(sorted((both | missing | besides).items()))


def _described(files: Files, name: str) -> tuple[Settings, dict[str, str]]:
    """Return what the bundle says of its making, and the hash that it states of every file."""
    needed = [DESCRIPTION, SCENARIO, INPUTS + CONFIG, *(f"{INPUTS}{table}.csv" for table in TABLES)]
    faults = [f"{path} is missing. Take the whole bundle as it was written." for path in needed if path not in files]
    faults += [
        f"{path} is no input of a market. Remove it."
        for path in files
        if path.startswith(INPUTS) and not is_input(path.removeprefix(INPUTS))
    ]
    stated: Settings
    listed: dict[str, str] = {}
    if DESCRIPTION in files:
        try:
            package = json.loads(files[DESCRIPTION])
            stated = package["shareshift"]
            listed = {str(item["path"]): str(item["hash"]) for item in package["resources"]}
            wrong = [key for key, kind in Settings.__annotations__.items() if type(stated.get(key)) is not kind]
            faults += [f"{DESCRIPTION} does not say {key}. Take the bundle as it was written." for key in wrong]
            faults += _range_faults(stated) if not wrong else []
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            faults.append(f"{DESCRIPTION} cannot be read. Take the bundle as it was written.")
    if faults:
        raise BundleError("\n".join(f"{name}: {fault}" for fault in faults))
    return stated, listed


def _range_faults(stated: Settings) -> list[str]:
    faults = []
    if not 1 <= stated["draws"] <= MAX_DRAWS:
        faults.append(f"{DESCRIPTION} asks for {stated['draws']} simulations. Give 1 to {MAX_DRAWS:,}.")
    if stated["seed"] < 0:
        faults.append(f"{DESCRIPTION} gives the seed {stated['seed']}. Give 0 or more.")
    try:
        date.fromisoformat(stated["as_of"])
    except ValueError:
        faults.append(f"{DESCRIPTION} gives no date up to which evidence counts. Write it as 2025-06-30.")
    return faults


def _order(files: Files, stated: Settings, name: str) -> Order:
    inputs = {path.removeprefix(INPUTS): data for path, data in files.items() if path.startswith(INPUTS)}
    try:
        market = market_of(inputs, date.fromisoformat(stated["as_of"]))
        scenario = read_scenario(files[SCENARIO].decode(), market, file=SCENARIO)
    except UnicodeDecodeError:
        raise BundleError(f"{name}: {SCENARIO} is not UTF-8. Take the bundle as it was written.") from None
    except (DataError, ScenarioError) as error:
        raise BundleError(f"{name}: the inputs inside cannot be run.\n{error}") from None
    return Order(inputs=inputs, market=market, scenario=scenario, draws=stated["draws"], seed=stated["seed"])


def _warnings(order: Order, stated: Settings, files: Files, listed: Mapping[str, str]) -> list[str]:
    warnings = []
    if stated["version"] != __version__:
        warnings.append(
            f"This bundle was written by Shareshift {stated['version']}; this is {__version__}. Numbers may differ."
        )
    changed = [path for path, data in files.items() if path in listed and listed[path] != digest_of(data)]
    inputs = [path for path in changed if path.startswith(INPUTS) or path == SCENARIO]
    told = "Changed since the bundle was written: {}."
    if inputs:
        warnings.append(told.format(", ".join(inputs)))
    if order.market.digest != stated["digest"]:
        warnings.append(
            f"The inputs inside are not those the bundle was computed from: their digest is "
            f"{order.market.digest[:12]}, and {stated['digest'][:12]} is stated."
        )
    if results := [path for path in changed if path not in inputs]:
        warnings.append(told.format(", ".join(results)))
    return warnings
