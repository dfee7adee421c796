"""The tornado against runs with an input held still, what inputs rest on, and what sentences say of the tables."""

import numpy as np
import polars as pl
import pytest

from shareshift.basics.errors import ShareshiftError
from shareshift.market.market import read_market
from shareshift.model.draws.given import GivenDraws
from shareshift.model.draws.streams import Draws
from shareshift.model.keys import InputKey
from shareshift.results.drivers import answer
from shareshift.results.drivers.answer import drivers_of, ranked_drivers
from shareshift.results.drivers.figures import checked_figure, checked_target, figure_values, figures_of, result_label
from shareshift.results.drivers.rows_behind import row_behind, weakness
from shareshift.results.drivers.study import open_study
from shareshift.results.drivers.tornado import DRAWS, ENDS
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from support.places import BUNDLED


@pytest.fixture(scope="module")
def study(tiny):
    return open_study(tiny, Scenario(), Draws(512, 0))


@pytest.fixture(scope="module")
def found(study):
    return drivers_of(study)


def test_a_study_holds_the_draws_of_the_projection(study, tiny):
    units, values = figure_values(project(tiny, Scenario(), 512))
    assert list(units) == list(study.units) == list(figures_of(tiny))
    assert (study.values == values).all()


def test_every_uncertain_input_is_there_and_no_certain_one(study, tiny):
    names = {driver.input_id for driver in study.drivers}
    assert {"growth", "moved_share", "exits", "exits:north", "own_growth:bolt", "momentum:bolt"} <= names
    assert names & {"exit_left", "evidence_spread"} == set()
    assert all(driver.label and driver.unit for driver in study.drivers)
    certain = open_study(tiny, Scenario(parameters={"evidence_spread": 0.0}), Draws(64, 0))
    assert all(driver.figure is None for driver in certain.drivers)


@pytest.mark.parametrize("name", ["moved_share", "exits:north", "momentum:bolt"])
def test_a_swing_is_the_difference_of_two_runs_on_the_same_draws(study, found, tiny, name):
    base = Draws(DRAWS, 0)
    means = []
    for end in ENDS:
        held = GivenDraws(DRAWS, lambda asked, end=end: np.full(DRAWS, end) if asked == name else base.uniform(asked))
        means.append(figure_values(project(tiny, Scenario(), DRAWS, held=held))[1].mean(axis=1))
    rows = {row["figure"]: row for row in found.tornado.filter(input_id=name).iter_rows(named=True)}
    for place, figure in enumerate(study.units):
        assert rows[figure]["mean_at_p10"] == pytest.approx(means[0][place], rel=1e-12)
        assert rows[figure]["mean_at_p90"] == pytest.approx(means[1][place], rel=1e-12)
        assert rows[figure]["swing"] == pytest.approx(means[1][place] - means[0][place], rel=1e-9, abs=1e-6)


def test_the_ends_of_an_input_are_its_own_percentiles(study, found):
    row = found.tornado.row(by_predicate=(pl.col("input_id") == "moved_share") & (pl.col("figure") == "displaced"),
                            named=True)  # fmt: skip
    driver = next(driver for driver in study.drivers if driver.input_id == "moved_share")
    drawn = driver.value(study.uniforms[study.drivers.index(driver)])
    assert [row["p10_input"], row["p90_input"]] == pytest.approx(np.quantile(drawn, ENDS), rel=0.01)
    assert found.tornado.filter(input_id="exits")["p10_input"].null_count() == len(study.units)


def test_each_figure_has_its_rows_the_most_first(study, found):
    for name, column in (("tornado", "swing"), ("register", "at_risk"), ("check_next", "variance_share")):
        for figure in study.units:
            frame = getattr(found.of(figure), name)
            frame = frame.filter("beyond_noise") if name == "check_next" else frame
            sizes = frame[column].abs().to_list()
            assert sizes == sorted(sizes, reverse=True)
    assert [driver.input_id for driver in ranked_drivers(study, found, "displaced")] == (
        found.of("displaced").ranked["input_id"].to_list()
    )


def test_at_risk_is_swing_times_weakness(found):
    of = found.register
    assert of["at_risk"].to_list() == pytest.approx((of["swing"].abs() * of["weakness"]).to_list())
    assert (weakness("A1"), weakness("F6"), weakness("C2")) == (0.0, 1.0, 0.3)


def test_what_an_input_rests_on_is_a_row_the_model_runs_on():
    market = read_market(BUNDLED)
    study = open_study(market, Scenario(), Draws(64, 0))
    ids = {"parameters": "parameter_id", "revenues": "revenue_id", "spend": "spend_id", "events": "event_id"}
    without = set()
    for driver in study.drivers:
        row = row_behind(market, driver.key)
        if row is None:
            without.add(driver.key.kind)
            continue
        own = market.tables[row.table].row(by_predicate=pl.col(ids[row.table]) == row.row_id, named=True)
        assert own["grade"] == row.grade
        assert own.get("used", True)
        assert {own.get("customer_id"), own.get("vendor_id")} >= {driver.key.customer or driver.key.vendor or None} - {
            None
        }
    assert without == {"exits", "momentum", "own_growth"}
    assert row_behind(market, InputKey("exits", "google")).row_id == "google-stance"
    assert row_behind(market, InputKey("growth")).assumed


def test_scatter_holds_draws_of_the_study(study, found):
    frame = found.of("displaced").scatter
    assert (
        frame["input_id"].unique(maintain_order=True).to_list()
        == found.of("displaced").ranked["input_id"][:2].to_list()
    )
    assert set(frame["figure_value"]) <= set(study.values[study.row("displaced")])


def test_progress_runs_to_the_end_and_may_stop(study):
    heard = []
    drivers_of(study, heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drivers_of(study, stop)


def test_of_very_many_inputs_only_those_that_do_most_are_run(study, found, monkeypatch):
    monkeypatch.setattr(answer, "MOST_INPUTS", 6)
    few = drivers_of(study)
    names = few.tornado["input_id"].unique()
    assert len(names) == 6
    assert set(few.of("displaced").ranked["input_id"][:1]) <= set(names)
    assert few.check_next.height == found.check_next.height


def test_a_figure_that_there_is_not_is_named_with_those_there_are(tiny):
    assert checked_figure(tiny, "gain:bolt") == "gain:bolt"
    for figure in ("gain:acme", "gain:", "profit"):
        with pytest.raises(
            ShareshiftError, match=f"--figure {figure}: there is no such figure. .*displaced, .*gain:bolt"
        ):
            checked_figure(tiny, figure)
    with pytest.raises(ShareshiftError, match="--target nan: it is no number"):
        checked_target(float("nan"))
    assert "Bolt" in result_label(tiny, "gain:bolt")


def test_in_another_form_the_inputs_are_those_of_that_form():
    market = read_market(BUNDLED)
    matrix = open_study(market, Scenario(form="diversion_matrix"), Draws(64, 0))
    choices = [driver for driver in matrix.drivers if driver.key.kind == "diversion"]
    assert choices
    for driver in choices:
        row = row_behind(market, driver.key)
        assert row.table == "diversion"
        assert row.row_id in set(market.tables["diversion"]["diversion_id"])
    fair = {driver.input_id for driver in open_study(market, Scenario(form="fair_share"), Draws(64, 0)).drivers}
    assert fair & {"size_pull", "neutrality", "fit", "nest_correlation"} == set()
