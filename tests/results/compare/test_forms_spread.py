"""How much of a range is the model: the law of total variance, common draws, and the sentences of what is left out."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from shareshift.basics.errors import ScenarioError
from shareshift.market.market import read_market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.forms import forms_spread, in_form
from shareshift.results.naive import NAIVE
from shareshift.results.projection import project
from shareshift.scenario.forms import MATRIX, NAMED_FORMS
from shareshift.scenario.scenario import Scenario
from support.places import DATA, DIVERSION

DRAWS = 64
FLIGHT = Scenario(
    title="Flight",
    parameters={"exodus": 2.0, "growth": 0.5},
    vendors={"bolt": {"slack": 0.0, "capacity_growth": 0.01}},
)


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """The tiny market with a table of diversion."""
    import shutil

    folder = tmp_path_factory.mktemp("market") / "tiny"
    shutil.copytree(DATA / "markets" / "tiny", folder)
    shutil.copy(DIVERSION, folder)
    return read_market(folder)


@pytest.fixture(scope="module")
def held():
    return Draws(DRAWS)


@pytest.fixture(scope="module")
def found(market, held):
    return forms_spread(market, FLIGHT, held)


@pytest.fixture(scope="module")
def runs(market):
    fresh = Draws(DRAWS)
    return [project(market, in_form(FLIGHT, named), DRAWS, held=fresh) for named in NAMED_FORMS]


def drawn(runs, vendor):
    """Return a rival's gain in every form and draw, as the projections have it; (forms, draws)."""
    return np.array([run.displaced_gain[run.vendors.index(vendor), :, :-1].sum(axis=0) for run in runs])


def gain_of(found, vendor):
    here = (pl.col("vendor_id") == vendor) & (pl.col("measure") == "displaced_gain")
    return found.spread.row(by_predicate=here, named=True)


def naive(found, measure):
    rows = found.ranked(measure).filter("is_naive")
    return {key: frame.sort("vendor_id") for (key,), frame in rows.group_by("form_id", maintain_order=True)}


def test_naive_forecasters_stand_beside_every_form_and_in_no_mixture(found, runs):
    paces = naive(found, "run_rate_at_horizon")
    assert set(paces) == {f"naive_{name}" for name in NAIVE}
    assert set(naive(found, "displaced_gain")) == {"naive_fair_share", "naive_equal_split"}
    assert set(found.spread["highest_form_id"]) | set(found.spread["lowest_form_id"]) <= {
        n.form_id for n in NAMED_FORMS
    }
    assert found.forms.filter("is_naive")["central_value"].is_null().all()
    still = runs[-2].run_rate[1:, :-1].mean(axis=1)
    assert paces["naive_no_change"]["mean_value"].to_list() == pytest.approx(still.tolist(), rel=1e-12)


def test_naive_splits_share_out_what_the_default_form_displaces(found, runs):
    default = runs[[named.form_id for named in NAMED_FORMS].index("nested_logit_with_capacity")]
    won = default.displaced_gain[1:, :, :-1].sum(axis=(0, 1)).mean()
    splits = naive(found, "displaced_gain")
    for rows in splits.values():
        assert rows["mean_value"].sum() == pytest.approx(won, rel=1e-9)
    equal = splits["naive_equal_split"]["mean_value"]
    assert equal.to_list() == pytest.approx([won / len(equal)] * len(equal), rel=1e-9)


@pytest.mark.parametrize("measure", ["displaced_gain", "run_rate_at_horizon"])
def test_rows_of_rivals_are_ranked_by_the_mean_of_the_forms(found, measure):
    rows = found.ranked(measure)
    means = rows.filter(~pl.col("is_naive")).group_by("vendor_id", maintain_order=True).agg(pl.col("mean_value").mean())
    assert means["mean_value"].is_sorted(descending=True)
    assert rows["vendor_id"].rle().len() == means.height


@pytest.mark.parametrize("vendor", ["bolt", "crane"])
def test_variance_within_and_between_forms_is_all_there_is(found, runs, vendor):
    values = drawn(runs, vendor)
    row = gain_of(found, vendor)
    whole = values.reshape(-1).var()
    assert row["variance_from_data"] + row["variance_from_form"] == pytest.approx(whole, rel=1e-9)
    assert row["variance_from_form"] == pytest.approx(values.mean(axis=1).var(), rel=1e-9)
    assert row["share_from_form"] + row["share_from_data"] == pytest.approx(1)
    assert 0 < row["share_from_form"] < 1
    assert row["mean_value"] == pytest.approx(values.mean(), rel=1e-12)
    assert [row["p5_value"], row["p95_value"]] == pytest.approx(np.quantile(values, [0.05, 0.95]).tolist(), rel=1e-12)
    assert row["highest_mean_value"] - row["lowest_mean_value"] == pytest.approx(np.ptp(values.mean(axis=1)), rel=1e-9)
    assert row["highest_form_id"] == NAMED_FORMS[int(values.mean(axis=1).argmax())].form_id


def test_the_error_of_the_mixture_is_that_of_its_mean_over_scramblings(found, runs):
    parts = drawn(runs, "crane").reshape(len(runs), runs[0].scramblings, -1).mean(axis=(0, 2))
    row = gain_of(found, "crane")
    expected = parts.std(ddof=1) / np.sqrt(len(parts))
    assert row["standard_error_value"] == pytest.approx(expected, rel=1e-9)


def test_each_form_is_the_projection_in_that_form(found, runs):
    gains = found.forms.filter(pl.col("measure") == "displaced_gain", ~pl.col("is_naive"))
    for named, run in zip(NAMED_FORMS, runs, strict=True):
        mine = gains.filter(pl.col("form_id") == named.form_id).select("vendor_id", pl.selectors.ends_with("_value"))
        theirs = run.gains[1:].select("vendor_id", pl.selectors.ends_with("displaced_gain_usd"))
        assert mine["vendor_id"].equals(theirs["vendor_id"])
        np.testing.assert_allclose(mine.drop("vendor_id").to_numpy(), theirs.drop("vendor_id").to_numpy(), rtol=1e-12)
        figures = found.forms.filter(pl.col("form_id") == named.form_id, pl.col("vendor_id").is_null())
        assert figures["measure"].to_list() == run.summary["figure"].to_list()
        np.testing.assert_allclose(figures["mean_value"].to_numpy(), run.summary["mean_value"].to_numpy(), rtol=1e-12)


def test_what_no_form_touches_comes_from_the_data_alone(found):
    rows = {row["measure"]: row for row in found.spread.iter_rows(named=True)}
    assert rows["displaced"]["share_from_form"] == pytest.approx(0, abs=1e-20)
    assert rows["displaced"]["share_from_data"] == 1
    assert rows["unplaced"]["share_from_form"] > 0


def test_what_does_not_vary_has_no_shares(market):
    still = Scenario(parameters={"moved_share": 0.0, "evidence_spread": 0.0})
    gains = forms_spread(market, still, Draws(8)).spread.filter(pl.col("measure") == "displaced_gain")
    assert gains["share_from_form"].is_null().all()
    assert gains["share_from_data"].is_null().all()


def test_all_of_a_range_without_uncertain_data_comes_from_the_form(market):
    certain = {customer: {"exit": 1.0} for customer in ("north", "south", "rest")}
    sure = Scenario(parameters={"evidence_spread": 0.0, "momentum_spread": 0.0}, customers=certain)
    gains = forms_spread(market, sure, Draws(8)).spread.filter(pl.col("measure") == "displaced_gain")
    np.testing.assert_allclose(gains["share_from_form"].to_numpy(), 1.0, rtol=1e-12)


def test_the_form_of_the_scenario_itself_does_not_matter(market, held, found):
    other = forms_spread(market, replace(FLIGHT, form="logit", capacity=False), held)
    assert other.forms.equals(found.forms)
    assert other.spread.equals(found.spread)


def test_a_market_without_second_choices_says_that_the_matrix_is_left_out(tiny, held):
    found = forms_spread(tiny, FLIGHT, held)
    (sentence,) = found.skipped
    assert sentence.startswith("Diversion matrix is left out:")
    assert "diversion.csv" in sentence
    assert set(found.forms.filter(~pl.col("is_naive"))["form_id"]) == {
        named.form_id for named in NAMED_FORMS if named.form != MATRIX
    }


def test_nothing_is_left_out_where_the_table_is_there(found):
    assert found.skipped == ()
    assert found.forms["form_id"].n_unique() == len(NAMED_FORMS) + len(NAIVE)


def test_progress_is_told_after_each_form(market, held):
    heard = []
    forms_spread(market, FLIGHT, held, heard.append)
    assert heard == [0.2, 0.4, 0.6, 0.8, 1.0]


def test_a_scenario_that_does_not_fit_is_refused(market, held):
    with pytest.raises(ScenarioError, match="no parameter of this market"):
        forms_spread(market, Scenario(parameters={"nobody": 1.0}), held)
