"""Draws whose uniforms are given: the model asks for them by name, once each, and comes to the same."""

import numpy as np

from shareshift.model.draws.given import GivenDraws
from shareshift.model.draws.streams import Draws
from shareshift.results.projection import project


def test_given_the_uniforms_of_other_draws_a_run_comes_to_the_same_bits(tiny):
    held, asked = Draws(64, 3), []

    def give(name):
        asked.append(name)
        return held.uniform(name)

    given = GivenDraws(64, give, 3)
    one, other = project(tiny, draws=64, seed=3), project(tiny, draws=64, seed=3, held=given)
    assert one.summary.equals(other.summary)
    assert sorted(asked) == sorted(set(asked)) == list(given.asked)


def test_an_input_held_still_has_one_value_in_every_draw(tiny):
    held = Draws(64, 0)
    given = GivenDraws(64, lambda name: np.full(64, 0.5) if name == "growth" else held.uniform(name))
    project(tiny, draws=64, held=given)
    values = given.value("growth", tiny.parameters["growth"].range)[:-1]
    assert np.ptp(values) == 0
    assert np.ptp(given.value("moved_share", tiny.parameters["moved_share"].range)) > 0
