"""A scenario as single values comes back whole, and one that went stale keeps what is still in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareshift.basics.errors import ScenarioError
from shareshift.scenario.scenario import Scenario
from shareshift.scenario.values import flat, sound_part, unflat
from support.scenarios import scenarios


@given(data=st.data())
def test_a_scenario_comes_back_from_its_single_values(tiny, data):
    scenario = data.draw(scenarios(tiny))
    assert unflat(flat(scenario)) == scenario


def test_what_a_kept_scenario_says_of_the_tables_of_today_stays_and_the_rest_is_named(tiny):
    content = {
        "title": "Kept",
        "parameters": {"growth": 0.5, "mood": 1.0, "exodus": 99.0},
        "customers": {"north": {"exit": 1.0}, "gone": {"exit": 1.0}},
        "vendors": {"bolt": {"excluded": True}, "acme": {"slack": 0.1}},
    }
    scenario, faults = sound_part(content, tiny, file="draft")
    assert scenario == Scenario(
        title="Kept",
        parameters={"growth": 0.5},
        customers={"north": {"exit": 1.0}},
        vendors={"bolt": {"excluded": True}},
    )
    assert len(faults) == 4
    for name in ("mood", "exodus is 99", "customers.gone", "vendors.acme"):
        assert any(name in fault for fault in faults)


def test_a_sound_scenario_is_returned_as_it_is(tiny):
    assert sound_part({"title": "A", "parameters": {"growth": 0.5}}, tiny, file="draft") == (
        Scenario(title="A", parameters={"growth": 0.5}),
        [],
    )


def test_an_override_of_a_kind_that_is_not_known_is_named(tiny):
    scenario, faults = sound_part({"title": "A", "vendors": {"bolt": {"mood": 1.0, "slack": 1.0}}}, tiny, file="x")
    assert dict(scenario.vendors["bolt"]) == {"slack": 1.0}
    assert len(faults) == 1
    assert "mood" in faults[0]


@pytest.mark.parametrize("content", [{"parameters": 5}, {"surprise": 1}, {"customers": {"north": 1}}, {"title": 7}])
def test_what_is_no_scenario_is_refused(tiny, content):
    with pytest.raises(ScenarioError, match="draft: "):
        sound_part(content, tiny, file="draft")
