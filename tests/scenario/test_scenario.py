"""A scenario is a diff: empty is the baseline, and it survives files and being compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareshift.basics.errors import ScenarioError, ShareshiftError
from shareshift.scenario.scenario import Scenario, read_scenario, read_scenarios, scenario_from
from support.scenarios import scenarios


@given(data=st.data())
def test_a_scenario_read_from_its_own_file_is_itself(tiny, data):
    scenario = data.draw(scenarios(tiny))
    again = read_scenario(scenario.to_toml(), tiny)
    assert again == scenario
    assert hash(again) == hash(scenario)
    assert again.key == scenario.key


@given(data=st.data())
def test_a_scenario_built_from_its_own_values_is_itself(tiny, data):
    scenario = data.draw(scenarios(tiny))
    assert scenario_from(scenario.to_dict(), tiny) == scenario


def test_a_scenario_without_a_title_is_still_itself_after_a_file(tiny):
    scenario = Scenario(title="", parameters={"growth": 0.3})
    assert read_scenario(scenario.to_toml(), tiny) == scenario


def test_the_order_of_overrides_makes_no_difference():
    one = Scenario(parameters={"growth": 0.1, "exodus": 1.0}, vendors={"bolt": {"slack": 0.1, "excluded": True}})
    two = Scenario(parameters={"exodus": 1.0, "growth": 0.1}, vendors={"bolt": {"excluded": True, "slack": 0.1}})
    assert one == two
    assert hash(one) == hash(two)
    assert one.key == two.key
    assert len({one, two}) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"parameters": {"exodus": 1}}, {"parameters": {"exodus": 1.0}}),
        ({"parameters": {"exodus": 0.0}}, {"parameters": {"exodus": -0.0}}),
        ({"vendors": {"bolt": {"excluded": True}}}, {"vendors": {"bolt": {"excluded": 1}}}),
        ({"customers": {"north": {}}}, {}),
    ],
)
def test_scenarios_that_are_equal_have_one_hash_and_one_key(one, two):
    assert Scenario(**one) == Scenario(**two)
    assert hash(Scenario(**one)) == hash(Scenario(**two))
    assert Scenario(**one).key == Scenario(**two).key


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Other"},
        {"note": "Other"},
        {"horizon_months": 6},
        {"parameters": {"growth": 0.25}},
        {"customers": {"north": {"exit": 0.5}}},
        {"vendors": {"bolt": {"slack": 0.5}}},
    ],
)
def test_scenarios_that_differ_have_different_keys(other):
    assert Scenario(**other) != Scenario()
    assert Scenario(**other).key != Scenario().key


def test_a_scenario_is_frozen_and_does_not_follow_what_it_was_built_from():
    values = {"growth": 0.1}
    scenario = Scenario(parameters=values, vendors={"bolt": values})
    values["growth"] = 0.9
    assert dict(scenario.parameters) == {"growth": 0.1}
    assert dict(scenario.vendors["bolt"]) == {"growth": 0.1}
    with pytest.raises(TypeError):
        scenario.parameters["growth"] = 1.0
    with pytest.raises(AttributeError):
        scenario.title = "Mine"


def test_moving_a_slider_keeps_all_the_rest():
    scenario = Scenario(title="A", parameters={"growth": 0.1}, vendors={"bolt": {"slack": 1.0}}, horizon_months=6)
    moved = scenario.with_parameters(growth=0.2, exodus=1.0)
    assert dict(moved.parameters) == {"exodus": 1.0, "growth": 0.2}
    assert (moved.title, moved.vendors, moved.horizon_months) == (scenario.title, scenario.vendors, 6)


def test_all_faults_of_a_scenario_are_named_at_once(tiny):
    text = """
    title = "Wrong"
    horizon_months = 0
    [parameters]
    mood = 1.0
    growth = 99.0
    exodus = "much"
    lag = true
    moved_share = nan
    fit = inf
    [customers.nobody]
    exit = 0.5
    [customers.north]
    exit = 1.5
    mood = 1.0
    [customers.rest]
    spend_usd_per_year = 5.0
    [vendors.acme]
    slack = 0.5
    [vendors.dune]
    slack = 0.5
    [vendors.bolt]
    slack = -1.0
    excluded = "no"
    """
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, tiny, file="wrong.toml")
    lines = str(caught.value).splitlines()
    expected = [
        "mood is no parameter of this market. The parameters are exodus, contagion",
        "growth is 99. Give a number from -0.9 to 9.",
        "exodus is not a number. Give one from -3 to 3.",
        "lag is true. Give a number.",
        "moved_share is nan. Give a number from 0 to 1.",
        "fit is inf. Give a number from 0 to 2.",
        "customers.nobody is not in customers.csv. It has north, rest, south.",
        "customers.north.exit is 1.5. Give a number from 0 to 1.",
        "customers.north.mood cannot be set. Set one of exit, spend_usd_per_year.",
        "customers.rest.spend_usd_per_year is the remainder and follows from the others.",
        "vendors.acme is the incumbent. Only rivals can be excluded or given capacity.",
        "vendors.dune is not in vendors.csv. It has acme, bolt, crane.",
        "vendors.bolt.slack is -1. Give a number from 0 to 100.",
        "vendors.bolt.excluded is not a number",
        "horizon_months 0 is not a whole number from 1 to 120.",
    ]
    for sentence in expected:
        assert any(line.startswith(f"wrong.toml: {sentence}") for line in lines), (sentence, lines)
    assert len(lines) == len(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title = ", "is no TOML"),
        ("title = 5", "title is not text. Put it in quotes."),
        ("surprise = 1", "surprise is no part of a scenario. Remove it."),
        ("parameters = 1", r"parameters is not a table. Write it under a heading such as \[parameters\]."),
        ("[vendors]\nbolt = 1", r"vendors is not a table. Write it under a heading such as \[vendors"),
        ("horizon_months = 3.0", "horizon_months 3.0 is not a whole number"),
        ("horizon_months = true", "horizon_months True is not a whole number"),
        ("[parameters.growth]\nlow = 1", "growth is not a number"),
        ("[vendors.bolt]\nexcluded = 0.5", "vendors.bolt.excluded"),
    ],
)
def test_a_scenario_of_the_wrong_shape_is_refused(tiny, text, expected):
    with pytest.raises(ScenarioError, match=expected):
        read_scenario(text, tiny)


def test_the_markets_own_scenarios_are_read_baseline_first(tiny, broken_market):
    found = read_scenarios(broken_market(), tiny)
    assert list(found) == ["baseline", "exodus"]
    assert found["baseline"] == Scenario()
    assert dict(found["exodus"].parameters) == {"exodus": 2.0}
    assert found["exodus"].vendors["bolt"]["excluded"] is True


@pytest.mark.parametrize("content", [b"\xff\xfet\x00", b'title = "Caf\xe9"', b"\x1f\x8b\x08"])
def test_a_scenario_file_that_is_no_text_is_refused_in_words(tiny, broken_market, content):
    folder = broken_market(files={"scenarios/exodus.toml": content})
    with pytest.raises(ShareshiftError, match=r"exodus\.toml"):
        read_scenarios(folder, tiny)
