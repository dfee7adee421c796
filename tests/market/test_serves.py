"""The table of who serves whom: read, refused where it contradicts, and what it does to choices."""

import numpy as np
import pytest

from shareshift.basics.errors import DataError
from shareshift.market.market import read_market
from shareshift.model.draws.streams import Draws
from shareshift.results.projection import project
from shareshift.scenario.forms import FORMS, MATRIX
from shareshift.scenario.scenario import Scenario
from support.places import DATA, TINY
from support.reference import reference

ROWS = (DATA / "markets" / "serves.csv").read_bytes()
LEAVES = Scenario(capacity=False, customers={name: {"exit": 1.0} for name in ("north", "south", "rest")})


@pytest.fixture
def serving(broken_market):
    """A function that returns the tiny market with a table of who serves whom, some of its text replaced."""

    def made(*edits):
        rows = ROWS
        for old, new in edits:
            assert old.encode() in rows, old
            rows = rows.replace(old.encode(), new.encode())
        return read_market(broken_market(files={"serves.csv": rows}))

    return made


def won(market, scenario=LEAVES):
    return project(market, scenario, 32).migration.cumulative


def test_who_cannot_serve_a_customer_wins_nothing_of_it_and_all_the_same_of_others(serving, tiny):
    with_table, without = won(serving()), won(tiny)
    assert (with_table[0, 1] == 0).all()
    np.testing.assert_allclose(with_table[2], without[2], rtol=1e-12)


def test_a_smaller_part_and_a_smaller_size_win_less(serving):
    full = won(serving(("0.5,150", "1,")))[1, 0]
    assert (won(serving(("0.5,150", "0.5,")))[1, 0] <= full).all()
    assert (won(serving(("0.5,150", "1,150")))[1, 0] <= full).all()
    assert won(serving()).sum() == pytest.approx(won(serving(("0.5,150", "1,"))).sum(), rel=1e-12)


def test_a_table_without_rows_in_use_changes_nothing(serving, tiny):
    market = serving((",yes,", ",no,"))
    assert (won(market) == won(tiny)).all()


@pytest.mark.parametrize("form", [form for form in FORMS if form != MATRIX])
def test_engine_and_reference_agree_on_who_serves_whom(serving, form):
    market, scenario = serving(), Scenario(form=form)
    flows = project(market, scenario, 16).migration.flows(slice(None))
    months = reference(market, scenario, Draws(16))
    expected = [
        [sum(month.flow[c][k] for month in draw) for draw in months] for c in market_customers(market) for k in KEYS
    ]
    np.testing.assert_allclose(flows.reshape(-1, 17), expected, rtol=1e-9, atol=1e-9)


KEYS = ("bolt", "crane", "in_house", "not_spent", "unplaced")


def market_customers(market):
    return market.tables["customers"]["customer_id"]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ((",crane,0,", ",acme,0,"), "is the incumbent, which serves them all"),
        ((",crane,0,", ",crane,1.5,"), "is above 1"),
        ((",crane,0,", ",dray,0,"), "is not in vendors.csv"),
        (("0.5,150", "0.5,0"), "is not above 0"),
        (("south-bolt,south,bolt", "south-bolt,north,crane"), "two rows of the same key"),
    ],
)
def test_a_row_that_breaks_a_rule_is_named(serving, edit, words):
    with pytest.raises(DataError) as error:
        serving(edit)
    assert any("serves.csv" in line and words in line for line in error.value.lines), error.value.lines


def test_a_vendor_may_be_partly_free_of_what_broke(broken_market):
    lines = (TINY / "vendors.csv").read_text().splitlines()
    rows = [lines[0] + ",free_of_cause", *(f"{line},{0.25 if line.startswith('bolt') else ''}" for line in lines[1:])]
    market = read_market(broken_market(files={"vendors.csv": "\n".join(rows).encode()}))
    inputs = project(market, Scenario(), 8).inputs
    assert inputs.independent.tolist() == [0.25, 1.0]
