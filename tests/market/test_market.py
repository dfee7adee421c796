"""A market is frozen, knows its content by a digest, and forgets what was not yet known."""

from dataclasses import FrozenInstanceError
from datetime import date

import polars as pl
import pytest

from shareshift.basics.errors import DataError
from shareshift.market.market import RESERVED, read_market

pytestmark = pytest.mark.usefixtures("quick_reading")

STAYED = {
    "event_id": "north-calm", "date": "2025-01-20", "kind": "stance", "title": "North calms down",
    "customer_id": "north", "stance": "staying", "used": "yes", "known_from": "2025-01-20", "source_id": "gazette",
    "grade": "B2", "origin_id": "gazette-2025",
}  # fmt: skip
BILLED = {
    "revenue_id": "bolt-later", "vendor_id": "bolt", "low_usd_per_year": "900", "central_usd_per_year": "900",
    "high_usd_per_year": "900", "distribution": "fixed", "basis": "run_rate", "period_end": "2025-01-31",
    "known_from": "2025-02-01", "used": "yes", "source_id": "gazette", "grade": "B2", "origin_id": "gazette-2025",
}  # fmt: skip


def bolts_run_rate(market):
    rows = market.current("revenues", ["vendor_id"]).filter(vendor_id="bolt")
    assert rows.height == 1
    return rows["central_usd_per_year"][0]


def test_the_digest_is_the_same_for_the_same_content(tiny, broken_market):
    crlf = {f"{name}.csv": lambda data: data.replace(b"\n", b"\r\n") for name in tiny.tables}
    assert read_market(broken_market(files=crlf)).digest == tiny.digest
    assert len(tiny.digest) == 64


def test_the_digest_does_not_depend_on_the_order_of_columns_or_on_quotes(tiny, broken_market):
    folder = broken_market()
    for name in ("spend", "vendors"):
        frame = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
        quoted = frame.select(reversed(frame.columns)).write_csv(quote_style="always")
        # An empty cell stays an empty cell.
        (folder / f"{name}.csv").write_text(quoted, encoding="utf-8")
    assert read_market(folder).digest == tiny.digest


@pytest.mark.parametrize(
    "edit",
    [
        ("spend", 2, "low_usd_per_year", "480.0000001"),
        ("spend", 2, "note", "Another word."),
        ("vendors", 3, "independent", "no"),
        ("vendors", 3, "name", "Bolt "[:-1] + "s"),
        ("events", 2, "date", "2024-12-14"),
        ("parameters", 2, "reason", "Chosen for another example."),
        ("spend", 4, None, ""),
        ("claims", 3, "low", "0.9"),
    ],
)
def test_the_digest_changes_with_any_cell(tiny, broken_market, edit):
    assert read_market(broken_market(edit)).digest != tiny.digest


@pytest.mark.parametrize(("old", "new"), [(b"horizon_months = 3", b"horizon_months = 4"), (b"made-up", b"invented")])
def test_the_digest_changes_with_the_configuration(tiny, broken_market, old, new):
    folder = broken_market(files={"market.toml": lambda data: data.replace(old, new)})
    assert read_market(folder).digest != tiny.digest


def test_a_market_is_frozen(tiny):
    with pytest.raises(FrozenInstanceError):
        tiny.title = "Mine"
    with pytest.raises(TypeError):
        tiny.tables["spend"] = tiny.tables["vendors"]
    with pytest.raises(TypeError):
        tiny.parameters["growth"] = tiny.parameters["exodus"]


def test_names_cover_vendors_customers_and_reserved_destinations(tiny):
    assert tiny.names["bolt"] == "Bolt"
    assert tiny.names["north"] == "North"
    assert tiny.names["in_house"] == RESERVED["in_house"]


def test_a_row_that_became_known_later_does_not_count_yet(broken_market):
    market = read_market(broken_market(("revenues", None, BILLED, "")))
    assert bolts_run_rate(market) == 600
    assert bolts_run_rate(market.known_by(date(2025, 1, 31))) == 600
    later = market.known_by(date(2025, 2, 1))
    assert bolts_run_rate(later) == 900
    assert later.as_of == date(2025, 2, 1)
    assert bolts_run_rate(market) == 600


def test_the_latest_of_several_known_rows_counts_whatever_their_order(broken_market):
    last = BILLED | {"revenue_id": "bolt-last", "known_from": "2025-02-03", "high_usd_per_year": "950"}
    last |= {"low_usd_per_year": "950", "central_usd_per_year": "950"}
    market = read_market(broken_market(("revenues", None, last, ""), ("revenues", None, BILLED, "")))
    assert bolts_run_rate(market.known_by(date(2025, 2, 2))) == 900
    assert bolts_run_rate(market.known_by(date(2025, 2, 3))) == 950


def test_a_row_for_the_record_never_counts(broken_market):
    market = read_market(broken_market(("revenues", None, BILLED | {"used": "no"}, "")))
    assert bolts_run_rate(market.known_by(date(2025, 12, 31))) == 600


def test_a_stance_that_changed_counts_from_the_day_it_was_known(broken_market):
    from shareshift.model.inputs import build_inputs
    from shareshift.scenario.scenario import Scenario

    market = read_market(broken_market(("events", None, STAYED, "")))
    assert build_inputs(market, Scenario()).stances["north"] == "leaving"
    assert build_inputs(market.known_by(date(2025, 1, 19)), Scenario()).stances["north"] == "leaving"
    assert build_inputs(market.known_by(date(2025, 1, 20)), Scenario()).stances["north"] == "staying"


def test_a_date_before_all_evidence_is_refused_with_what_is_missing(tiny):
    with pytest.raises(DataError, match=r"bolt has no used row in revenues\.csv known by 2024-01-01"):
        tiny.known_by(date(2024, 1, 1))


def test_another_date_of_evidence_is_another_digest_when_it_changes_what_counts(broken_market):
    market = read_market(broken_market(("revenues", None, BILLED, "")))
    assert market.known_by(date(2025, 2, 1)).digest != market.digest


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere: is no folder\. Name a folder with market\.toml"):
        read_market(tmp_path / "nowhere")


def test_an_empty_folder_names_every_file_that_is_missing(tmp_path, tiny):
    with pytest.raises(DataError) as caught:
        read_market(tmp_path)
    missing = {fault.file for fault in caught.value.faults if "is missing" in fault.rule}
    assert missing == {"market.toml", *(f"{name}.csv" for name in tiny.tables)}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('incumbent = "acme"', 'incumbent = "nobody"', "names the incumbent nobody, which is not in vendors.csv"),
        ('owner = "south"', 'owner = "nobody"', "names the owner nobody, which is not in customers.csv"),
        ('incumbent = "acme"', "", "column incumbent: is missing. Write a vendor_id."),
        ('incumbent = "acme"', 'incumbent = ["acme"]', "column incumbent: is of the wrong kind. Write a vendor_id."),
        ('"USD"', '"EUR"', "column currency: 'EUR' is not carried yet. Give all amounts in USD, and write USD."),
        ('"USD"', '""', "column currency: is empty. Give all amounts in USD, and write USD."),
        ('"USD"', '"usd"', "column currency: 'usd' is not carried yet. Give all amounts in USD, and write USD."),
        ("event_date = 2024", "event_date = 9999", "column event_date: 9999-12-31 lies before 1900 or after 2200."),
        ("event_date = 2024", "event_date = 2025", "column as_of: 2024-12-31 lies before the event, 2025-12-31."),
        ('owner = "south"', "owner = 5", "column owner: is of the wrong kind. Write a customer_id."),
        ("2024-12-31", '"2024-12-31"', "column event_date: is of the wrong kind. Write a date without"),
        ("horizon_months = 3", "horizon_months = 3.5", "column horizon_months: is of the wrong kind"),
        ("horizon_months = 3", "horizon_months = true", "column horizon_months: is of the wrong kind"),
        ("horizon_months = 3", "horizon_months = 0", "0 is not between 1 and 120"),
        ("horizon_months = 3", "horizon_months = 121", "121 is not between 1 and 120"),
        ("note =", 'new_lines_in_market = "no"\nnote =', "column new_lines_in_market: is of the wrong kind."),
        ("note =", "nota =", "column nota: is no key of market.toml. Remove it."),
        ("title =", "title ==", "market.toml: is no TOML"),
    ],
)
def test_a_configuration_that_is_wrong_is_named(broken_market, old, new, words):
    folder = broken_market(files={"market.toml": lambda data: data.decode().replace(old, new).encode()})
    with pytest.raises(DataError) as caught:
        read_market(folder)
    assert any(str(fault).startswith("market.toml") and words in str(fault) for fault in caught.value.faults)


def test_an_owner_may_be_left_out(broken_market):
    folder = broken_market(files={"market.toml": lambda data: data.replace(b'owner = "south"\n', b"")})
    assert read_market(folder).owner is None


def test_a_market_whose_figures_are_only_foreseen_is_not_overdrawn_by_the_record(tiny):
    # The row of 2023 stays in the table and out of the model.
    spend = tiny.current("spend", ["customer_id", "vendor_id"])
    assert spend["spend_id"].to_list() == ["north-acme", "south-acme"]
    assert "north-acme-2023" in tiny.tables["spend"]["spend_id"]
