"""The diversion matrix: its table and the table's rules, and what it makes of displaced money."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from shareshift.basics.errors import DataError, ScenarioError
from shareshift.market.kept import read_kept_market
from shareshift.market.market import read_market
from shareshift.market.schemas import SCHEMAS
from shareshift.model.choices import choices_by_table
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import build_inputs
from shareshift.model.view import View
from shareshift.model.wishes import wishes_of
from shareshift.results.projection import project
from shareshift.scenario.forms import MATRIX, without_effect
from shareshift.scenario.scenario import Scenario
from support.places import DIVERSION

ROWS = (DIVERSION).read_bytes()
DRAWS = 64
LEAVES = {customer: {"exit": 1.0} for customer in ("north", "south", "rest")}
FORM = Scenario(form=MATRIX, customers=LEAVES)


@pytest.fixture
def matrix_market(broken_market, quick_reading):
    """A function that returns the tiny market with a table of diversion, some of its text replaced."""

    def made(*edits):
        rows = ROWS
        for old, new in edits:
            assert old.encode() in rows, old
            rows = rows.replace(old.encode(), new.encode())
        return read_market(broken_market(files={"diversion.csv": rows}))

    return made


def faults(make, *edits):
    with pytest.raises(DataError) as error:
        make(*edits)
    return [str(fault) for fault in error.value.faults]


def shares(market, scenario=FORM, draws=DRAWS):
    inputs = build_inputs(market, scenario)
    everybody = np.arange(len(inputs.customers))
    return choices_by_table(View(inputs, Draws(draws)), everybody)(slice(None))[1].transpose(1, 2, 0)


# The table ------------------------------------------------------------------------------------------------------


def test_a_market_without_the_table_is_what_it_was(tiny, matrix_market):
    market = matrix_market()
    assert "diversion" not in tiny.tables
    assert market.digest != tiny.digest
    assert {name: frame for name, frame in market.tables.items() if name != "diversion"}.keys() == tiny.tables.keys()


def test_the_digest_covers_every_cell_of_the_table(matrix_market):
    digests = {matrix_market().digest, matrix_market(("0.6,0.8", "0.6,0.7")).digest}
    digests.add(matrix_market(("Nobody asked the others; half and half.", "Nobody asked; half and half.")).digest)
    assert len(digests) == 3


def test_the_default_form_does_not_rest_on_the_table(tiny, matrix_market):
    with_it, without = project(matrix_market(), Scenario(), DRAWS), project(tiny, Scenario(), DRAWS)
    assert all(with_it.tables[name].equals(frame) for name, frame in without.tables.items())
    assert with_it.inputs.ranges == without.inputs.ranges


def test_a_kept_market_has_the_table_and_loses_it_with_the_file(broken_market, tmp_path):
    folder, kept = broken_market(files={"diversion.csv": ROWS}), tmp_path / "kept"
    first, again = (read_kept_market(folder, kept) for _ in range(2))
    assert first.digest == again.digest == read_market(folder).digest
    (folder / "diversion.csv").unlink()
    assert "diversion" not in read_kept_market(folder, kept).tables


def test_every_column_of_the_table_is_described():
    columns = SCHEMAS["diversion"].to_schema().columns
    assert all(column.description for column in columns.values())


@pytest.mark.parametrize(
    ("edit", "column", "words"),
    [
        (("north-bolt,2024-12-10,north,bolt", "north-bolt,2024-12-10,north,acme"), "vendor_id", "is the incumbent"),
        (("north,bolt", "nobody,bolt"), "customer_id", "is not in customers.csv"),
        ((",north,bolt", ",north,dray"), "vendor_id", "is not in vendors.csv"),
        (("0.1,0.3,0.5,pert", "0.1,0.7,0.8,pert"), "central", "shares of north add up to 1.3"),
        (("0.1,0.3,0.5,pert", "0.4,0.3,0.5,pert"), "low", "is above central 0.3"),
        (("0.1,0.3,0.5,pert", "0.1,0.3,1.5,pert"), "high", "is above 1"),
        (("0.1,0.3,0.5,pert", "-0.1,0.3,0.5,pert"), "low", "is below 0"),
        (("0.1,0.3,0.5,pert", "0.1,0.3,0.5,fixed"), "distribution", "is called fixed"),
        (("0.1,0.3,0.5,pert", "0.2,0.3,0.45,lognormal"), "distribution", "is not one of the allowed words"),
        (("0.1,0.3,0.5,pert", "0.1,0.3,0.5,"), "distribution", "the cell is empty"),
        (("all-crane,,gazette", "all-grape,,gazette"), "derived_from", "names all-grape, which is no row"),
        (("Nobody asked the others; half and half.", ""), "note", "gives no reason for an assumption"),
        (("all-crane-later,2025-01-20,,crane", "all-crane-later,2025-01-20,,bolt"), None, None),
        (("all-bolt,2024-12-10,,bolt", "all-bolt,2024-12-10,,crane"), "used", "two rows of the same key"),
    ],
)  # fmt: skip
def test_a_row_that_breaks_a_rule_is_named_with_its_place(matrix_market, edit, column, words):
    if column is None:
        assert matrix_market(edit).tables["diversion"].height == 5
        return
    found = faults(matrix_market, edit)
    assert any(f"column {column}" in fault and words in fault for fault in found), found
    assert all(fault.startswith("diversion.csv") for fault in found)


def test_rows_that_leave_a_customer_without_a_second_choice_are_refused(matrix_market):
    edits = [("0.1,0.3,0.5,pert", "0,0,0,fixed"), ("0.5,0.6,0.8,pert", "0,0,0,fixed")]
    assert any("leaves north without any second choice" in fault for fault in faults(matrix_market, *edits))


# The form -------------------------------------------------------------------------------------------------------


def test_a_market_without_the_table_refuses_the_form(tiny):
    with pytest.raises(ScenarioError, match=r"needs the table diversion\.csv") as error:
        project(tiny, FORM, 8)
    assert len(str(error.value).splitlines()) == 1


def test_customers_without_any_second_choice_are_named_together(matrix_market):
    market = matrix_market((",fixed,yes", ",fixed,no"))
    with pytest.raises(ScenarioError, match="has no second choices of south, rest") as error:
        project(market, FORM, 8)
    assert len(str(error.value).splitlines()) == 1


def test_second_choices_add_up_to_1_in_every_draw(matrix_market):
    np.testing.assert_allclose(shares(matrix_market()).sum(axis=1), 1.0, rtol=1e-14)


def test_the_central_path_takes_the_central_shares_scaled_to_1(matrix_market):
    # North: 0.3 and 0.6, so a third and two thirds; the others half and half.
    expected = [[1 / 3, 2 / 3], [0.5, 0.5], [0.5, 0.5]]
    np.testing.assert_allclose(shares(matrix_market())[:, :, -1], expected, rtol=1e-14)


def test_rows_known_later_count_later(matrix_market):
    # Half for Bolt stands, a fifth for Crane is new: 0.5 / 0.7 and 0.2 / 0.7.
    later = matrix_market().known_by(date(2025, 2, 28))
    np.testing.assert_allclose(shares(later)[1, :, -1], [5 / 7, 2 / 7], rtol=1e-14)


def test_what_an_excluded_rival_would_have_had_is_shared_out_in_proportion(matrix_market):
    market, scenario = matrix_market(), Scenario(form=MATRIX, vendors={"bolt": {"excluded": True}})
    with_all, without = (project(market, of, DRAWS) for of in (FORM, scenario))
    wishes, left = (wishes_of(run.inputs, run.sample, slice(None)) for run in (with_all, without))
    kept = 1 - wishes.choices[..., 0]
    np.testing.assert_allclose(left.choices[..., 0], 0)
    np.testing.assert_allclose(left.choices[..., 1:], wishes.choices[..., 1:] / kept[..., None], rtol=1e-12)
    np.testing.assert_allclose(left.outsides, wishes.outsides / kept, rtol=1e-12)


def test_the_matrix_alone_says_who_is_chosen(matrix_market):
    market = matrix_market()
    run = project(market, Scenario(form=MATRIX, capacity=False, customers=LEAVES), DRAWS)
    flows = run.migration.cumulative[:, :2]
    expected = flows.sum(axis=1, keepdims=True) * shares(market)
    assert expected.sum() > 0
    np.testing.assert_allclose(flows, expected, rtol=1e-12)


def test_sliders_of_attraction_have_no_effect_on_the_matrix(matrix_market):
    market, held = matrix_market(), Draws(DRAWS)
    before = project(market, FORM, DRAWS, held=held)
    for name in without_effect(MATRIX, capacity=True):
        for end in (market.parameters[name].minimum, market.parameters[name].maximum):
            after = project(market, FORM.with_parameters(**{name: end}), DRAWS, held=held)
            assert all(after.tables[key].equals(frame) for key, frame in before.tables.items()), name


def test_money_that_finds_a_rival_full_chooses_again_in_proportion(matrix_market):
    vendors = {"bolt": {"slack": 0.0, "capacity_growth": 0.0}, "crane": {"slack": 100.0, "capacity_growth": 10.0}}
    sliders = {"growth": 0.2, "built_in_house": 0.0, "not_spent": 0.1, "patience": 0.0, "evidence_spread": 0.0}
    run = project(matrix_market(), Scenario(form=MATRIX, customers=LEAVES, vendors=vendors, parameters=sliders), DRAWS)
    # The market grows and Bolt does not, so it has no room at all: Crane has its share of all but Bolt's.
    wanted = np.array([0.9 * 2 / 3, 0.45, 0.45])
    flows = run.migration.cumulative[:, :, -1]
    expected = flows.sum(axis=1) * wanted / (wanted + 0.1)
    assert (flows[:, 0] == 0).all()
    np.testing.assert_allclose(flows[:, 1], expected, rtol=1e-9)


def test_the_form_survives_a_file_of_its_market(matrix_market):
    from shareshift.scenario.scenario import read_scenario

    assert read_scenario(FORM.to_toml(), matrix_market()) == FORM


def test_claims_are_tested_under_the_matrix_and_its_rows_are_inputs_in_words(matrix_market):
    from shareshift.results.claims.answer import claims_answer

    answer = claims_answer(project(matrix_market(), FORM, DRAWS))
    rows = answer.tables["inputs_moved"].filter(pl.col("input_id").str.starts_with("diversion:"))
    assert "North: second choice of Bolt" in rows["label"].to_list()
