"""Known answers from the literature and from other packages, to the digits in which they are published."""

import numpy as np
import pytest

from shareshift.basics.errors import ModelError
from shareshift.market.parameters import Range
from shareshift.model.draws.quantiles import Z95, quantile
from shareshift.model.equations.concentration import herfindahl
from shareshift.model.equations.diversion import removal_diversion
from support.placing import place_month

NINE_DIGITS = 5e-10
THREE_NESTS = ([0.25, 0.20, 0.15, 0.10, 0.10], ["a", "a", "b", "b", "c"])


@pytest.mark.parametrize(
    ("removed", "expected"),
    [
        (0, [0, 0.375, 0.625, 0]),
        (1, [0.285714286, 0, 0.714285714, 0]),
        (2, [0.4, 0.6, 0, 0]),
    ],
)
def test_fair_share_draws_in_proportion_to_size(removed, expected):
    found = removal_diversion([0.2, 0.3, 0.5], ["only"] * 3, [removed], 0.0)
    assert found == pytest.approx(expected, abs=NINE_DIGITS)


def test_without_correlation_a_second_bus_takes_a_third_as_in_the_plain_logit():
    # Adding the red bus is removing it backwards: from shares of a third each, its riders go half and half.
    found = removal_diversion([1 / 3, 1 / 3, 1 / 3], ["car", "bus", "bus"], [2], 0.0)
    assert found == pytest.approx([0.5, 0.5, 0, 0], abs=1e-12)


def test_with_full_correlation_a_second_bus_takes_only_from_the_first():
    found = removal_diversion([0.5, 0.25, 0.25], ["car", "bus", "bus"], [2], 1 - 1e-9)
    assert found == pytest.approx([0, 1, 0, 0], abs=1e-8)


@pytest.mark.parametrize(
    ("rho", "shares", "expected"),
    [
        (
            0.0,
            [0.389799766, 0.236425509, 0.143399320, 0.086976084],
            [0, 0.387455619, 0.235003712, 0.142536957, 0.235003712],
        ),
        (
            0.5,
            [0.434527062, 0.159853573, 0.159853573, 0.058806843],
            [0, 0.625836059, 0.147457069, 0.054246424, 0.172460447],
        ),
    ],
)
def test_nested_logit_agrees_with_pyblps_published_digits(rho, shares, expected):
    found = removal_diversion(shares, ["a", "a", "b", "b"], [0], rho)
    # The shares themselves are given to nine digits, which the ratio magnifies a little.
    assert found == pytest.approx(expected, abs=3e-9)


@pytest.mark.parametrize(
    ("removed", "expected"),
    [
        ([0], [0, 0.611764706, 0.105882353, 0.070588235, 0.070588235, 0.141176471]),
        ([0, 2], [0, 0.489297277, 0, 0.271405446, 0.079765759, 0.159531518]),
    ],
)
def test_shares_alone_give_single_and_joint_removals(removed, expected):
    assert removal_diversion(*THREE_NESTS, removed, 0.5) == pytest.approx(expected, abs=NINE_DIGITS)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.5, 0.9, 0.999999])
def test_removing_a_whole_nest_gives_the_same_for_every_correlation(rho):
    expected = [0, 0, 0.272727273, 0.181818182, 0.181818182, 0.363636364]
    assert removal_diversion(*THREE_NESTS, [0, 1], rho) == pytest.approx(expected, abs=NINE_DIGITS)


def test_the_correlation_of_another_nest_does_not_matter_to_a_removal():
    first = removal_diversion(*THREE_NESTS, [0], [0.5, 0.1, 0.9])
    assert first == pytest.approx(removal_diversion(*THREE_NESTS, [0], 0.5), abs=1e-15)


def test_correlations_belong_to_nests_in_the_order_of_their_first_appearance():
    shares, nests = [0.15, 0.25, 0.10, 0.20, 0.10], ["b", "a", "b", "a", "c"]
    found = removal_diversion(shares, nests, [1], [0.0, 0.5, 0.0])
    assert found == pytest.approx([0.105882353, 0, 0.070588235, 0.611764706, 0.070588235, 0.141176471], abs=NINE_DIGITS)


@pytest.mark.parametrize(
    ("shares", "nests", "removed", "rho", "words"),
    [
        ([0.5, 0.6], ["a", "b"], [0], 0.0, "not shares"),
        ([0.5, -0.1], ["a", "b"], [0], 0.0, "not shares"),
        ([0.5, float("nan")], ["a", "b"], [0], 0.0, "not shares"),
        ([[0.5, 0.1]], ["a", "b"], [0], 0.0, "one nest per option"),
        (0.5, ["a"], [0], 0.0, "one nest per option"),
        ([0.5, 0.1], ["a"], [0], 0.0, "one nest per option"),
        ([0.5, 0.1], ["a", "b"], [], 0.0, "at least one existing option"),
        ([0.5, 0.1], ["a", "b"], [2], 0.0, "at least one existing option"),
        ([0.5, 0.1], ["a", "b"], [-3], 0.0, "at least one existing option"),
        ([0.5, 0.0], ["a", "b"], [1], 0.0, "no share"),
        ([0.5, 0.1], ["a", "b"], [0], 1.0, "below 1"),
        ([0.5, 0.1], ["a", "b"], [0], -0.1, "at least 0"),
        ([0.5, 0.1], ["a", "b"], [0], float("nan"), "at least 0"),
        ([0.5, 0.1], ["a", "b"], [0], [0.1, 0.1, 0.1], "one per nest"),
        ([0.5, 0.5], ["a", "b"], [0, 1], 0.0, "Leave one option open"),
    ],
)
def test_a_removal_that_has_no_answer_is_refused_in_words(shares, nests, removed, rho, words):
    with pytest.raises(ModelError, match=words):
        removal_diversion(shares, nests, removed, rho)


def placed(shares, outside, room, patience=0.0):
    """Place one customer's 100 in one draw, every option being a nest of its own."""
    wishes, room = np.array(shares)[None, :, None], np.array(room)[:, None]
    flows, not_spent, unplaced = place_month(
        [[100.0]], wishes, [[outside]], room, [patience], [0.0], np.arange(len(shares))
    )
    return flows[0, :, 0], not_spent[0, 0], unplaced[0, 0]


def test_a_full_first_choice_spills_in_proportion_to_the_others():
    flows, not_spent, unplaced = placed([0.5, 0.3, 0.2], 0.0, [30.0, 1e9, 1e9])
    assert flows == pytest.approx([30, 42, 28], abs=1e-12)
    assert (not_spent, unplaced) == (0, 0)


def test_when_everybody_is_full_the_rest_is_unplaced():
    flows, not_spent, unplaced = placed([0.5, 0.3, 0.2], 0.0, [30.0, 20.0, 10.0])
    assert flows == pytest.approx([30, 20, 10], abs=1e-12)
    assert (not_spent, unplaced) == (0, pytest.approx(40, abs=1e-12))


def test_a_spill_can_fill_the_next_in_line():
    # 20 of the first spill 12 : 8; the second has room for 5 of its 12, and the 7 left over have one place to go.
    flows, _, unplaced = placed([0.5, 0.3, 0.2], 0.0, [30.0, 35.0, 1e9])
    assert flows == pytest.approx([30, 35, 35], abs=1e-12)
    assert unplaced == 0


def test_who_waits_waits_once_and_before_choosing_again():
    flows, not_spent, unplaced = placed([0.5, 0.3, 0.1], 0.1, [30.0, 1e9, 1e9], patience=0.25)
    # 5 of the 20 turned away wait; 15 go 3 : 1 : 1.
    assert flows == pytest.approx([30, 39, 13], abs=1e-12)
    assert (not_spent, unplaced) == (pytest.approx(13, abs=1e-12), pytest.approx(5, abs=1e-12))


@pytest.mark.parametrize(
    ("shares", "index", "effective"),
    [([0.3, 0.3, 0.2, 0.2], 2600, 3.8462), ([0.4, 0.3, 0.2, 0.1], 3000, 3.3333), ([1.0], 10_000, 1)],
)
def test_herfindahl_and_the_effective_number(shares, index, effective):
    found = herfindahl(np.array(shares)[:, None])[0]
    assert found == pytest.approx(index, rel=1e-12)
    assert 1e4 / found == pytest.approx(effective, abs=5e-5)


@pytest.mark.parametrize(
    ("firms", "index"), [([1, 1, 1, 1], 2600), ([1, 1, 1, np.inf], 2200), ([1, 3, 2, np.inf], 900 + 300 + 200)]
)
def test_a_pool_is_parted_into_its_firms_in_the_lowest_herfindahl(firms, index):
    shares = np.array([0.3, 0.3, 0.2, 0.2])
    assert herfindahl(shares[:, None], np.array(firms))[0] == pytest.approx(index, rel=1e-12)
    assert herfindahl(shares, np.array(firms)) == pytest.approx(index, rel=1e-12)


MIDDLES = (np.arange(20_000) + 0.5) / 20_000


def moments(figure):
    values = quantile(figure, MIDDLES)
    return values.mean(), values.var()


@pytest.mark.parametrize(
    ("shape", "ends", "mean", "variance", "percentiles"),
    [
        ("pert", (0, 10, 40), 13.333333, 50.793651, (3.057616, 12.552407, 26.296333)),
        ("pert", (10, 20, 60), 25, 75, (12.948869, 23.833613, 41.063836)),
        ("triangular", (0, 10, 40), 16.666667, 72.222222, (4.472136, 15.505103, 32.254034)),
    ],
)
def test_three_point_ranges_have_the_published_moments_and_percentiles(shape, ends, mean, variance, percentiles):
    figure = Range(low=ends[0], central=ends[1], high=ends[2], distribution=shape)
    assert quantile(figure, np.array([0.05, 0.5, 0.95])) == pytest.approx(percentiles, abs=1e-6)
    assert moments(figure) == (pytest.approx(mean, abs=1e-3), pytest.approx(variance, rel=1e-3))


def test_a_log_normal_is_drawn_between_its_ends_as_its_middle_nine_tenths():
    figure = Range(low=2, central=40**0.5, high=20, distribution="lognormal")
    # Uniform levels within the middle nine tenths: 0.05 + 0.9 u.
    assert quantile(figure, np.array([0.0, 0.5, 1.0])) == pytest.approx([2, 6.324555, 20], abs=1e-6)
    logs = np.log(quantile(figure, np.array([0.5, (0.8413447461 - 0.05) / 0.9])))
    assert logs[0] == pytest.approx(1.844440, abs=1e-6)
    assert logs[1] - logs[0] == pytest.approx(0.699936, abs=1e-6), "one standard deviation up"
    assert np.log(20 / 2) / (2 * Z95) == pytest.approx(0.699936, abs=1e-6)
