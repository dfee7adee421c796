"""What a table shows, read back, is what its file says; and no two options read alike."""

import math

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from shareshift.market.market import read_market
from shareshift.ui.compare.choices import Choice, Chosen, pick, refer_to
from shareshift.ui.evidence.rows import evidence_table, tables_of
from shareshift.ui.shell.blocks import as_shown
from shareshift.ui.shell.words import told_apart
from support.places import BUNDLED

AMOUNTS = st.one_of(st.none(), st.floats(-1e12, 1e12), st.floats(-1, 1), st.integers(-9999, 9999).map(float))


def read_back(cell):
    return float(cell.replace(",", "")) if isinstance(cell, str) else cell


def agree(shown, told):
    """Whether a cell reads as its value, to four digits or, of a thousand or more, to the whole number."""
    return math.isclose(read_back(shown), told, rel_tol=5.1e-4, abs_tol=0.5 if abs(told) >= 1000 else 0.0)


@given(st.lists(AMOUNTS, min_size=1, max_size=20))
def test_every_cell_reads_as_its_value(values):
    table = pl.DataFrame({"low": pl.Series(values, dtype=pl.Float64)})
    shown = as_shown(table)["low"].to_list()
    assert [cell is None for cell in shown] == [value is None for value in values]
    assert all(agree(cell, value) for cell, value in zip(shown, values, strict=True) if value is not None)


def test_the_evidence_shows_chances_beside_amounts():
    market = read_market(BUNDLED)
    seen = 0
    for name in tables_of(market):
        table = evidence_table(market, name)
        shown = as_shown(table)
        for column in (name for name in table.columns if table[name].dtype.is_float()):
            pairs = zip(shown[column], table[column], strict=True)
            kept = [(cell, value) for cell, value in pairs if value is not None]
            assert all(agree(cell, value) for cell, value in kept), (name, column)
            seen += sum(0 < abs(value) < 1 for _, value in kept)
    assert seen > 50


@given(st.lists(st.sampled_from(["Baseline", "Baseline (2)", "Twin", ""]), max_size=12))
def test_no_two_options_read_alike(labels):
    found = told_apart(dict(enumerate(labels)))
    assert list(found) == list(range(len(labels)))
    assert len(set(found.values())) == len(labels)
    assert all(words.startswith(label) for words, label in zip(found.values(), labels, strict=True))
    firsts = {label: labels.index(label) for label in labels}
    assert all(found[at] == label for label, at in firsts.items())


def test_a_choice_that_was_taken_off_meanwhile_is_no_reference():
    choices = {key: Choice(choice_id=key, kind="preset", title=key, scenario=None) for key in ("a", "b")}
    chosen = Chosen(digest="", taken=dict(choices))
    pick(chosen, choices, ["b"])
    refer_to(chosen, "a")
    assert list(chosen.taken) == ["b"]
    pick(chosen, choices, ["b", "gone"])
    assert list(chosen.taken) == ["b"]
    pick(chosen, choices, [])
    refer_to(chosen, "b")
    assert chosen.taken == {}
