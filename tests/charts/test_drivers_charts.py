"""The charts of drivers: columns exist, types are stated, and what is drawn is what the tables say."""

import pytest

from shareshift.charts.drivers import indices, scatter, tornado
from shareshift.charts.look import Look
from shareshift.charts.theme import style_for, vendor_colours
from shareshift.model.draws.streams import Draws
from shareshift.results.drivers.answer import drivers_of, ranked_drivers
from shareshift.results.drivers.indices import Exploration
from shareshift.results.drivers.study import open_study
from shareshift.scenario.scenario import Scenario
from support.chart_checks import check_fields, check_words_and_types


@pytest.fixture(scope="module", params=["light", "dark"])
def look(tiny, request):
    style = style_for(request.param)
    colours = vendor_colours(style, tiny.incumbent, [])
    return Look(names=tiny.names, colours=colours, incumbent=tiny.incumbent, event_date=tiny.event_date, style=style)


@pytest.fixture(scope="module")
def study(tiny):
    return open_study(tiny, Scenario(), Draws(128, 0))


@pytest.fixture(scope="module")
def found(study):
    return drivers_of(study)


@pytest.mark.parametrize("figure", ["displaced", "displaced_share", "hhi_at_horizon", "customers_leaving"])
def test_a_tornado_draws_both_ends_of_the_widest_swings(found, look, figure):
    frame = found.of(figure).tornado
    height = tornado.tornado_height(frame.height)
    chart = tornado.draw_tornado(look, height, frame["figure_unit"][0])
    data = tornado.tornado_data(frame, ["x"] * tornado.SHOWN, look)
    check_fields(chart, data)
    check_words_and_types(chart)
    ends = data["bars"].partition_by("which")
    shown = frame.head(tornado.SHOWN)
    assert ends[0]["end"].to_list() == shown["mean_at_p10"].to_list()
    assert ends[1]["end"].to_list() == shown["mean_at_p90"].to_list()
    assert chart.to_dict()["height"] == height == tornado.ROW * shown.height + tornado.FOOT


def test_a_scatter_draws_every_point_and_means_of_equal_parts(found, look):
    frame = found.of("displaced").scatter
    points = frame.filter(input_id=frame["input_id"][0])
    chart = scatter.draw_scatter(look, scatter.HEIGHT, points["unit"][0], points["figure_unit"][0])
    data = scatter.scatter_data(points)
    check_fields(chart, data)
    check_words_and_types(chart)
    assert data["dots"].height == points.height
    assert data["means"].height == scatter.PARTS
    assert data["means"]["figure_value"].mean() == pytest.approx(points["figure_value"].mean())


def test_indices_are_drawn_with_their_intervals_cut_at_nothing(study, found, look):
    runs = Exploration(study=study, figure="displaced", drivers=ranked_drivers(study, found, "displaced"), draws=64)
    while runs.share_done < 1:
        runs.advance()
    table = runs.table()
    chart = indices.draw_indices(look, indices.indices_height(table.height))
    data = indices.indices_data(table)
    check_fields(chart, data)
    check_words_and_types(chart)
    drawn = data["indices"]
    assert drawn["total"].to_list() == table["total"].clip(0, 1).head(indices.SHOWN).to_list()
    assert min(drawn[name].min() for name in drawn.columns if name.startswith(("first", "total_l"))) >= 0
