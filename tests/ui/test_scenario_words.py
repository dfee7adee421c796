"""What a scenario says besides its sliders, in words; and its tables to edit."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareshift.model.inputs import market_inputs
from shareshift.scenario.draft import Origin, Work
from shareshift.scenario.scenario import Scenario
from shareshift.ui.scenario import sheets
from shareshift.ui.scenario.columns import customer_sheet, vendor_sheet
from shareshift.ui.scenario.differing import changed_words, differing, differing_table
from shareshift.ui.scenario.scales import on_slider, slider_format, slider_scale
from shareshift.ui.scenario.words import fixed_words


@pytest.fixture(scope="module")
def inputs(tiny):
    return market_inputs(tiny)


def work(start=None, **changes):
    start = start or Scenario()
    return Work(origin=Origin(), start=start, scenario=Scenario(**changes) if changes else start)


def test_everything_that_no_slider_shows_is_told_and_those_of_one_kind_together(tiny):
    scenario = Scenario(
        horizon_months=2,
        form="logit",
        capacity=False,
        parameters={"growth": 0.5},
        customers={"north": {"exit": 1.0}, "rest": {"exit": 1.0}, "south": {"exit": 0.25, "spend_usd_per_year": 120.0}},
        vendors={"bolt": {"excluded": True}, "crane": {"slack": 0.1, "capacity_growth": 0.05}},
    )
    assert fixed_words(scenario, tiny) == [
        "North and Everyone else: leaves for certain",
        "South: leaves with a chance of 25%",
        "South: spends $120 a year at Acme",
        "Bolt excluded",
        "Crane: 10% spare capacity",
        "Crane: grows by at most 5% per month",
        "2 months instead of 3",
        "logit instead of nested logit",
        "capacity is unlimited",
    ]


def test_what_a_preset_fixes_is_not_told_as_the_readers_change(tiny):
    preset = Scenario(form="logit", horizon_months=2, vendors={"bolt": {"excluded": True}})
    edited = Scenario(form="logit", horizon_months=2, vendors={"bolt": {"excluded": True}, "crane": {"slack": 0.1}})
    assert fixed_words(preset, tiny, preset) == []
    assert fixed_words(edited, tiny, preset) == ["Crane: 10% spare capacity"]
    assert changed_words(preset, edited, tiny) == ["Crane: spare capacity"]


def test_a_scenario_of_sliders_alone_has_nothing_besides(tiny):
    assert fixed_words(Scenario(parameters={"growth": 0.5}, horizon_months=3), tiny) == []


def test_what_differs_is_told_with_units_and_with_what_the_tables_say(tiny):
    one = Scenario(title="One", parameters={"growth": 0.5})
    two = Scenario(title="Two", parameters={"growth": 0.6}, customers={"north": {"exit": 1.0}}, horizon_months=2)
    told = {row.what: (row.before, row.after) for row in differing(one, two, tiny)}
    assert told["Growth of the market"] == ("50% per year", "60% per year")
    assert told["Title"] == ("One", "Two")
    assert told["Months"] == ("3 months", "2 months")
    before, after = told["North: chance to leave"]
    assert before.startswith("sourced value: ")
    assert after == "100%"
    assert len(told) == 4


def test_two_scenarios_that_say_the_same_differ_in_nothing(tiny):
    table = differing_table(Scenario(), Scenario(), tiny, ("Version 1", "Version 2"))
    assert table.is_empty()
    assert table.columns == ["What", "Version 1", "Version 2"]


def test_a_table_to_edit_shows_what_the_tables_say_beside_what_is_fixed(tiny, inputs):
    start = Scenario(title="Preset", customers={"north": {"exit": 0.07}})
    own = Work(origin=Origin(), start=start, scenario=start).with_override("customers", "south", "exit", 1.0)
    frame = sheets.sheet_frame(customer_sheet(tiny, inputs), own, inputs)
    assert frame["Leaves, %"].to_list() == [7.0, 100.0, None]
    assert frame["Spends, USD a year"].to_list() == [None, None, None]
    assert frame["Spends (sourced)"].to_list() == [
        "$600 ($480–$720)",
        "$240 (fixed)",
        "follows from the others",
    ]
    assert frame[sheets.MARK].to_list() == [
        "● chance to leave, by “Preset”",
        "● chance to leave, by you",
        "",
    ]
    assert frame[sheets.BACK].to_list() == ["As in tables", "Reset", None]


def test_edited_cells_are_taken_over_and_empty_ones_given_back(tiny, inputs):
    sheet = vendor_sheet(tiny)
    edits = {0: {"Excluded": True, "Spare capacity, %": 12.5}, 1: {"Growth a month, %": 7}}
    done, faults, step = sheets.take_edits(sheet, edits, work(), tiny)
    assert faults == []
    assert step == "3 cells of vendors"
    assert done.scenario.vendors == {"bolt": {"excluded": True, "slack": 0.125}, "crane": {"capacity_growth": 0.07}}
    back, faults, step = sheets.take_edits(sheet, {0: {"Excluded": False, "Spare capacity, %": None}}, done, tiny)
    assert back.scenario.vendors == {"crane": {"capacity_growth": 0.07}}
    assert faults == []


@pytest.mark.parametrize(
    ("row", "cells", "expected"),
    [
        (0, {"Leaves, %": 101}, "North, Leaves, %: 101 was refused: give a number from 0 to 100."),
        (1, {"Leaves, %": -1}, "South, Leaves, %: -1 was refused: give a number from 0 to 100."),
        (1, {"Leaves, %": float("nan")}, "South, Leaves, %: nan was refused: give a number from 0 to 100."),
        (1, {"Leaves, %": "much"}, "South, Leaves, %: much was refused: give a number from 0 to 100."),
        (2, {"Spends, USD a year": 5}, "Everyone else, Spends, USD a year: 5 was refused: it is the rest and follows"),
    ],
)
def test_a_bad_entry_is_refused_with_the_name_of_its_row(tiny, inputs, row, cells, expected):
    edits = {row: cells, 0: {**(cells if row == 0 else {}), "Spends, USD a year": 100}}
    done, faults, _ = sheets.take_edits(customer_sheet(tiny, inputs), edits, work(), tiny)
    assert len(faults) == 1
    assert faults[0].startswith(expected)
    assert done.scenario.customers == {"north": {"spend_usd_per_year": 100.0}}


def test_a_row_goes_back_where_it_set_out_and_then_to_the_tables(tiny, inputs):
    sheet = customer_sheet(tiny, inputs)
    start = Scenario(customers={"north": {"exit": 1.0}})
    edited = work(start).with_override("customers", "north", "exit", 0.5)
    once = sheets.put_back(sheet, 0, edited)
    assert once.scenario == start
    assert sheets.put_back(sheet, 0, once).scenario == Scenario()


@given(percent=st.decimals(0, 100, places=4))
def test_a_percentage_is_the_share_that_it_says(tiny, percent):
    inputs = market_inputs(tiny)
    sheet = customer_sheet(tiny, inputs)
    done, _, _ = sheets.take_edits(sheet, {0: {"Leaves, %": float(percent)}}, work(), tiny)
    assert done.scenario.customers["north"]["exit"] == float(percent / Decimal(100))
    assert sheets.sheet_frame(sheet, done, inputs)["Leaves, %"][0] == float(percent)


def test_a_slider_of_millions_counts_in_millions_and_one_of_dollars_in_dollars(tiny):
    item = tiny.parameters["owner_top_up"]
    assert (slider_format(item), on_slider(60.0, item), slider_scale(item)) == ("$%g", 60.0, 1.0)
    large = replace(item, step=1e7)
    assert (slider_format(large), on_slider(250e6, large), slider_scale(large)) == ("$%gm", 250.0, 1e6)
    assert slider_format(tiny.parameters["moved_share"]) == "percent"
