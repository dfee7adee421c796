"""The scenario that a command line describes: by its name or file, with sliders moved, in another form."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from shareshift.basics.errors import ScenarioError
from shareshift.basics.near import meant_of
from shareshift.market.market import Market
from shareshift.market.reading import read_text
from shareshift.scenario.forms import form_label
from shareshift.scenario.scenario import Scenario, read_scenario, read_scenarios, scenario_faults


def find_scenario(folder: Path, market: Market, name: str) -> Scenario:
    """Return the scenario of a name or of a file; raises `ScenarioError` where there is none."""
    own = read_scenarios(folder, market)
    if name in own:
        return own[name]
    if name == "baseline":
        return Scenario()
    file = Path(name)
    if file.is_file():
        return read_scenario(read_text(file), market, file=file.name)
    known = meant_of(name, {"baseline": None, **own}, "It has")
    raise ScenarioError(f"{name} is neither a scenario of this market nor a file. {known}")


def with_changes(scenario: Scenario, market: Market, changes: Sequence[str]) -> Scenario:
    """Return a scenario with sliders moved, each change a PARAMETER=VALUE; raises `ScenarioError` with all faults."""
    return _sound(scenario.changed(**_moved(changes)), market) if changes else scenario


def in_form(scenario: Scenario, market: Market, form: str | None, capacity: bool | None) -> Scenario:
    """Return a scenario in another form, with a title that says so; raises `ScenarioError` where there is none."""
    wanted = replace(
        scenario,
        form=scenario.form if form is None else form,
        capacity=scenario.capacity if capacity is None else capacity,
    )
    if wanted == scenario:
        return scenario
    label = form_label(_sound(wanted, market).form, wanted.capacity)
    return replace(wanted, title=f"{scenario.title}, {label[0].lower()}{label[1:]}", baseline=scenario.title)


def _sound(scenario: Scenario, market: Market) -> Scenario:
    if faults := scenario_faults(scenario, market):
        raise ScenarioError("\n".join(faults))
    return scenario


def _moved(changes: Sequence[str]) -> dict[str, float]:
    values = {}
    faults = []
    for text in changes:
        name, equals, value = (part.strip() for part in text.partition("="))
        try:
            values[name] = float(value)
        except ValueError:
            what = "is not PARAMETER=VALUE" if not equals else f"gives {name} no number"
            faults.append(f"--set {text} {what}. Write --set growth=0.4.")
            continue
        if math.isinf(values[name]):
            faults.append(f"--set {text} gives {name} a number too large to compute with. Write --set growth=0.4.")
        elif math.isnan(values[name]):
            faults.append(f"--set {text} gives {name} no number. Write --set growth=0.4.")
    if faults:
        raise ScenarioError("\n".join(faults))
    return values
