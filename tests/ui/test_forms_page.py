"""“How much depends on the model?” on the page: its picture, its sentences, and the control for the form."""

import shutil

import polars as pl
import pytest

from shareshift.charts.forms import LEADING, TITLES, draw_forms, forms_data, forms_height
from shareshift.charts.headed_rows import HEAD, ROW
from shareshift.charts.look import Look
from shareshift.charts.theme import style_for, vendor_colours
from shareshift.market.market import read_market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.forms import forms_spread
from shareshift.results.naive import NAIVE
from shareshift.scenario.forms import FORMS, MATRIX, NAMED_FORMS, without_effect
from shareshift.scenario.scenario import Scenario
from shareshift.ui.money.forms_sentences import forms_finding, forms_note
from shareshift.ui.scenario.form_control import idle_sentence
from support.pages import go_to, open_page, open_part, told
from support.places import DIVERSION, TINY

pytestmark = pytest.mark.slow
SPLITS = ("naive_fair_share", "naive_equal_split")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The tiny market with a table of diversion."""
    place = tmp_path_factory.mktemp("market") / "tiny"
    shutil.copytree(TINY, place)
    shutil.copy(DIVERSION, place)
    return place


@pytest.fixture(scope="module")
def market(folder):
    return read_market(folder)


@pytest.fixture(scope="module")
def spread(market):
    return forms_spread(market, Scenario(), Draws(64))


@pytest.fixture(scope="module")
def gains(spread):
    return spread.ranked()


@pytest.fixture
def look(market):
    style = style_for("light")
    return Look(
        names=market.names,
        colours=vendor_colours(style, market.incumbent, ["bolt"]),
        incumbent=market.incumbent,
        event_date=market.event_date,
        style=style,
    )


# The picture ----------------------------------------------------------------------------------------------------


def test_rivals_stand_in_the_order_of_their_mean_over_all_forms(gains):
    forms = gains.filter(~pl.col("is_naive"))
    means = forms.group_by("vendor_id", maintain_order=True).agg(pl.col("mean_value").mean())
    assert means["mean_value"].to_list() == sorted(means["mean_value"], reverse=True)
    assert gains["form_id"].to_list() == [*(form.form_id for form in NAMED_FORMS), *SPLITS] * 2


def test_the_picture_draws_the_numbers_of_its_table(gains, look):
    rows = forms_data(gains, look, "logit")["forms"]
    for name in ("mean", "p5", "p95"):
        assert rows[name].to_list() == gains[f"{name}_value"].to_list()
    filled = rows.filter(pl.col("fill") == pl.col("colour"))
    assert filled["form"].unique().to_list() == ["Logit"]


def test_no_dot_is_filled_where_the_form_of_the_page_has_no_name(gains, look):
    assert set(forms_data(gains, look, None)["forms"]["fill"]) == {look.style.paper}


def test_every_row_has_its_place_its_kind_and_its_words(gains, look):
    data = forms_data(gains, look, None)
    rows = sorted([*data["forms"]["row"], *data["forms_heads"]["row"]])
    assert [row[2] for row in rows] == [HEAD, *ROW * 7] * 2
    assert [row[6:] for row in rows[:3]] == [look.names[gains["vendor_id"][0]], "Fair share", "Logit"]
    assert len(set(rows)) == len(rows)
    shares = gains["share_from_form"].unique(maintain_order=True)
    assert data["forms_heads"]["words"][0].startswith(f"{100 * shares[0]:.0f}%")


def test_no_more_rivals_are_drawn_than_can_be_told_apart(gains, look):
    many = pl.concat([gains.with_columns(pl.lit(f"vendor{i}").alias("vendor_id")) for i in range(LEADING + 2)])
    assert forms_data(many, look, None)["forms_heads"].height == LEADING
    assert forms_height(many) == LEADING / 2 * forms_height(gains)


def test_naive_forecasters_are_grey_and_named_as_such(gains, look):
    rows = forms_data(gains, look, "logit")["forms"]
    naive = rows.filter(pl.col("form").str.starts_with("Naive: "))
    assert naive.height == len(SPLITS) * 2
    assert set(naive["colour"]) == {look.style.muted}
    assert set(naive["fill"]) == {look.style.paper}


def test_a_naive_forecaster_far_out_is_cut_at_the_edge_and_says_so(gains, look):
    far = pl.when("is_naive").then(pl.col("mean_value") * 1e6).otherwise("mean_value").alias("mean_value")
    end = pl.when("is_naive").then(pl.col("p95_value") * 1e6).otherwise("p95_value").alias("p95_value")
    rows = forms_data(gains.with_columns(far, end), look, None)["forms"]
    naive = pl.col("form").str.starts_with("Naive: ")
    most = rows.filter(~naive)["p95"].max()
    assert rows["end"].max() == pytest.approx(1.25 * most)
    assert rows.filter(naive)["short"].str.ends_with(" →").all()
    assert not rows.filter(~naive)["short"].str.contains("→").any()


@pytest.mark.parametrize("measure", TITLES)
def test_the_picture_encodes_only_columns_it_is_given(spread, look, measure):
    gains = spread.ranked(measure)
    chart = draw_forms(look, forms_height(gains), measure).to_dict()
    data = forms_data(gains, look, None)
    assert TITLES[measure] in str(chart)
    for layer in chart["layer"]:
        columns = data[layer["data"]["name"]].columns
        fields = [part["field"] for part in layer["encoding"].values() if isinstance(part, dict) and "field" in part]
        assert set(fields) <= set(columns)
    assert chart["description"]


# The sentences --------------------------------------------------------------------------------------------------


def row(vendor, share, low=10e6, high=30e6):
    parts = {
        "measure": "displaced_gain",
        "share_from_form": share,
        "share_from_data": None if share is None else 1 - share,
    }
    ends = {"lowest_form_id": "logit", "lowest_mean_value": low, "highest_form_id": "fair_share"}
    return {"vendor_id": vendor, **parts, **ends, "highest_mean_value": high}


def test_the_finding_tells_the_leading_rivals_parts_and_they_add_up():
    names = {"a": "Alpha", "b": "Beta"}
    for share, model, data in (
        (0.182, "18%", "82%"),
        (0.005, "0%", "100%"),
        (0.495, "50%", "50%"),
        (1.0, "100%", "0%"),
    ):
        finding = forms_finding(pl.DataFrame([row("a", share), row("b", 0.9)]), names)
        assert (
            finding == f"Of the range of Alpha’s gain, {model} comes from the choice of model and {data} from the data"
        )


def test_the_note_names_the_ends_and_for_whom_the_choice_matters_most():
    names = {"a": "Alpha", "b": "Beta"}
    note = forms_note(pl.DataFrame([row("a", 0.2), row("b", 0.9)]), names)
    assert "from $10m (logit) to $30m (fair share)" in note
    assert "matters most for Beta: 90%" in note
    assert "assumption" in note
    assert "matters most" not in forms_note(pl.DataFrame([row("a", 0.9), row("b", 0.2)]), names)


def test_what_does_not_vary_is_said_plainly():
    still = pl.DataFrame([row("a", None)], schema_overrides={"share_from_form": pl.Float64()})
    assert forms_finding(still, {}) == "a’s gain is the same in every form and every simulation"
    assert "matters most" not in forms_note(still, {})


def test_sliders_without_effect_are_named_in_the_readers_words(market):
    assert idle_sentence(market, "nested_logit", capacity=True) is None
    assert idle_sentence(market, "logit", capacity=True) == "Without effect in this form: Closeness within a nest."
    sentence = idle_sentence(market, "fair_share", capacity=False)
    for name in without_effect("fair_share", capacity=False):
        assert market.parameters[name].label in sentence


# The control ----------------------------------------------------------------------------------------------------


def asking(market):
    import streamlit as st

    from shareshift.ui.scenario.form_control import ask_form

    held = st.session_state.setdefault("held", ("nested_logit", True))

    def take(form, capacity):
        st.session_state["held"] = (form, capacity)

    ask_form(market, *held, take)


def test_the_control_tells_what_was_chosen_and_shows_what_holds(market):
    app = open_part(asking, market)
    assert app.selectbox(key="form-choice").options == list(FORMS.values())
    app.selectbox(key="form-choice").select("logit").run()
    assert app.session_state["held"] == ("logit", True)
    app.toggle(key="form-capacity").set_value(False).run()
    assert app.session_state["held"] == ("logit", False)
    assert "Without effect in this form" in app.caption[0].value
    app.session_state["held"] = ("nested_logit", True)
    app.run()
    assert app.selectbox(key="form-choice").value == "nested_logit"
    assert app.toggle(key="form-capacity").value is True
    assert not app.exception


def test_the_matrix_is_not_offered_where_there_is_no_table(tiny):
    app = open_part(asking, tiny)
    assert FORMS[MATRIX] not in app.selectbox(key="form-choice").options


# The section ----------------------------------------------------------------------------------------------------

BASELINE = Scenario()


def showing(market, look, scenario):
    from shareshift.ui.money.forms_section import show_forms

    show_forms(market, scenario, look, "Where it comes from.")


def section(market, look, scenario=BASELINE, opened=True):
    return open_part(showing, market, look, scenario, forms=opened)


def test_nothing_is_run_before_the_section_is_opened(market, look):
    app = section(market, look, opened=False)
    assert not app.get("vega_lite_chart")
    assert not app.exception


def test_the_open_section_shows_the_finding_the_picture_and_its_files(market, look, gains):
    app = section(market, look)
    assert forms_finding(gains, market.names) in told(app)
    assert len(app.get("vega_lite_chart")) == 1
    assert len(app.get("download_button")) == 2


def test_all_five_naive_forecasters_stand_beside_the_forms_on_the_run_rate(market, look, spread):
    app = section(market, look)
    app.segmented_control(key="forms-of").set_value("run_rate_at_horizon").run()
    assert not app.exception
    pace = spread.ranked("run_rate_at_horizon")
    assert forms_finding(pace, market.names) in told(app)
    assert pace.filter("is_naive")["form_id"].n_unique() == len(NAIVE)


def test_a_form_that_is_not_among_those_drawn_is_named(market, look):
    app = section(market, look, Scenario(form="fair_share"))
    assert "fair share with capacity is not among the forms drawn" in told(app)


def test_a_market_without_the_table_reads_why_the_matrix_is_missing(tiny, look):
    app = section(tiny, look)
    assert any("Diversion matrix is left out" in caption.value for caption in app.caption)


def test_the_form_chosen_beside_the_sliders_holds_for_the_page_its_link_and_the_sliders(tiny_app):
    app = open_page(state={"more-sliders": True})
    assert not any(slider.disabled for slider in app.slider)
    app.selectbox(key="form-choice").select("fair_share").run()
    app.toggle(key="form-capacity").set_value(False).run()
    assert not app.exception
    assert app.query_params["form"] == "fair_share"
    disabled = {slider.key.removeprefix("slider-") for slider in app.slider if slider.disabled}
    assert disabled == set(without_effect("fair_share", capacity=False))
    go_to(app, "scenarios")
    shown = {box.value for box in app.selectbox}
    assert "fair_share" in shown
    app.selectbox(key="form-choice").select("logit").run()
    assert not app.exception
    # One control, wherever it stands.
    assert sum(box.value == "logit" for box in app.selectbox) == 1
    assert app.query_params["form"] == "logit"
