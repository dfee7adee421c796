"""A kept stage is used again exactly as long as all that was read for it is the same."""

from dataclasses import replace

import numpy as np
import pytest

from shareshift.market.market import read_market
from shareshift.market.parameters import Range
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import build_inputs
from shareshift.model.keys import InputKey
from shareshift.model.sample import draw_sample
from shareshift.model.view import View
from shareshift.scenario.forms import MATRIX
from shareshift.scenario.scenario import Scenario
from support.places import BUNDLED, DIVERSION, TINY

DRAWS = 32


@pytest.fixture(scope="module", params=["tiny", pytest.param("bundled", marks=pytest.mark.slow), "table"])
def inputs(request, tmp_path_factory):
    if request.param == "bundled":
        return build_inputs(read_market(BUNDLED), Scenario())
    if request.param == "tiny":
        return build_inputs(read_market(TINY), Scenario())
    folder = tmp_path_factory.mktemp("market") / "tiny"
    folder.mkdir()
    for file in (*TINY.glob("*.*"), DIVERSION):
        (folder / file.name).write_bytes(file.read_bytes())
    return build_inputs(read_market(folder), Scenario(form=MATRIX))


def changed(inputs):
    """Yield what was changed and the inputs with that one thing changed, for everything that can be."""
    for key, figure in inputs.ranges.items():
        moved = 0.9 * figure.central if figure.central else 0.01
        yield str(key), replace(inputs, ranges={**inputs.ranges, key: Range.fixed(moved)})
    yield "horizon_months", replace(inputs, horizon_months=inputs.horizon_months + 1)
    for rival in range(len(inputs.rivals)):
        excluded = inputs.excluded.copy()
        excluded[rival] = True
        yield f"excluded {rival}", replace(inputs, excluded=excluded)
    if inputs.form != MATRIX:
        given = [InputKey("exit", customer) for customer in inputs.customers]
        given += [InputKey(kind, vendor=rival) for kind in ("slack", "capacity_growth") for rival in inputs.rivals]
        given += [InputKey("wallet", customer, rival) for customer in inputs.customers for rival in inputs.rivals[:2]]
        for key in given:
            if key not in inputs.ranges:
                yield f"new {key}", replace(inputs, ranges={**inputs.ranges, key: Range.fixed(0.5)})


def arrays(sample):
    found = {name: value for name, value in vars(sample).items() if isinstance(value, np.ndarray)}
    shares, first = sample.among_rivals(slice(0, DRAWS + 1))
    moved = np.ascontiguousarray(sample.moved(slice(None), slice(None)))
    return found | {"shares": shares, "first": first, "moved": moved, "begun": sample.begun(1)}


def test_whatever_changes_the_kept_stages_come_to_what_fresh_ones_do(inputs):
    held, effects = Draws(DRAWS), 0
    before = arrays(draw_sample(inputs, held))
    for what, other in changed(inputs):
        kept, fresh = arrays(draw_sample(other, held)), arrays(draw_sample(other, Draws(DRAWS)))
        for name, values in fresh.items():
            assert kept[name].tobytes() == values.tobytes(), f"{name} after {what} was changed"
        effects += any(before[name].tobytes() != values.tobytes() for name, values in fresh.items())
        draw_sample(inputs, held)
    # Most inputs move something, so that the test compares what differs.
    assert effects > 0.5 * len(list(changed(inputs)))


def test_a_stage_is_made_again_only_when_something_it_read_has_changed(inputs):
    held, made = Draws(DRAWS), []

    def stage(view):
        made.append(view.value("growth"))
        return len(made)

    key = InputKey("growth")
    other = replace(inputs, ranges={**inputs.ranges, key: Range.fixed(0.123)})
    unread = replace(inputs, ranges={**inputs.ranges, InputKey("lag"): Range.fixed(7.0)}, horizon_months=99)
    assert [View(of, held).stage("s", stage) for of in (inputs, unread, other, other, inputs)] == [1, 1, 2, 2, 3]


def test_what_a_stage_of_a_stage_read_counts_for_both(inputs):
    held, made = Draws(DRAWS), []

    def inner(view):
        return view.value("growth")[0]

    def outer(view):
        made.append(1)
        return view.stage("inner", inner)

    other = replace(inputs, ranges={**inputs.ranges, InputKey("growth"): Range.fixed(0.123)})
    View(inputs, held).stage("outer", outer)
    assert View(other, held).stage("outer", outer) == 0.123
    assert len(made) == 2
