"""A parameter is one record: the engine's limits, the default of a market that gives none, and where it belongs."""

import math

import pytest

from shareshift.basics.vocabulary import GROUPS, UNITS
from shareshift.market.market import read_market
from shareshift.market.parameter_records import PARAMETERS, ParameterRecord
from shareshift.market.parameters import Parameter
from shareshift.market.schemas import Parameters
from shareshift.model.draws.points import SOBOL_NAMES
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import build_inputs
from shareshift.model.keys import InputKey
from shareshift.results.projection import project
from shareshift.scenario.forms import FORMS
from shareshift.scenario.scenario import Scenario
from support.places import TINY

pytestmark = pytest.mark.usefixtures("quick_reading")
each = pytest.mark.parametrize("name", PARAMETERS)


@each
def test_the_default_is_a_row_that_a_market_may_give(name):
    record, row = PARAMETERS[name], Parameter.from_row(PARAMETERS[name].row(name))
    assert record.limits[0] <= row.minimum <= row.range.low <= row.range.central <= row.range.high
    assert row.range.high <= row.maximum <= record.limits[1]
    assert (row.range.low == row.range.high) == (row.range.distribution == "fixed")
    steps = (row.range.central - row.minimum) / row.step
    assert math.isclose(steps, round(steps), abs_tol=1e-6)
    assert row.group in GROUPS
    assert (row.source_id, row.grade) == ("assumption", "F6")
    assert row.reason.endswith(".")
    assert set(record.row(name)) == set(Parameters.to_schema().columns) - {"line"}


@each
def test_forms_hold_a_parameter_within_its_limits(name):
    record = PARAMETERS[name]
    assert set(record.held) <= set(FORMS)
    assert all(record.limits[0] <= value <= record.limits[1] for value in record.held.values())


def test_every_dimension_of_the_points_belongs_to_one_parameter():
    places = sorted(record.sobol for record in PARAMETERS.values() if record.sobol is not None)
    assert places == list(range(2, len(places) + 2))
    assert [PARAMETERS[name].sobol for name in SOBOL_NAMES[2:]] == places


@each
def test_a_market_without_the_row_has_the_default_and_says_so(name, broken_market):
    lines = (TINY / "parameters.csv").read_text().splitlines()
    line = next(at for at, text in enumerate(lines, 1) if text.startswith(f"{name},"))
    market = read_market(broken_market(("parameters", line, None, "")))
    assert market.parameters[name] == Parameter.from_row(PARAMETERS[name].row(name))
    rows = market.tables["parameters"]
    assert rows.filter(rows["parameter_id"] == name)["source_id"].to_list() == ["assumption"]
    project(market, Scenario(), 8)


def test_a_new_parameter_leaves_every_market_valid_and_every_draw_as_it_was(tiny, monkeypatch):
    record = ParameterRecord(
        label="New", group="how fast", unit="months", limits=(0.0, 9.0), default=(0.0, 1.0, 2.0), shape="pert",
        slider=(0.0, 9.0, 0.5), reason="A trial.",
    )  # fmt: skip
    before = project(tiny, Scenario(), 32)
    for module in ("market.market", "market.parameter_records"):
        monkeypatch.setattr(f"shareshift.{module}.PARAMETERS", {**PARAMETERS, "brand_new": record})
    market = read_market(TINY)
    assert market.parameters["brand_new"].range.central == 1.0
    moved = build_inputs(market, Scenario(parameters={"brand_new": 3.0}))
    figure = moved.ranges[InputKey("brand_new")]
    assert (figure.low, figure.central, figure.high) == (2.0, 3.0, 4.0)
    assert Draws(32).value("brand_new", figure).shape == (33,)
    after = project(market, Scenario(), 32)
    assert all(after.tables[name].equals(table) for name, table in before.tables.items())


def test_units_are_words_that_readers_know():
    from shareshift.basics.formats import UNIT_WORDS

    assert {record.unit for record in PARAMETERS.values()} <= set(UNITS) | set(UNIT_WORDS)
