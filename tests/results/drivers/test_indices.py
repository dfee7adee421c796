"""Sobol indices, and what learning brings, against functions whose answers are known."""

import numpy as np
import pytest

from shareshift.results.drivers.indices import REST, Exploration, Pages, indices_of
from shareshift.results.drivers.learning import learning
from shareshift.results.drivers.study import open_study
from shareshift.scenario.scenario import Scenario

NAMES = ("a", "b", "c")


def pages_of(function, names=NAMES, singles=NAMES, draws=2048):
    """The values of a function of uniforms on every page of a design, (pages, draws)."""
    pages = Pages(singles, draws)
    return np.array(
        [function(*(pages.uniform(page, name) for name in names)) for page in range(pages.count)], dtype=float
    )


def ishigami(a, b, c):
    a, b, c = (np.pi * (2 * one - 1) for one in (a, b, c))
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


# Per function: first-order and total indices of a, b and c in closed form.
KNOWN = {
    "ishigami": (ishigami, (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)),
    "linear": (lambda a, b, c: 3 * a + 2 * b + c, (9 / 14, 4 / 14, 1 / 14), (9 / 14, 4 / 14, 1 / 14)),
    "only together": (lambda a, b, c: (a - 0.5) * (b - 0.5) + 0 * c, (0, 0, 0), (1, 1, 0)),
    "product": (lambda a, b, c: a * b + 0 * c, (3 / 7, 3 / 7, 0), (4 / 7, 4 / 7, 0)),
}


@pytest.mark.parametrize("name", KNOWN)
def test_indices_are_those_in_closed_form(name):
    function, first, total = KNOWN[name]
    found = indices_of(pages_of(function))
    assert found.first_order[:3] == pytest.approx(first, abs=0.03)
    assert found.total[:3] == pytest.approx(total, abs=0.03)
    # Nothing hangs on the inputs that no page is for.
    assert (found.first_order[3], found.total[3]) == (0, 0)
    for of, ends in ((first, found.first_order_interval), (total, found.total_interval)):
        assert (ends[0, :3] - 0.02 <= of).all()
        assert (of <= ends[1, :3] + 0.02).all()


def test_all_others_together_have_one_index():
    found = indices_of(pages_of(lambda a, b, c: 3 * a + 2 * b + c, singles=("a",)))
    assert found.total == pytest.approx([9 / 14, 5 / 14], abs=0.03)


def test_what_does_not_vary_has_no_index():
    found = indices_of(pages_of(lambda a, b, c: 0 * (a + b + c) + 7))
    assert not np.any([found.first_order, found.total, *found.first_order_interval, *found.total_interval])


def test_the_order_of_the_draws_changes_no_bit():
    pages = pages_of(ishigami, draws=256)
    order = np.random.default_rng(1).permutation(256)
    for one, other in zip(vars(indices_of(pages)).values(), vars(indices_of(pages[:, order])).values(), strict=True):
        assert (one == other).all()


def test_the_order_of_the_inputs_changes_no_index():
    one, other = (indices_of(pages_of(ishigami, singles=names, draws=256)) for names in (NAMES, NAMES[::-1]))
    assert (one.total[:3] == other.total[2::-1]).all()


def test_learning_finds_first_order_effects_from_one_sample():
    pages = Pages(NAMES, 4096)
    uniforms = np.array([pages.uniform(0, name) for name in (*NAMES, "d")])
    for function, first, _ in KNOWN.values():
        shares, beyond = learning(uniforms, function(*uniforms[:3])[None])
        assert shares[0, :3] == pytest.approx(first, abs=0.03)
        assert shares[0, 3] < 0.01
        assert (beyond[0, :3] == (np.array(first) > 0)).all()
        assert not beyond[0, 3]


def test_learning_does_not_hang_on_the_order_of_the_draws():
    pages = Pages(NAMES, 512)
    uniforms = np.array([pages.uniform(0, name) for name in NAMES])
    values, order = ishigami(*uniforms)[None], np.random.default_rng(2).permutation(512)
    assert (learning(uniforms, values)[0] == learning(uniforms[:, order], values[:, order])[0]).all()


def test_too_few_draws_and_what_does_not_vary_teach_nothing():
    for values in (np.ones((1, 512)), np.arange(3.0)[None]):
        uniforms = np.linspace(0.1, 0.9, values.shape[1])[None]
        shares, beyond = learning(uniforms, values)
        assert not shares.any()
        assert not beyond.any()


def test_an_exploration_runs_page_by_page_and_agrees_with_what_learning_brings(tiny):
    study = open_study(tiny, Scenario())
    shares, _ = learning(study.uniforms, study.values)
    row = study.row("displaced")
    names = [study.drivers[place] for place in np.argsort(-shares[row])[:3]]
    runs = Exploration(study=study, figure="displaced", drivers=names, draws=1024)
    done = []
    while runs.share_done < 1:
        runs.advance()
        done.append(runs.share_done)
    assert len(done) == runs.pages.count == 6
    table = runs.table()
    assert table["input_id"].sort().to_list() == sorted([REST, *(driver.input_id for driver in names)])
    found = dict(table.select("input_id", "first_order").rows())
    for place, driver in zip(np.argsort(-shares[row])[:3], names, strict=True):
        assert found[driver.input_id] == pytest.approx(shares[row, place], abs=0.06)
