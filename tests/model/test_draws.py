"""Draws are a pure function of seed and name: even, independent by name, and the same bits everywhere."""

import itertools
import subprocess
import sys
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy import stats

from shareshift.basics import threads as blocks
from shareshift.market.parameter_records import PARAMETERS
from shareshift.market.parameters import Range
from shareshift.model.draws.points import SCRAMBLINGS, SOBOL_NAMES, _directions, _open_unit, scramblings, windows
from shareshift.model.draws.quantiles import quantile
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import build_inputs
from shareshift.model.sample import draw_sample
from shareshift.results.counting.statistics import summarise
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from support.markets import with_table

NAMES = ["growth", "exits", "exit_staying", "spend:north", "momentum:bolt", "exits:rest"]
GROWTH_OF_FOUR = [0.36310660504342057, 0.5879126272574161, 0.9454833674202541, 0.22068491552718691]
NORTH_OF_FOUR = [0.49442809118052355, 0.7900885033946456, 0.6521510495009238, 0.06557436368239447]


FINGERPRINT = f"""
import hashlib
from shareshift.model.draws.streams import Draws
draws = Draws(96, 3)
print(hashlib.sha256(b"".join(draws.uniform(name).tobytes() for name in {NAMES})).hexdigest())
"""


def test_the_bits_are_the_same_in_another_run_and_another_process(capsys):
    out = subprocess.run([sys.executable, "-c", FINGERPRINT], capture_output=True, text=True, check=True).stdout
    for _ in range(2):
        exec(FINGERPRINT, {})  # noqa: S102 - our own text above
        assert capsys.readouterr().out == out


def test_the_bits_are_those_that_were_published():
    # Every stored projection rests on these; another value here is another engine.
    assert Draws(4, 0).uniform("growth").tolist() == pytest.approx(GROWTH_OF_FOUR, rel=1e-15)
    assert Draws(4, 0).uniform("spend:north").tolist() == pytest.approx(NORTH_OF_FOUR, rel=1e-15)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("count", [64, 256, 4096])
def test_every_scrambling_is_stratified(name, count):
    values = Draws(count, 1).uniform(name).reshape(scramblings(count), -1)
    size = values.shape[1]
    for part in values:
        assert sorted(np.floor(part * size).astype(int)) == list(range(size))


def boxes(first, second, bins):
    return np.histogram2d(first, second, bins=bins, range=[[0, 1], [0, 1]])[0]


def test_the_first_two_dimensions_fill_the_plane_evenly():
    common, revenue = (Draws(4096, 0).uniform(name).reshape(SCRAMBLINGS, -1) for name in SOBOL_NAMES[:2])
    for x, y in zip(common, revenue, strict=True):
        assert (boxes(x, y, 16) == 1).all()


@pytest.mark.parametrize("pair", list(itertools.combinations(SOBOL_NAMES[:6], 2)), ids="-".join)
def test_all_pairs_of_the_first_dimensions_are_even_in_coarser_boxes(pair):
    first, second = (Draws(4096, 0).uniform(name).reshape(SCRAMBLINGS, -1) for name in pair)
    for x, y in zip(first, second, strict=True):
        assert (boxes(x, y, 4) == 16).all()


@pytest.mark.parametrize(("count", "parts"), [(1, 1), (7, 1), (8, 2), (16, 4), (32, 8), (64, 16), (100, 4), (4096, 16)])
def test_draws_fall_into_equal_scramblings(count, parts):
    assert scramblings(count) == parts
    assert Draws(count).uniform("growth").shape == (count,)


def test_no_draws_are_refused():
    with pytest.raises(ValueError, match="at least 1 is needed"):
        Draws(0)


def test_the_direction_numbers_are_scipys():
    ours = _directions()[: len(SOBOL_NAMES)]
    assert ours.shape == (len(SOBOL_NAMES), 32)
    theirs = stats.qmc.Sobol(len(SOBOL_NAMES), scramble=False, bits=32)
    assert (theirs._sv.astype(np.uint64)[:, :32] == ours).all()
    # And they give the same points, whatever the order: scipy walks in Gray code.
    index = np.arange(64, dtype=np.uint64)
    points = np.zeros((len(SOBOL_NAMES), 64), dtype=np.uint64)
    for bit in range(6):
        points ^= ours[:, bit, None] * ((index >> np.uint64(bit)) & np.uint64(1))
    expected = stats.qmc.Sobol(len(SOBOL_NAMES), scramble=False, bits=32).random(64).T
    assert (np.sort(points * 2.0**-32, axis=1) == np.sort(expected, axis=1)).all()


def test_every_parameter_that_is_drawn_has_a_sobol_dimension():
    assert set(PARAMETERS) - set(SOBOL_NAMES) == {"evidence_spread"}
    assert len(set(SOBOL_NAMES)) == len(SOBOL_NAMES)
    assert set(SOBOL_NAMES) - set(PARAMETERS) == {"exits", "incumbent_revenue"}


@pytest.mark.parametrize("name", NAMES)
def test_seeds_scramblings_and_names_have_streams_of_their_own(name):
    values = Draws(256, 0).uniform(name)
    assert not np.isin(values, Draws(256, 1).uniform(name)).any()
    assert np.unique(values).size == values.size
    for other in NAMES:
        if other != name:
            found = Draws(256, 0).uniform(other)
            assert not np.isin(values, found).any()
            # 256 independent draws correlate with a standard error of 1/16.
            assert abs(np.corrcoef(values, found)[0, 1]) < 5 / 16


@pytest.mark.parametrize("name", NAMES)
def test_uniforms_lie_strictly_between_0_and_1_and_are_uniform(name):
    values = Draws(4096, 5).uniform(name)
    assert values.min() > 0
    assert values.max() < 1
    # Stratified: mean and variance are far closer than for random draws.
    assert values.mean() == pytest.approx(0.5, abs=1e-3)
    assert values.var() == pytest.approx(1 / 12, abs=1e-3)


def test_both_ends_of_the_unit_interval_are_strictly_left_out_and_equally_far():
    ends = _open_unit(np.array([0, 2**64 - 1], dtype=np.uint64))
    assert ends.tolist() == [2.0**-53, 1 - 2.0**-53]


def test_more_draws_of_another_input_or_order_of_asking_change_nothing():
    straight, crossed = Draws(64, 0), Draws(64, 0)
    first = [straight.uniform(name) for name in NAMES]
    second = [crossed.uniform(name) for name in reversed(NAMES)]
    assert all((a == b).all() for a, b in zip(first, reversed(second), strict=True))


def test_a_held_value_is_drawn_again_only_when_its_range_changes():
    draws = Draws(16)
    figure = Range(low=0, central=1, high=3, distribution="pert")
    held = draws.value("growth", figure)
    assert draws.value("growth", replace(figure)) is held
    moved = draws.value("growth", replace(figure, high=4))
    assert (moved[:-1] != held[:-1]).all()
    assert (draws.value("growth", figure) == held).all()
    assert held[-1] == 1
    with pytest.raises(ValueError, match="read-only"):
        held[0] = 2.0


class Exponential:
    """The exponential of something drawn from a law of scipy's."""

    def __init__(self, law):
        self.law = law

    def ppf(self, levels):
        return np.exp(self.law.ppf(levels))

    def mean(self):
        return self.law.expect(np.exp)

    def std(self):
        return np.sqrt(self.law.expect(lambda value: np.exp(2 * value)) - self.mean() ** 2)


def peer(figure):
    low, central, high = figure.low, figure.central, figure.high
    width = high - low
    if figure.distribution == "uniform":
        return stats.uniform(low, width)
    if figure.distribution == "triangular":
        return stats.triang((central - low) / width, low, width)
    if figure.distribution == "lognormal":
        # The middle nine tenths of a log-normal: in logarithms a normal, cut at the ends.
        end = stats.norm.ppf(0.95)
        return Exponential(stats.truncnorm(-end, end, np.log(low * high) / 2, np.log(high / low) / (2 * end)))
    return stats.beta(1 + 4 * (central - low) / width, 1 + 4 * (high - central) / width, low, width)


@pytest.mark.parametrize("shape", ["uniform", "triangular", "pert", "lognormal"])
@pytest.mark.parametrize("ends", [(2, 6, 18), (1, 1, 3), (1, 3, 3), (1e6, 1.4e6, 2e6)])
def test_quantiles_and_moments_are_scipys(shape, ends):
    figure = Range(low=ends[0], central=ends[1], high=ends[2], distribution=shape)
    law = peer(figure)
    levels = np.array([1e-9, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1 - 1e-9])
    assert quantile(figure, levels) == pytest.approx(law.ppf(levels), rel=1e-7)
    drawn = quantile(figure, Draws(4096, 0).uniform("growth"))
    assert drawn.mean() == pytest.approx(law.mean(), rel=2e-3)
    assert drawn.std() == pytest.approx(law.std(), rel=2e-2)


@pytest.mark.parametrize("shape", ["fixed", "uniform", "triangular", "pert", "lognormal"])
def test_a_range_without_width_is_its_central_value(shape):
    figure = Range(low=5, central=5, high=5, distribution=shape)
    assert (quantile(figure, np.array([1e-12, 0.5, 1 - 1e-12])) == 5).all()


@pytest.mark.parametrize("shape", ["uniform", "triangular", "pert", "lognormal"])
@pytest.mark.parametrize("ends", [(2, 6, 18), (1e6, 1.4e6, 2e6)])
def test_low_and_high_mean_one_thing_whatever_the_shape_nothing_lies_beyond_them(shape, ends):
    figure = Range(low=ends[0], central=ends[1], high=ends[2], distribution=shape)
    outermost = quantile(figure, np.array([1e-12, 1 - 1e-12]))
    assert outermost == pytest.approx([ends[0], ends[2]], rel=0.02)
    assert ends[0] <= outermost[0] < outermost[1] <= ends[2] * (1 + 1e-12)


@pytest.mark.parametrize("shape", ["uniform", "triangular", "pert", "lognormal"])
def test_narrowing_a_range_never_jumps(shape):
    figure, levels = Range(low=2, central=6, high=18, distribution=shape), np.linspace(0.001, 0.999, 99)
    widths = np.linspace(0, 1, 1001)
    drawn = np.array([quantile(figure.narrowed(width), levels) for width in widths])
    assert np.abs(np.diff(drawn, axis=0)).max() < 0.05, "a thousandth of the width moves nothing far"
    assert quantile(figure.narrowed(0.999), levels) == pytest.approx(quantile(figure, levels), rel=2e-3)


@pytest.mark.parametrize("shape", ["uniform", "triangular", "pert", "lognormal"])
def test_more_uniform_is_never_less_of_an_input(shape):
    figure = Range(low=2, central=6, high=18, distribution=shape)
    assert (np.diff(quantile(figure, np.linspace(0.001, 0.999, 999))) > 0).all()


def test_one_more_customer_leaves_all_other_draws_as_they_were(tiny):
    customers, spend = tiny.tables["customers"], tiny.tables["spend"]
    dune = customers.head(1).with_columns(customer_id=customers["customer_id"].head(1).replace("north", "dune"))
    paid = spend.head(1).with_columns(spend_id=spend["spend_id"].head(1) + "-2", customer_id=dune["customer_id"])
    paid = paid.with_columns(pl.col("^.*_usd_per_year$") / 10)
    more = with_table(with_table(tiny, "customers", dune.vstack(customers)), "spend", spend.vstack(paid))
    old, new = (draw_sample(build_inputs(market, Scenario()), Draws(64, 0)) for market in (tiny, more))
    assert new.spend.shape[0] == old.spend.shape[0] + 1
    for name in ("path", "run_rate", "incumbent_run_rate", "slack", "capacity_growth"):
        assert (getattr(new, name) == getattr(old, name)).all(), name
    everything = slice(None), slice(None)
    assert (new.begun(2)[1:] == old.begun(2)).all()
    assert (new.moved(*everything)[:, 1:] == old.moved(*everything)).all()
    for before, after in zip(old.among_rivals(slice(0, 65)), new.among_rivals(slice(0, 65)), strict=True):
        assert (after[:, new.kind[1:]] == before[:, old.kind]).all()
    # Named customers keep their spend; only the remainder makes room.
    assert (new.spend[1:3] == old.spend[:2]).all()


def test_one_more_vendor_leaves_all_other_draws_as_they_were(tiny):
    vendors, revenues = tiny.tables["vendors"], tiny.tables["revenues"]
    dune = vendors.tail(1).with_columns(vendor_id=vendors["vendor_id"].tail(1).replace("crane", "dune"))
    billed = revenues.tail(1).with_columns(
        revenue_id=revenues["revenue_id"].tail(1) + "-2", vendor_id=dune["vendor_id"]
    )
    more = with_table(with_table(tiny, "vendors", dune.vstack(vendors)), "revenues", revenues.vstack(billed))
    old, new = (draw_sample(build_inputs(market, Scenario()), Draws(64, 0)) for market in (tiny, more))
    for name in ("incumbent_run_rate", "spend", "monthly"):
        assert (getattr(new, name) == getattr(old, name)).all(), name
    assert (new.moved(slice(None), slice(None)) == old.moved(slice(None), slice(None))).all()
    for name in ("run_rate", "slack", "capacity_growth", "base"):
        assert (getattr(new, name)[1:] == getattr(old, name)).all(), name


@pytest.mark.parametrize("customer", ["common", "left", "staying"])
def test_no_customers_name_shares_a_stream_with_another_input(tiny, customer):
    """The streams of a customer are its own, whatever it is called."""
    own = [f"exit:{customer}", f"exits:{customer}", f"spend:{customer}"]
    assert not set(own) & set(SOBOL_NAMES)


@pytest.mark.parametrize("name", ["growth", "spend:north"])
@pytest.mark.parametrize("count", [1, 7, 64, 1000, 4096])
def test_a_window_of_the_draws_is_that_part_of_the_whole(name, count):
    whole = Draws(count).uniform(name)
    for first, last in [(0, count), (count // 3, count), (count // 2, count // 2 + 1), (0, count // 5 + 1)]:
        part = Draws(count).window(first, last)
        assert part.size == last - first
        assert (part.uniform(name) == whole[first:last]).all()


def test_windows_cover_all_draws_and_none_holds_two_scramblings():
    for count in (1, 100, 4096, 4100, 50_000):
        size = count // scramblings(count)
        found = list(windows(count, 700))
        assert [first for first, _ in found] == [0, *(last for _, last in found[:-1])]
        assert found[-1][1] == count
        assert all(0 < last - first <= 700 and first // size == (last - 1) // size for first, last in found)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (-1, 4), (0, 9), (5, 4)])
def test_a_window_outside_the_draws_is_refused(first, last):
    with pytest.raises(ValueError, match="no part of 8"):
        Draws(8).window(first, last)


def test_a_branch_takes_what_is_there_and_keeps_its_own_to_itself():
    trunk, figure = Draws(64), Range(low=1, central=2, high=4, distribution="pert")
    held = trunk.value("growth", figure)
    one, other = trunk.branch(), trunk.branch()
    assert one.value("growth", figure) is held
    assert one.stage("made", "key", lambda: 1) == 1
    moved = one.value("growth", replace(figure, high=5))
    assert other.value("growth", figure) is held
    assert one.value("growth", replace(figure, high=5)) is moved
    assert other.stage("made", "key", lambda: 2) == 2
    assert trunk.value("growth", figure) is held
    assert one.value("growth", figure) is held


def test_a_branch_makes_nothing_again_that_it_or_its_trunk_holds():
    def key(name):
        # Equal whenever it is asked for, and never the same object.
        return name, *"many"

    def never():
        pytest.fail("made again")

    trunk = Draws(64)
    uniform = trunk.uniform("growth")
    trunk.stage("made", key("first"), lambda: 1)
    branch = trunk.branch()
    assert branch.uniform("growth") is uniform
    assert branch.stage("made", key("first"), never) == 1
    assert branch.stage("made", key("second"), lambda: 2) == 2
    assert branch.stage("made", key("second"), never) == 2
    assert branch.stage("made", key("first"), never) == 1
    moved = Range(low=1, central=2, high=5, distribution="pert")
    assert branch.value("growth", replace(moved)) is branch.value("growth", replace(moved))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 17, 100, 1000, 5000])
def test_every_stratum_of_a_latin_hypercube_is_drawn_from_once(count):
    parts = scramblings(count)
    strata = np.floor(Draws(count).uniform("spend:north").reshape(parts, -1) * (count // parts))
    assert (np.sort(strata, axis=1) == np.arange(count // parts)).all()
    if count == 5000:
        assert np.abs(np.corrcoef(strata)[np.triu_indices(parts, 1)]).max() < 0.2


@pytest.fixture(scope="module")
def wide(tiny):
    """600 draws: two full blocks, a broken one, and the central path."""
    return project(tiny, draws=600)


@pytest.mark.parametrize("workers", [1, 2, 4, 8])
def test_the_number_of_threads_changes_no_bit(tiny, wide, monkeypatch, workers):
    monkeypatch.setattr(blocks, "_workers", lambda: workers)
    run = project(tiny, draws=600)
    for name, frame in run.tables.items():
        assert_frame_equal(frame, wide.tables[name], check_exact=True)


@pytest.mark.parametrize("block", [1, 37, 601, 4096])
def test_the_size_of_blocks_changes_no_bit(tiny, wide, monkeypatch, block):
    monkeypatch.setattr(blocks, "BLOCK", block)
    run = project(tiny, draws=600)
    for name, frame in run.tables.items():
        assert_frame_equal(frame, wide.tables[name], check_exact=True)


def test_two_runs_of_the_same_projection_are_the_same_bits(tiny, wide):
    again = project(tiny, draws=600, held=Draws(600, 0))
    for name, frame in again.tables.items():
        assert_frame_equal(frame, wide.tables[name], check_exact=True)


def test_the_engine_gives_the_same_bits_with_draws_that_were_held(tiny):
    held = Draws(64, 0)
    project(tiny, Scenario(parameters={"growth": 0.4, "exodus": 1.0}), draws=64, held=held)
    warm, cold = project(tiny, draws=64, held=held), project(tiny, draws=64)
    for name, frame in cold.tables.items():
        assert_frame_equal(frame, warm.tables[name], check_exact=True)


def test_held_draws_of_another_seed_or_count_are_not_used(tiny):
    cold = project(tiny, draws=64, seed=1).summary
    assert_frame_equal(project(tiny, draws=64, seed=1, held=Draws(64, 0)).summary, cold, check_exact=True)
    assert_frame_equal(project(tiny, draws=64, seed=1, held=Draws(32, 1)).summary, cold, check_exact=True)
    assert not cold.equals(project(tiny, draws=64).summary)


def test_the_standard_error_is_that_of_independent_scramblings():
    figure = Range(low=0, central=1, high=8, distribution="pert")
    found = []
    for seed in range(40):
        draws = Draws(256, seed)
        values = draws.value("growth", figure) * draws.value("spend:north", figure) ** 2
        found.append(summarise(values, draws.scramblings))
    means, errors = ([one[name] for one in found] for name in ("mean", "standard_error"))
    # Forty means scatter by the error they report, give or take the scatter of forty.
    assert np.std(means, ddof=1) == pytest.approx(np.mean(errors), rel=0.3)
    # Clearly less than the error of random draws.
    assert np.mean(errors) < 0.75 * np.std(values) / 16
