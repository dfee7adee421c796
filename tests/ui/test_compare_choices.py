"""What can be compared and how the sliders take part, without a page."""

import pytest

from shareshift.market.market import Market
from shareshift.scenario.scenario import Scenario, read_scenarios
from shareshift.ui.compare import address, choices
from shareshift.ui.compare.choices import Choice, Chosen
from shareshift.ui.shell.words import told_apart
from support.places import TINY

MOVED = Scenario(title="Baseline, edited", parameters={"moved_share": 0.2})
FURTHER = Scenario(title="Baseline, edited", parameters={"moved_share": 0.3})


@pytest.fixture(autouse=True)
def nothing_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "saved_scenarios", lambda _: {})


def choices_at(market: Market, scenario: Scenario | None = None) -> dict[str, Choice]:
    presets = read_scenarios(TINY, market)
    return choices.choices_of(market, presets, scenario or presets["baseline"])


def started(market: Market, scenario: Scenario | None = None) -> tuple[Chosen, dict[str, Choice]]:
    found = choices_at(market, scenario)
    chosen = address.start(found, market)
    choices.follow_sliders(chosen, found)
    return chosen, found


def test_a_move_of_a_slider_joins_the_comparison_and_is_followed_from_then_on(tiny: Market) -> None:
    chosen, _ = started(tiny)
    assert list(chosen.taken) == ["baseline", "exodus"]
    for scenario in (MOVED, FURTHER):
        choices.follow_sliders(chosen, choices_at(tiny, scenario))
        assert list(chosen.taken) == ["baseline", "exodus", "current"]
        assert chosen.taken["current"].scenario == scenario
        assert not choices.stale(chosen, choices_at(tiny, scenario))


def test_sliders_that_were_taken_off_stay_off_until_they_move_again(tiny: Market) -> None:
    chosen, found = started(tiny, MOVED)
    assert list(chosen.taken) == ["baseline", "current"]
    choices.pick(chosen, found, ["baseline", "exodus"])
    choices.follow_sliders(chosen, found)
    assert "current" not in chosen.taken
    assert choices.sliders_left_out(chosen, found)
    choices.follow_sliders(chosen, choices_at(tiny, FURTHER))
    assert "current" in chosen.taken


def test_where_all_places_are_taken_a_move_pushes_nobody_out(tiny: Market) -> None:
    chosen, _ = started(tiny)
    more = {name: Choice(choice_id=name, kind="preset", title=name, scenario=Scenario()) for name in ("one", "two")}
    chosen.taken |= more
    choices.follow_sliders(chosen, choices_at(tiny, MOVED) | more)
    assert "current" not in chosen.taken
    assert len(chosen.taken) == 4


def test_the_same_scenario_is_not_offered_twice_and_no_two_options_read_alike(tiny: Market) -> None:
    chosen, found = started(tiny)
    shown = choices.offered(chosen, found)
    assert "current" not in shown
    twins = {key: Choice(choice_id=key, kind="saved", title="Twin", scenario=MOVED, version=1) for key in ("a", "b")}
    labels = told_apart({key: one.label for key, one in choices.offered(chosen, found | twins).items()})
    assert len(set(labels.values())) == len(labels)


def test_an_emptied_choice_stands_in_the_address_and_opens_empty(tiny: Market) -> None:
    chosen, found = started(tiny)
    choices.pick(chosen, found, [])
    link = address.address_of(chosen)
    assert link
    again = address.read_link(link, found, tiny)
    assert not again.taken
    assert not again.refused


def test_a_reference_that_was_taken_off_meanwhile_changes_nothing(tiny: Market) -> None:
    chosen, found = started(tiny)
    choices.pick(chosen, found, [])
    choices.refer_to(chosen, "baseline")
    assert not chosen.taken
