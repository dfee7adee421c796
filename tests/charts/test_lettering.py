"""Names on charts: as wide as was measured, cut between two signs, and never an amount lost or turned round."""

import polars as pl
import pytest

from shareshift.charts.lettering import BETWEEN, MORE, fitted, labelled, width_of
from shareshift.charts.look import Look
from shareshift.charts.ribbon_nodes import LABEL_ROOM
from shareshift.charts.ribbon_shapes import ribbon_data
from shareshift.charts.shares import LABEL_ROOM as SHARES_ROOM
from shareshift.charts.shares import share_data
from shareshift.charts.theme import DARK, LIGHT, Style
from shareshift.market.market import Market

FAMILY = "👩‍👩‍👧‍👦"
NAMES = {
    "short": "Surge AI",
    "twenty": "Invisible Technology",
    "long": "The Very Long Company Name Incorporated of Delaware " * 4,
    "one word": "Donaudampfschifffahrtsgesellschaft" * 6,
    "hebrew": "שלום עולם חברה בעלת שם ארוך מאוד שלא נגמר",
    "family": f"{FAMILY * 40} Labs",
    "accents": "Z̸̡̛͖͓͕a̷͚l̵g̶o" * 40,
    "chinese": "数据标注有限公司" * 10,
}
WITH_NAMES = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)


def test_the_widths_are_those_of_the_type() -> None:
    # A W and an i of Liberation Sans, by its own table of widths in 2048ths.
    assert width_of("Wi", 2048) == pytest.approx(1933 + 455, abs=2)
    assert width_of("é", 10) == width_of("e", 10)
    assert width_of(FAMILY, 10) == 10


@WITH_NAMES
@pytest.mark.parametrize("room", [84, 165])
def test_a_label_fits_its_room_and_keeps_its_amount(name: str, room: float) -> None:
    label = labelled(name, "$440m", room)
    assert width_of(label, 12.5) <= room
    assert label.endswith(f"{BETWEEN}$440m")
    assert label.startswith(name[:1])


def test_a_name_that_fits_is_whole_and_one_that_does_not_is_cut_between_two_signs() -> None:
    assert fitted("Surge AI", 60) == "Surge AI"
    assert fitted("a\nb", 60) == "a b"
    cut = fitted(FAMILY * 40, 100)
    assert cut == f"{FAMILY * (cut.count(FAMILY))}{MORE}"


def test_an_amount_after_a_name_from_right_to_left_stays_behind_it() -> None:
    assert "\u200e" in labelled("שלום", "$25m", 150)
    assert "\u200e" not in labelled("Turing", "$25m", 150)


@WITH_NAMES
def test_the_labels_of_the_first_page_fit(tiny: Market, name: str) -> None:
    vendors = list(tiny.tables["vendors"]["vendor_id"])
    look = Look(
        names=dict.fromkeys([*vendors, "north"], name), colours=dict.fromkeys(vendors, "#0072b2"),
        incumbent=tiny.incumbent, event_date=tiny.event_date, style=LIGHT,
    )  # fmt: skip
    flows = pl.DataFrame({"customer_id": ["north"], "destination_id": [vendors[1]]}).with_columns(
        pl.lit(1e9).alias(f"{end}_cumulative_flow_usd") for end in ("mean", "p5", "p95")
    )
    arrivals = flows.select("destination_id", pl.selectors.float().name.replace("cumulative_flow", "arrived"))
    nodes = ribbon_data(flows, arrivals, 2e9, look, [])["nodes"]
    for side, rooms in LABEL_ROOM.items():
        for column, (room, size) in rooms.items():
            assert all(width_of(label, size) <= room for label in nodes.filter(side=side)[column])
    shares = pl.DataFrame({"vendor_id": [vendors[1]], "month": [tiny.event_date]}).with_columns(
        pl.lit(0.5).alias(f"{end}_share") for end in ("mean", "p5", "p95")
    )
    assert width_of(share_data(shares, look)["ends"]["label"][0], 12.5) <= SHARES_ROOM


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("style", [LIGHT, DARK], ids=["light", "dark"])
def test_coloured_words_can_be_read(style: Style) -> None:
    colours = (style.incumbent, *style.gainers, style.tail, style.muted)
    assert all(contrast(style.in_words(colour), style.paper) >= 4.5 for colour in colours)
    assert not {*style.worded} & {style.incumbent, *style.gainers}
