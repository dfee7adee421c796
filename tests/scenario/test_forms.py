"""The forms of the model: what each holds fixed, what they have in common, and where they meet."""

import warnings
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from shareshift.basics.errors import ScenarioError
from shareshift.market.parameter_records import PARAMETERS
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import build_inputs
from shareshift.results.claims.answer import claims_answer
from shareshift.results.projection import project
from shareshift.scenario.forms import DEFAULT_FORM, FORMS, HELD, MATRIX, NAMED_FORMS, form_label, without_effect
from shareshift.scenario.scenario import Scenario, read_scenario, read_scenarios, scenario_from
from support.markets import with_table
from support.places import TINY

DRAWS = 64
LEAVES = {"north": {"exit": 1.0}, "south": {"exit": 1.0}, "rest": {"exit": 1.0}}
SIMPLE = [form for form in FORMS if form != MATRIX]


@pytest.fixture(scope="module")
def held():
    return Draws(DRAWS)


def bits(run):
    placed = run.migration
    return (
        placed.to_options,
        run.sample.displaced,
        placed.unplaced,
        placed.not_spent_total,
        placed.cumulative,
        run.revenue,
    )


def same(one, two):
    return all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


# The scenario ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", SIMPLE)
@pytest.mark.parametrize("capacity", [True, False])
def test_a_form_survives_a_file(tiny, form, capacity):
    scenario = Scenario(title="Another form", form=form, capacity=capacity)
    assert read_scenario(scenario.to_toml(), tiny) == scenario
    assert ("form" in scenario.to_dict(), "capacity" in scenario.to_dict()) == (form != DEFAULT_FORM, not capacity)


def test_scenarios_in_different_forms_are_different():
    keys = {Scenario(form=form, capacity=capacity).key for form in FORMS for capacity in (True, False)}
    assert len(keys) == 2 * len(FORMS)


def test_every_fault_of_a_form_is_named_at_once(tiny):
    with pytest.raises(ScenarioError) as error:
        scenario_from({"form": "probit", "capacity": "no", "parameters": {"growth": 99}}, tiny)
    lines = str(error.value).splitlines()
    assert len(lines) == 3
    assert any("form probit" in line and all(form in line for form in FORMS) for line in lines)
    assert any("capacity is no. Write true or false." in line for line in lines)


def test_a_form_that_is_no_text_is_named(tiny):
    with pytest.raises(ScenarioError, match="form is not text"):
        scenario_from({"form": 2}, tiny)


@pytest.mark.parametrize("capacity", [0, 1, None])
def test_capacity_is_true_or_false_and_nothing_that_counts_as_it(tiny, capacity):
    with pytest.raises(ScenarioError, match="Write true or false"):
        project(tiny, Scenario(capacity=capacity), 8)


# What each form rests on ----------------------------------------------------------------------------------------


def test_forms_hold_inputs_of_the_engine_at_values_it_allows():
    for form in FORMS:
        for name, value in HELD[form].items():
            assert PARAMETERS[name].limits[0] <= value <= PARAMETERS[name].limits[1]
        assert set(without_effect(form, capacity=False)) <= set(PARAMETERS)


def test_the_named_forms_are_told_apart():
    pairs = {(named.form, named.capacity) for named in NAMED_FORMS}
    assert len(pairs) == len({named.label for named in NAMED_FORMS}) == len(NAMED_FORMS) == 5
    assert (DEFAULT_FORM, True) in pairs
    # Equal parts stand beside the forms as a naive forecaster.
    assert {form for form, _ in pairs} == set(FORMS) - {"equal_split"}
    assert form_label("logit", capacity=False) == "Logit without capacity"


def test_the_default_form_is_the_market_as_it_is(tiny):
    assert build_inputs(tiny, Scenario()).ranges == build_inputs(tiny, Scenario(form=DEFAULT_FORM)).ranges


@pytest.fixture(scope="module")
def lively(tiny):
    """The tiny market, its rivals told apart: Crane is tainted and fits nobody, North pays Bolt, vendors grow."""
    crane = pl.col("vendor_id") == "crane"
    vendors = tiny.tables["vendors"].with_columns(
        (pl.col("independent") & ~crane).alias("independent"),
        pl.when(crane).then(pl.lit("images")).otherwise("segments").alias("segments"),
    )
    row = tiny.tables["spend"].filter(pl.col("spend_id") == "south-acme")
    wallet = row.with_columns(pl.lit("wallet").alias("spend_id"), pl.lit("bolt").alias("vendor_id"))
    growing = {"growth_spread": 0.3, "small_growth": 0.1, "growth_pull": 0.5}
    parameters = tiny.tables["parameters"].with_columns(
        pl.col("parameter_id").replace_strict(growing, default=pl.col(end)).alias(end)
        for end in ("low", "central", "high")
    )
    market = with_table(with_table(tiny, "vendors", vendors), "parameters", parameters)
    return with_table(market, "spend", pl.concat([tiny.tables["spend"], wallet]))


@pytest.mark.parametrize("form", SIMPLE)
@pytest.mark.parametrize("capacity", [True, False])
def test_a_slider_without_effect_moves_nothing_and_every_other_moves_something(lively, held, form, capacity):
    still = Scenario(form=form, capacity=capacity)
    before = bits(project(lively, still, DRAWS, held=held))
    idle = without_effect(form, capacity)
    for name, parameter in lively.parameters.items():
        ends = {parameter.minimum, parameter.maximum} - {parameter.range.central}
        moved = [bits(project(lively, still.with_parameters(**{name: end}), DRAWS, held=held)) for end in ends]
        unmoved = all(same(after, before) for after in moved)
        used = not name.startswith("exit_") or name.removeprefix("exit_") in {"leaving", "staying", "unknown"}
        assert unmoved == (name in idle or not used), name


# Limits and identities ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("excluded", [(), ("bolt",)])
@pytest.mark.parametrize(("form", "power"), [("fair_share", 1), ("equal_split", 0)])
def test_the_splits_are_in_proportion_to_run_rates_or_alike(tiny, form, power, excluded):
    vendors = {vendor: {"excluded": True} for vendor in excluded}
    run = project(tiny, Scenario(form=form, capacity=False, customers=LEAVES, vendors=vendors), DRAWS)
    rates = run.sample.run_rate**power * ~run.inputs.excluded[:, None]
    won = run.migration.to_options[:, :-1]
    proportional = won.sum(axis=1, keepdims=True) * rates / rates.sum(axis=0)
    assert proportional.sum() > 0
    np.testing.assert_allclose(won, proportional, rtol=1e-12)


@pytest.mark.parametrize("capacity", [True, False])
def test_logit_is_the_nested_logit_without_correlation(tiny, held, capacity):
    logit = project(tiny, Scenario(form="logit", capacity=capacity, customers=LEAVES), DRAWS, held=held)
    here = pl.col("parameter_id") == "nest_correlation"
    ends = [pl.when(here).then(0.0).otherwise(end).alias(end) for end in ("low", "central", "high")]
    table = tiny.tables["parameters"].with_columns(ends)
    nested = project(with_table(tiny, "parameters", table), Scenario(capacity=capacity, customers=LEAVES), DRAWS)
    assert same(bits(logit), bits(nested))


@pytest.mark.parametrize("form", SIMPLE)
def test_endless_capacity_is_no_capacity(tiny, held, form):
    # Nothing is built in-house, because even the greatest growth leaves no endless room in the first month.
    endless = {vendor: {"slack": 100.0, "capacity_growth": 10.0} for vendor in ("bolt", "crane")}
    sliders = {"built_in_house": 0.0, "evidence_spread": 0.0}
    none = Scenario(form=form, customers=LEAVES, vendors=endless, parameters=sliders)
    run = project(tiny, none, DRAWS, held=held)
    free = project(tiny, replace(none, capacity=False), DRAWS, held=held)
    assert not run.migration.turned_away.any()
    assert same(bits(run), bits(free))


@pytest.mark.parametrize("excluded", [(), ("bolt",), ("bolt", "crane")])
@pytest.mark.parametrize("form", SIMPLE)
def test_without_capacity_everybody_gets_what_is_asked(tiny, held, form, excluded):
    vendors = {vendor: {"excluded": vendor in excluded, "slack": 0.0} for vendor in ("bolt", "crane")}
    scenario = Scenario(form=form, capacity=False, customers=LEAVES, vendors=vendors)
    placed = project(tiny, scenario, DRAWS, held=held).migration
    assert placed.wanted.sum() > 0
    np.testing.assert_allclose(placed.to_options, placed.wanted, rtol=1e-12)
    assert np.isposinf(placed.headroom).all()
    assert not placed.turned_away.any()
    assert not placed.unplaced.any()


def test_claims_are_tested_without_capacity_as_with_it(tiny, held):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = claims_answer(project(tiny, Scenario(capacity=False), DRAWS, held=held), held)
        tables = answer.tables
    room = tables["programme"]
    assert room["smallest_pool"].equals(room["smallest_pool_without_room"])
    assert not room["beyond_room"].drop_nulls().len()


def test_every_scenario_of_a_market_runs_in_every_form(tiny, held):
    for scenario in read_scenarios(TINY, tiny).values():
        for form in SIMPLE:
            run = project(tiny, replace(scenario, form=form, capacity=False), DRAWS, held=held)
            assert run.summary["mean_value"].is_finite().all()


def test_moving_between_forms_leaves_no_trace_in_the_draws_held(tiny):
    held = Draws(8)
    first = bits(project(tiny, Scenario(), 8, held=held))
    for form in SIMPLE:
        for capacity in (True, False):
            scenario = Scenario(form=form, capacity=capacity)
            assert same(bits(project(tiny, scenario, 8, held=held)), bits(project(tiny, scenario, 8)))
    assert same(first, bits(project(tiny, Scenario(), 8, held=held)))
