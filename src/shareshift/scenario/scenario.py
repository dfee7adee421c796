"""A scenario: a named diff against a market's tables, with round trips through TOML."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl
import tomli_w

from shareshift.basics.errors import ScenarioError
from shareshift.basics.formats import cut
from shareshift.basics.near import meant, meant_of
from shareshift.market.config import MAX_HORIZON_MONTHS
from shareshift.market.market import Market
from shareshift.market.parameter_records import PARAMETERS
from shareshift.market.reading import read_text
from shareshift.market.second_choices import matrix_faults
from shareshift.scenario.forms import DEFAULT_FORM, FORMS, MATRIX

WORDS = ("title", "note", "author", "source", "baseline")
CUSTOMER_LIMITS: dict[str, tuple[float, float]] = {"exit": (0.0, 1.0), "spend_usd_per_year": (0.0, 1e13)}
VENDOR_LIMITS: dict[str, tuple[float, float]] = {"excluded": (0.0, 1.0)}
VENDOR_LIMITS |= {name: PARAMETERS[name].limits for name in ("slack", "capacity_growth")}
Overrides = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What differs from the baseline; the empty scenario is the baseline.

    `parameters` moves a slider's central value (its range moves along); `customers` sets a customer's `exit`
    probability or `spend_usd_per_year` at the incumbent, `vendors` a rival's `excluded`, `slack` or
    `capacity_growth`, each as a fixed number; `horizon_months` replaces the market's. `form` says how displaced
    money chooses among rivals, `capacity` whether they can be full.
    """

    title: str = "Baseline"
    note: str = ""
    author: str = ""
    source: str = ""
    baseline: str = ""
    horizon_months: int | None = None
    form: str = DEFAULT_FORM
    capacity: bool = True
    parameters: Mapping[str, float] = field(default_factory=dict)
    customers: Overrides = field(default_factory=dict)
    vendors: Overrides = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze the overrides, in the order of their keys."""
        object.__setattr__(self, "parameters", _frozen(self.parameters))
        for name in ("customers", "vendors"):
            nested = {key: _frozen(value) for key, value in getattr(self, name).items() if value}
            object.__setattr__(self, name, MappingProxyType(dict(sorted(nested.items()))))

    def __hash__(self) -> int:
        """Hash what the scenario says."""
        return hash(self.key)

    @property
    def key(self) -> str:
        """The scenario as canonical JSON, for caches and digests."""
        return json.dumps(self.to_dict(), sort_keys=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the diff as plain values, empty parts left out."""
        words = {name: getattr(self, name) for name in WORDS if getattr(self, name) or name == "title"}
        horizon = {} if self.horizon_months is None else {"horizon_months": self.horizon_months}
        settings = ({} if self.form == DEFAULT_FORM else {"form": self.form}) | (
            {} if self.capacity is True else {"capacity": self.capacity}
        )
        parts: dict[str, Any] = {
            "parameters": dict(self.parameters),
            "customers": {key: dict(value) for key, value in self.customers.items()},
            "vendors": {key: dict(value) for key, value in self.vendors.items()},
        }
        return words | horizon | settings | {name: part for name, part in parts.items() if part}

    def to_toml(self) -> str:
        """Return the scenario as the text of a TOML file."""
        return tomli_w.dumps(self.to_dict())

    def with_parameters(self, **values: float) -> "Scenario":
        """Return the scenario with some sliders set to other values, under the same title."""
        return replace(self, parameters={**self.parameters, **values})

    def changed(self, **values: float) -> "Scenario":
        """Return the scenario with some sliders set to other values, and a title that says so."""
        moved = ", ".join(f"{name} {value:g}" for name, value in values.items())
        return replace(self.with_parameters(**values), title=f"{self.title}, with {moved}", baseline=self.title)


def read_scenario(text: str, market: Market, *, file: str = "scenario") -> Scenario:
    """Read a scenario from the text of a TOML file and check it against a market.

    Raises `ScenarioError` naming everything the market does not know or allow.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{file}: is no TOML ({str(error)[:100]}). Mend the line.") from None
    return scenario_from(content, market, file=file)


def scenario_from(content: Mapping[str, Any], market: Market, *, file: str = "scenario") -> Scenario:
    """Build a scenario from plain values and check it against a market; raises `ScenarioError`."""
    fields = {*WORDS, "horizon_months", "form", "capacity", "parameters", "customers", "vendors"}
    faults = [f"{k} is no part of a scenario. {meant(k, fields, 'Remove it.')}" for k in content if k not in fields]
    faults += [
        f"{key} is not text. Put it in quotes." for key in (*WORDS, "form") if not isinstance(content.get(key, ""), str)
    ]
    for name in ("parameters", "customers", "vendors"):
        part = content.get(name, {})
        nested = name != "parameters"
        if not isinstance(part, Mapping) or (nested and not all(isinstance(v, Mapping) for v in part.values())):
            example = f"[{name}.{'google' if name == 'customers' else 'surge'}]" if nested else "[parameters]"
            faults.append(f"{name} is not a table. Write it under a heading such as {example}.")
    if faults:
        raise ScenarioError("\n".join(f"{file}: {fault}" for fault in faults))
    return checked(Scenario(**{key: content[key] for key in fields if key in content}), market, file=file)


def checked(scenario: Scenario, market: Market, *, file: str = "scenario") -> Scenario:
    """Return a scenario that fits a market; raises `ScenarioError` naming all that does not."""
    if faults := scenario_faults(scenario, market):
        raise ScenarioError("\n".join(f"{file}: {fault}" for fault in faults))
    return scenario


def scenario_faults(scenario: Scenario, market: Market) -> list[str]:
    """Return a sentence for everything in a scenario that the market does not know or allow."""
    faults, sliders = [], market.parameters
    for key, value in scenario.parameters.items():
        if key in sliders:
            faults += _number_faults(key, value, sliders[key].minimum, sliders[key].maximum)
        else:
            faults.append(f"{key} is no parameter of this market. {meant_of(key, sliders, 'The parameters are')}")
    for part, limits in (("customers", CUSTOMER_LIMITS), ("vendors", VENDOR_LIMITS)):
        known = set(market.tables[part][part.removesuffix("s") + "_id"])
        for key, values in getattr(scenario, part).items():
            if key not in known:
                faults.append(f"{part}.{key} is not in {part}.csv. {meant_of(key, sorted(known), 'It has')}")
            elif part == "vendors" and key == market.incumbent:
                faults.append(f"vendors.{key} is the incumbent. Only rivals can be excluded or given capacity.")
            for name, value in values.items():
                if name in limits:
                    faults += _number_faults(f"{part}.{key}.{name}", value, *limits[name])
                else:
                    faults.append(f"{part}.{key}.{name} cannot be set. {meant_of(name, limits, 'Set one of')}")
    remainder = market.tables["customers"].row(by_predicate=pl.col("is_remainder"), named=True)["customer_id"]
    if "spend_usd_per_year" in scenario.customers.get(remainder, {}):
        faults.append(f"customers.{remainder}.spend_usd_per_year is the remainder and follows from the others.")
    horizon = scenario.horizon_months
    if horizon is not None and (type(horizon) is not int or not 1 <= horizon <= MAX_HORIZON_MONTHS):
        faults.append(f"horizon_months {horizon} is not a whole number from 1 to {MAX_HORIZON_MONTHS}.")
    return faults + _form_faults(scenario, market)


def _form_faults(scenario: Scenario, market: Market) -> list[str]:
    faults = []
    if scenario.form not in FORMS:
        known = meant_of(str(scenario.form), FORMS, "Choose one of")
        faults.append(f"form {cut(str(scenario.form))} is no form of the model. {known}")
    if not isinstance(scenario.capacity, bool):
        faults.append(f"capacity is {scenario.capacity}. Write true or false.")
    return faults + (matrix_faults(market) if scenario.form == MATRIX else [])


def read_scenarios(folder: Path | str, market: Market) -> dict[str, Scenario]:
    """Return the market's own scenarios by file name, in the order of their names, the baseline first."""
    files = sorted((Path(folder) / "scenarios").glob("*.toml"), key=lambda path: (path.stem != "baseline", path.stem))
    return {path.stem: read_scenario(read_text(path), market, file=path.name) for path in files}


def _frozen(values: Mapping[str, float]) -> Mapping[str, float]:
    return MappingProxyType({key: _plain(key, value) for key, value in sorted(values.items())})


def _plain(key: str, value: float) -> float:
    """Return a number in its one form, so that equal scenarios have one key; what is no number stays to be named."""
    if key == "excluded":
        return bool(value) if value in (0, 1) else value
    # Adding zero turns the negative zero, which equals the other, into it.
    return float(value) + 0.0 if isinstance(value, int | float) and not isinstance(value, bool) else value


def _number_faults(name: str, value: object, least: float, most: float) -> list[str]:
    if isinstance(value, bool):
        return [] if name.endswith(".excluded") else [f"{name} is {str(value).lower()}. Give a number."]
    if not isinstance(value, int | float):
        return [f"{name} is not a number. Give one from {least:g} to {most:g}."]
    if name.endswith(".excluded"):
        return [f"{name} is {value:g}. Write true or false."]
    # NaN fails both comparisons and is refused here too.
    return [] if least <= value <= most else [f"{name} is {value:g}. Give a number from {least:g} to {most:g}."]
