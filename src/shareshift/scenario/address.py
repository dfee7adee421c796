"""A scenario in the address bar, and back: exact, readable, and never another than the address says.

An address names where a draft set out (`scenario=full_exodus`, or `saved=ID&version=3`), every value that differs
from there (`growth=0.6`, `exit.google=1`, `excluded.surge=1`, `spend.google=2e8`, `horizon_months=24`, `title=...`;
`tables` stands for a value given back to the tables), and on which tables and version it was made
(`on=ab12cd34.0.1.0`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from shareshift.basics.formats import cut
from shareshift.basics.version import __version__
from shareshift.market.cell import NUMBER
from shareshift.market.market import Market
from shareshift.scenario.draft import Origin
from shareshift.scenario.pasted import CUT
from shareshift.scenario.scenario import WORDS, Scenario, scenario_faults
from shareshift.scenario.values import OVERRIDES, PLAIN, Value, flat, unflat

PRESET, SAVED, VERSION, MADE_ON, DRAFT = "scenario", "saved", "version", "on", "draft"
ABOUT = (PRESET, SAVED, VERSION, MADE_ON, DRAFT)
# What an address says beside the reader's scenario; the page that it belongs to reads it.
COMPARED, COMPARED_ON, AS_OF = "compare", "compare_on", "as_of"
FIGURE = "figure"
BESIDE = (COMPARED, COMPARED_ON, AS_OF, FIGURE)
# Some mail programs and chats cut longer addresses.
LONGEST = 1500
SHORT_DIGEST = 8
TABLES = "tables"
WHOLE = re.compile(r"[0-9]+", re.ASCII)
RELEASE = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}([.+]?[a-z0-9]{1,12})*", re.ASCII)
ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class MadeOn:
    """The tables and the version that a link was made on; `digest` is the start of the tables' digest."""

    digest: str
    version: str


def stamp(market: Market) -> str:
    """Return what a link says of the tables and the version it was made on."""
    return f"{market.digest[:SHORT_DIGEST]}.{__version__}"


def write_link(origin: Origin, start: Scenario, scenario: Scenario, market: Market) -> dict[str, str]:
    """Return the address parameters of a scenario; none for the baseline as the tables have it."""
    link = {}
    if origin.saved_id:
        link = {SAVED: origin.saved_id, VERSION: str(origin.version)}
    elif origin.preset != "baseline":
        link = {PRESET: origin.preset}
    before, after = flat(start), flat(scenario)
    for key in dict.fromkeys([*after, *before]):
        if after.get(key) != before.get(key) or type(after.get(key)) is not type(before.get(key)):
            link[key] = _text(after.get(key))
    return {**link, MADE_ON: stamp(market)} if link else {}


def is_short(link: Mapping[str, str]) -> bool:
    """Say whether an address is short enough to be passed on."""
    return len(urlencode(link)) <= LONGEST


def read_origin(query: Mapping[str, Sequence[str]], presets: Sequence[str]) -> tuple[Origin, list[str]]:
    """Return where the scenario of an address sets out, and a sentence for everything refused."""
    faults = [f"{key} is given {len(query[key])} times. Keep one." for key in ABOUT if len(query.get(key, ())) > 1]
    saved, version, preset = (query.get(key, [""])[0] for key in (SAVED, VERSION, PRESET))
    if any(len(query.get(key, ())) > 1 for key in (PRESET, SAVED, VERSION)):
        return Origin(), faults
    if saved or version:
        if not ID.fullmatch(saved):
            faults.append(f"saved={cut(saved)} is no name of a saved scenario. Copy the whole link.")
        elif not re.fullmatch(r"[1-9][0-9]{0,8}", version, re.ASCII):
            faults.append(f"version={cut(version)} is no version. Write a whole number from 1.")
        elif preset:
            faults.append(f"scenario={cut(preset)} stands beside a saved scenario. Keep one of the two.")
        else:
            return Origin(saved_id=saved, version=int(version)), faults
        return Origin(), faults
    if PRESET in query and preset not in presets:
        return Origin(), [*faults, f"scenario={cut(preset)} is not one of {', '.join(presets)}. Choose one of them."]
    return Origin(preset=preset or "baseline"), faults


def read_values(query: Mapping[str, Sequence[str]], start: Scenario, market: Market) -> tuple[Scenario, list[str]]:
    """Return the scenario of an address that sets out from `start`, and a sentence for every value refused.

    A refused value leaves what stands in `start` and takes no other value with it.
    """
    values, faults = flat(start), []
    for key, texts in query.items():
        if key in ABOUT or key in BESIDE:
            continue
        fault = _fault(key, texts, market)
        if fault:
            faults.append(fault)
        elif texts[0] == TABLES and key not in WORDS:
            values.pop(key, None)
        else:
            values[key] = _value(key, texts[0])
    return unflat(values), faults


def read_made_on(query: Mapping[str, Sequence[str]]) -> tuple[MadeOn | None, list[str]]:
    """Return the tables and version that an address was made on, where it says so, and what is wrong with them."""
    texts = query.get(MADE_ON, [])
    if len(texts) != 1:
        return None, []
    digest, _, version = texts[0].partition(".")
    if not re.fullmatch(rf"[0-9a-f]{{{SHORT_DIGEST},64}}", digest) or not RELEASE.fullmatch(version):
        said = f"on={cut(texts[0])} does not say on which tables and version the link was made"
        return None, [f"{said}: its end is missing. Copy the whole link."]
    return MadeOn(digest=digest, version=version), []


def is_current(made_on: MadeOn, market: Market) -> bool:
    """Say whether a link was made on the tables and the version that run here."""
    return market.digest.startswith(made_on.digest) and made_on.version == __version__


def _fault(key: str, texts: Sequence[str], market: Market) -> str:
    """Return what is wrong with one value of an address, or nothing."""
    word, dot, own = key.partition(".")
    known = key in PLAIN or key in market.parameters or (dot and own and word in OVERRIDES)
    if not known:
        return f"{cut(key)} is not a setting of this market. Remove it."
    if len(texts) != 1:
        return f"{cut(key)} is given {len(texts)} times. Keep one."
    if key in WORDS:
        return ""
    asked = f"{cut(key)}={cut(texts[0])}"
    if CUT.fullmatch(texts[0]):
        return f"{asked} is cut off behind its point. Copy the whole link."
    if texts[0] == TABLES:
        # A value given back cannot be wrong; what it belongs to can be gone.
        faults = scenario_faults(unflat({key: _example(key, market)}), market)
    else:
        value = _value(key, texts[0])
        if value is None:
            kind = "1 or 0" if _is_switch(key) else "a number"
            return f"{asked} is not {kind}. Write {kind}, or {TABLES}."
        faults = scenario_faults(unflat({key: value}), market)
    return f"{asked}: {faults[0]}" if faults else ""


def _value(key: str, text: str) -> Value:
    """Return a value from its text in an address; None where it is none."""
    if isinstance(PLAIN.get(key), str):
        return text
    if _is_switch(key):
        return {"1": True, "0": False}.get(text)
    if len(text) > 40 or not NUMBER.fullmatch(text):
        return None
    return int(text) if key in PLAIN and WHOLE.fullmatch(text) else float(text)


def _is_switch(key: str) -> bool:
    return key.startswith("excluded.") or isinstance(PLAIN.get(key), bool)


def _example(key: str, market: Market) -> Value:
    """Return a value that is in order wherever its customer, vendor or slider is."""
    if key in PLAIN:
        return PLAIN[key]
    if _is_switch(key):
        return False
    return market.parameters[key].range.central if key in market.parameters else 0.0


def _text(value: Value) -> str:
    if value is None:
        return TABLES
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str):
        return value
    # The shortest text that reads back as the same number.
    return repr(value).removesuffix(".0").replace("e+", "e")
