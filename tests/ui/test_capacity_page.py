"""“Who hits capacity?” on the page: its picture, its sentences and its table."""

from datetime import date

import polars as pl
import pytest

from shareshift.charts.headed_rows import ROW_HEIGHT
from shareshift.charts.look import Look
from shareshift.charts.spill import AXIS_HEIGHT, draw_spill, draws_words, spill_data, spill_height
from shareshift.charts.theme import style_for, vendor_colours
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from shareshift.ui.money.capacity_section import rooms_table
from shareshift.ui.money.capacity_sentences import rooms_finding, rooms_note, worth_sentence
from support.chart_checks import check_fields, check_words_and_types
from support.pages import labels, open_page, open_part, told


@pytest.fixture(scope="module")
def run(tiny):
    return project(tiny, draws=64)


@pytest.fixture(scope="module")
def look(tiny):
    style = style_for("light")
    colours = vendor_colours(style, tiny.incumbent, ["bolt"])
    return Look(names=tiny.names, colours=colours, incumbent=tiny.incumbent, event_date=tiny.event_date, style=style)


def test_the_picture_draws_the_largest_parts_of_its_table(run, look):
    data = spill_data(run.capacity, run.spill, look)
    check_fields(draw_spill(look, 100), data)
    check_words_and_types(draw_spill(look, 100))
    rows = data["spill"]
    assert set(rows["mean"]) <= set(run.spill["mean_spill_usd"])
    assert rows["mean"].max() == run.spill["mean_spill_usd"].max()
    assert (rows["end"] >= rows["mean"]).all()
    drawn = rows.height + data["spill_heads"].height
    assert spill_height(run.capacity, run.spill) == ROW_HEIGHT * drawn + AXIS_HEIGHT
    keys = [*rows["row"], *data["spill_heads"]["row"]]
    assert len(set(keys)) == len(keys)


def capacity(**rows):
    """A table of capacity with (draws full, first full, turned away, worth) by option."""
    return pl.DataFrame(
        [
            {
                "option_id": option,
                "mean_ever_full": full,
                "p50_first_full": date(2026, 3, 1),
                "mean_first_turned_away_usd": away,
                "mean_worth_usd": worth,
                "limit": "monthly_growth" if full else None,
            }
            for option, (full, away, worth) in rows.items()
        ]
    )


NAMES = {"a": "Alpha", "b": "Beta", "acme": "Acme", "in_house": "Built in-house"}
SPILL = pl.DataFrame(
    {"destination_id": ["unplaced", "b", "unplaced", "in_house"], "mean_spill_usd": [9e6, 8e6, 9e6, 4e6]}
)


def test_the_sentences_say_who_is_full_where_the_money_goes_and_what_more_room_is_worth():
    table = capacity(a=(0.41, 30e6, 4.1), b=(0.0, 0.0, 0.0))
    assert rooms_finding(table, NAMES) == "Alpha is at capacity in 41% of simulations, in half of these by March 2026"
    note = rooms_note(table, SPILL, NAMES, "stays with Acme")
    assert "$30m of demand is unmet" in note
    assert "60% stays with Acme and 27% goes to Beta" in note
    assert "how fast capacity can be added" in note
    worth = worth_sentence(table, NAMES, date(2026, 12, 1))
    assert worth.startswith("A little more capacity would bring Alpha $4.10 by December 2026 for every dollar a month")
    assert "$10.00 where it ever hits capacity" in worth


def test_where_customers_own_teams_are_full_first_the_rivals_are_named_too():
    table = capacity(a=(0.003, 2e6, 0.1), in_house=(0.4, 30e6, 3.0))
    assert rooms_finding(table, NAMES).startswith("Customers’ own teams are at capacity in 40% of simulations")
    assert "Among rivals Alpha has most unmet demand: $2.0m, at capacity in under 1% of simulations." in rooms_note(
        table, SPILL, NAMES, "stays with Acme"
    )
    assert "No rival hits capacity." in rooms_note(table[1:], SPILL, NAMES, "stays with Acme")
    assert "bring Alpha $0.10" in worth_sentence(table, NAMES, date(2026, 12, 1))


def test_where_nobody_is_full_that_is_said_plainly():
    table = capacity(a=(0.0, 0.0, 0.0), in_house=(0.0, 0.0, 0.0))
    assert rooms_finding(table, NAMES) == "Nobody hits capacity"
    assert "so none is unmet" in rooms_note(table, SPILL, NAMES, "stays with Acme")
    assert worth_sentence(table, NAMES, date(2026, 12, 1)) is None
    assert draws_words(0.0) == "0% of simulations"


def test_the_table_says_in_words_what_the_frame_says(run, look):
    table = rooms_table(run.capacity, look)
    assert table["Unmet demand, mean USD"].is_sorted(descending=True)
    assert set(table["Who"]) == {"Bolt", "Crane", "Built in-house"}
    assert table["First at capacity, P50"].str.contains(r"^\w{3} 2025$").all()


def section(tiny, look, scenario):
    def script(market, look, scenario):
        from shareshift.ui.money.capacity_section import show_rooms

        show_rooms(market, scenario, look, "Source.")

    return open_part(script, tiny, look, scenario, rooms=True)


def test_the_section_shows_the_finding_the_table_and_the_files(tiny, run, look):
    app = section(tiny, look, Scenario())
    assert rooms_finding(run.capacity, tiny.names) in told(app)
    assert app.dataframe[0].value["Who"].to_list() == rooms_table(run.capacity, look)["Who"].to_list()
    assert "CSV of who hits capacity, and why" in labels(app)


def test_the_section_says_when_capacity_is_switched_off(tiny, look):
    app = section(tiny, look, Scenario(title="Off", capacity=False))
    assert "switched off" in told(app)
    assert not app.dataframe


@pytest.mark.slow
def test_the_section_stays_closed_and_uncomputed_until_it_is_opened(tiny_app):
    app = open_page()
    assert "Who hits capacity?" in [box.label for box in app.expander]
    assert "CSV of who hits capacity, and why" not in labels(app)
    app.session_state["rooms"] = True
    app.run()
    assert not app.exception
    assert "CSV of who hits capacity, and why" in labels(app)
