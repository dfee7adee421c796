"""The picture of the record: where a mark lies is what its row says."""

import polars as pl
import pytest

from shareshift.charts.look import Look
from shareshift.charts.pictures import market_look
from shareshift.charts.record import draw_record, record_data, record_height
from shareshift.charts.theme import style_for

ROWS = pl.DataFrame({
    "title": ["A", "B"], "metric": ["revenue", "share"], "period_end": [None, None], "observed": [3e8, 0.2],
    "p5": [1e8, 0.1], "p50": [2e8, 0.15], "p95": [2.5e8, 0.3], "inside_90": [False, True],
}).with_columns(period_end=pl.date(2025, 9, 30))  # fmt: skip


@pytest.fixture
def look(tiny) -> Look:
    gains = pl.DataFrame({"vendor_id": ["bolt", "crane"], "mean_displaced_gain_usd": [1.0, 2.0]})
    return market_look(tiny, gains, style_for("light"))


def test_every_row_is_drawn_over_its_median_with_its_own_words(look):
    data = record_data(ROWS, look)["record"]
    assert data["observed"].to_list() == pytest.approx([1.5, 0.2 / 0.15])
    assert data["p50"].to_list() == [1, 1]
    assert data["where"].to_list() == ["outside", "inside"]
    assert data["came"].to_list() == ["$300m", "20.0%"]
    assert data["said"].to_list() == ["$100m / $200m / $250m", "10.0% / 15.0% / 30.0%"]


def test_the_picture_takes_named_data_and_says_what_it_shows(look):
    spec = draw_record(look, record_height(2)).to_dict()
    assert spec["height"] == record_height(2)
    assert "logarithmic" in spec["description"]
    assert spec.get("data", spec["layer"][0].get("data")) == {"name": "record"}
    assert spec["layer"][0]["encoding"]["x"]["scale"]["type"] == "log"
