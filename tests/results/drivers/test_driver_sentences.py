"""Every number of every sentence about drivers, recomputed from its table."""

import polars as pl
import pytest

from shareshift.basics.formats import quantity
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.amounts import amount
from shareshift.results.drivers import sentences
from shareshift.results.drivers.answer import drivers_of
from shareshift.results.drivers.indices import INDICES
from shareshift.results.drivers.study import open_study
from shareshift.scenario.scenario import Scenario


@pytest.fixture(scope="module")
def found(tiny):
    return drivers_of(open_study(tiny, Scenario(), Draws(1024, 0))).of("displaced")


def test_the_lead_names_the_two_that_explain_most(found):
    rows = found.check_next.filter("beyond_noise").sort("variance_share", descending=True).rows(named=True)
    words = sentences.lead("Displaced", found.check_next)
    for row in rows[:2]:
        assert f"“{row['label']}” ({sentences.share_words(row['variance_share'])}" in words
    assert "No single input" in sentences.lead("Displaced", found.check_next.clear())


def test_the_finding_of_the_tornado_gives_both_ends_of_its_widest_row(found):
    rows = found.tornado.with_columns((pl.col("mean_at_p90") - pl.col("mean_at_p10")).abs().alias("width"))
    row = rows.sort("width", descending=True).row(0, named=True)
    words = sentences.tornado_finding("Displaced", found.tornado)
    assert row["label"] in words
    assert f"from {amount(row['mean_at_p10'], 'usd')} (" in words
    assert f"to {amount(row['mean_at_p90'], 'usd')} (" in words
    assert sentences.tornado_finding("Displaced", found.tornado.clear()) == "No input alone moves “Displaced”"


def test_ends_are_told_in_the_unit_of_the_input_or_as_chance(found):
    for row in found.tornado.iter_rows(named=True):
        low, high = sentences.end_words(row)
        assert low
        assert high
        if row["p10_input"] is None:
            assert (low, high) in set(sentences.CHANCE_ENDS.values())
        elif row["unit"] == "share":
            assert float(low.rstrip("%")) == pytest.approx(100 * row["p10_input"], abs=0.6)


def test_what_to_check_next_has_a_row_and_its_share(found):
    checks = found.check_next.filter(pl.col("beyond_noise") & pl.col("row").is_not_null())
    told = sentences.check_next(found.check_next)
    assert 0 < len(told) <= 5
    for one, row in zip(told, checks.iter_rows(named=True), strict=False):
        assert (one.label, one.table, one.row) == (row["label"], row["table"], row["row"])
        assert one.words.startswith(sentences.share_words(row["variance_share"]))
        assert row["source"] in one.words or row["source_id"] == "assumption"


def test_chance_is_told_apart_from_what_can_be_looked_up(found):
    rows = found.check_next.filter(pl.col("beyond_noise") & pl.col("row").is_null())
    words = sentences.chance_sentence(found.check_next)
    for row in rows.iter_rows(named=True):
        assert f"{row['label']} ({sentences.share_words(row['variance_share'])})" in words
    assert not sentences.chance_sentence(found.check_next.clear())


@pytest.mark.parametrize(("first", "words"), [((0.5, 0.2, -0.1), "70%.*30%"), ((0.9, 0.2, 0.0), "100%.*0%")])
def test_what_arises_only_together_is_what_single_inputs_leave(first, words):
    rows = [("displaced", str(n), str(n), one, 0, 0, max(one, 0.1), 0, 0) for n, one in enumerate(first)]
    frame = pl.DataFrame(rows, schema=INDICES, orient="row")
    assert pl.Series([sentences.together_sentence(frame)]).str.contains(words).all()


def test_the_register_names_its_worst_row(found):
    row = found.register.sort("at_risk", descending=True).row(0, named=True)
    words = sentences.register_sentence(found.register)
    assert row["label"] in words
    assert ("assumption of ours" in words) == row["assumption"]
    assert "No row" in sentences.register_sentence(found.register.clear())


@pytest.mark.parametrize("reached", [True, False])
def test_targets_are_told_with_every_slider_and_what_it_then_is(reached):
    row = {"label": "Growth", "unit": "share", "present_value": 0.4, "value": 0.9, "move_share": 0.25}
    frame = pl.DataFrame([{**row, "result": 5.1e8, "reached": reached}])
    words = sentences.target_sentence("Displaced", frame, 3.4e8, 5e8, "usd")
    assert f"“Growth” from {quantity(0.4, 'share')} to {quantity(0.9, 'share')} (25% of its range)" in words
    assert amount(5.1e8, "usd") in words
    assert ("out of reach" in words) != reached
    assert "no slider" in sentences.target_sentence("Displaced", frame.clear(), 3.4e8, 5e8, "usd")


@pytest.mark.parametrize(
    ("share", "words"), [(0.3896, "39%"), (0.0301, "3.0%"), (0.0004, "under 0.1%"), (0.0, "0%"), (0.0996, "10%")]
)
def test_shares_of_variance_carry_the_digits_that_help(share, words):
    assert sentences.share_words(share) == words
