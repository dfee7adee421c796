"""A draft and the way back: every edit can be undone and redone, in order, and nothing is done twice."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shareshift.scenario.draft import MOST_STEPS, History, Origin, Work, origin_from
from shareshift.scenario.scenario import Scenario
from support.scenarios import scenarios

START = Scenario(title="Start", parameters={"growth": 0.5}, vendors={"bolt": {"excluded": True}})


def work(start=START):
    return Work(origin=Origin(preset="exodus"), start=start, scenario=start)


@given(data=st.data())
def test_undoing_everything_leads_back_and_redoing_everything_leads_forth(tiny, data):
    states = data.draw(st.lists(scenarios(tiny), min_size=1, max_size=6))
    history = begun = History(now=work())
    for number, scenario in enumerate(states):
        history = history.did(f"step {number}", history.now.to(scenario), at=10.0 * number)
    done = history.now
    steps = len(history.past)
    for _ in range(steps):
        history = history.undone()
    assert history.now == begun.now
    assert history.undo_name == ""
    for _ in range(steps):
        history = history.redone()
    assert history.now == done
    assert history.redo_name == ""


def test_the_name_of_what_would_be_undone_and_redone_is_told():
    history = History(now=work()).did("Growth", work().with_slider("growth", 0.6, 0.2))
    assert (history.undo_name, history.redo_name) == ("Growth", "")
    history = history.undone()
    assert (history.undo_name, history.redo_name) == ("", "Growth")
    assert history.undone() is history


def test_a_new_edit_forgets_what_was_taken_back():
    history = History(now=work()).did("one", work().with_slider("growth", 0.6, 0.2)).undone()
    history = history.did("two", work().with_slider("growth", 0.7, 0.2))
    assert history.redo_name == ""
    assert history.redone() is history


def test_nothing_is_remembered_of_an_edit_that_changed_nothing():
    history = History(now=work())
    assert history.did("again", work()) is history


def test_quick_moves_of_one_control_are_one_step():
    history = History(now=work())
    for number in range(5):
        moved = work().with_slider("growth", 0.6 + number / 10, 0.2)
        history = history.did("Growth", moved, control="growth", at=100.0 + number)
    assert len(history.past) == 1
    assert history.undone().now == work()
    later = history.did("Growth", work().with_slider("growth", 2.0, 0.2), control="growth", at=200.0)
    assert len(later.past) == 2
    other = later.did("Exodus", later.now.with_slider("exodus", 1.0, 0.0), control="exodus", at=200.5)
    assert len(other.past) == 3


def test_a_control_moved_back_at_once_leaves_no_step():
    history = History(now=work())
    history = history.did("Growth", work().with_slider("growth", 0.6, 0.2), control="growth", at=1.0)
    history = history.did("Growth", work(), control="growth", at=1.5)
    assert history.past == ()


def test_the_history_is_bounded():
    history = History(now=work())
    for number in range(MOST_STEPS + 20):
        history = history.did(str(number), work().with_slider("growth", 1.0 + number, 0.2))
    assert len(history.past) == MOST_STEPS
    assert history.undo_name == str(MOST_STEPS + 19)


def test_a_slider_back_where_it_stood_leaves_the_draft_unedited():
    moved = work().with_slider("growth", 0.6, 0.2).with_slider("exodus", 1.0, 0.0)
    assert moved.edited
    assert moved.with_slider("growth", 0.5, 0.2).with_slider("exodus", 0.0, 0.0) == work()


def test_a_slider_put_where_the_tables_have_it_differs_from_a_preset_that_moves_it():
    moved = work().with_slider("growth", 0.2, 0.2)
    assert moved.edited
    assert dict(moved.scenario.parameters) == {"growth": 0.2}


def test_overrides_are_set_changed_and_given_back():
    fixed = work().with_override("customers", "north", "exit", 1.0).with_override("vendors", "bolt", "slack", 0.5)
    assert dict(fixed.scenario.vendors["bolt"]) == {"excluded": True, "slack": 0.5}
    assert fixed.with_override("customers", "north", "exit", None).without_overrides("vendors", "bolt").scenario == (
        Scenario(title="Start", parameters={"growth": 0.5})
    )
    assert fixed.back() == work()


def test_an_edited_draft_says_so_in_its_title_unless_it_has_its_own():
    moved = work().with_slider("growth", 0.6, 0.2)
    assert work().titled().title == "Start"
    assert moved.titled().title == "Start, edited"
    assert moved.to(Scenario(title="Mine")).titled().title == "Mine"


def test_an_edited_draft_says_nothing_of_itself_that_was_said_of_another():
    start = Scenario(title="Base", note="Nothing is changed.", author="The house", source="seed-1")
    begun = Work(origin=Origin(), start=start, scenario=start)
    assert begun.titled() == start
    moved = begun.with_slider("growth", 0.5, 0.4)
    said = moved.titled(["Growth", "Speed"])
    assert said.note == "Based on Base; changed: Growth; Speed."
    assert said.author == ""
    own = moved.to(replace(moved.scenario, note="My note", author="Ada")).titled(["Growth"])
    assert (own.note, own.author) == ("My note", "Ada")
    assert moved.titled(own=True).author == "The house"
    assert moved.titled([str(n) for n in range(40)]).note.endswith("11; and more.")


def test_an_origin_survives_being_plain_values_and_ignores_what_is_none():
    origin = Origin(saved_id="ab", version=3)
    assert origin_from(vars(origin)) == origin
    assert origin_from({"preset": 5, "saved_id": None, "version": "3"}) == Origin()
