"""The notes on the seed documents, the sources and the rows that rest on them say the same."""

import csv
import re
from collections import Counter
from datetime import date

import polars as pl
import pytest

from shareshift.market.market import read_market
from support.places import ROOT

NOTES = ROOT / "seeds"
MARKET = ROOT / "data" / "scale-meta-2025"
# The columns that name a row; joined by / where it takes more than one.
KEYS = {
    "vendors": ("vendor_id",),
    "customers": ("customer_id",),
    "spend": ("spend_id",),
    "revenues": ("revenue_id",),
    "claims": ("claim_id", "reading"),
    "events": ("event_id",),
    "outcomes": ("outcome_id",),
    "parameters": ("parameter_id",),
}
LISTED = re.compile(rf"^- `((?:{'|'.join(KEYS)}):[^`]+)`$", re.MULTILINE)
BULLET = re.compile(r"^- `.*$", re.MULTILINE)


def read(table: str) -> list[dict[str, str]]:
    with (MARKET / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SEEDS = [row for row in read("sources") if row["kind"] == "seed"]
SOURCE_OF = {
    f"{table}:{'/'.join(row[column] for column in columns)}": row["source_id"]
    for table, columns in KEYS.items()
    for row in read(table)
}


def note(seed: dict[str, str]) -> str:
    return (NOTES / seed["seed_file"]).read_text(encoding="utf-8")


each_seed = pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed["source_id"])


def test_the_notes_are_those_of_the_seed_sources():
    assert len(SEEDS) == 3
    assert sorted(path.name for path in NOTES.iterdir()) == sorted(row["seed_file"] for row in SEEDS)


def test_only_seed_sources_name_a_note():
    assert [row["source_id"] for row in read("sources") if row["seed_file"]] == [row["source_id"] for row in SEEDS]


@each_seed
def test_a_note_is_named_after_its_document_and_its_source(seed):
    assert seed["locator"].removesuffix(".txt") == seed["seed_file"].removesuffix(".md")
    assert f"`{seed['source_id']}`" in note(seed)
    assert seed["locator"] in note(seed)


@each_seed
def test_every_row_that_a_note_lists_exists_and_rests_on_its_source(seed):
    listed = LISTED.findall(note(seed))
    assert {row: SOURCE_OF.get(row) for row in listed} == dict.fromkeys(listed, seed["source_id"])


@each_seed
def test_every_row_that_rests_on_a_seed_is_listed_in_its_note(seed):
    rows = {row for row, source in SOURCE_OF.items() if source == seed["source_id"]}
    assert rows
    assert rows - set(LISTED.findall(note(seed))) == set()


@each_seed
def test_a_note_lists_no_row_twice_and_nothing_but_rows(seed):
    listed = LISTED.findall(note(seed))
    assert [row for row, count in Counter(listed).items() if count > 1] == []
    assert len(BULLET.findall(note(seed))) == len(listed)


def test_the_accounts_of_innodata_replace_the_assumption_from_the_day_they_were_out_and_no_earlier():
    market = read_market(MARKET)

    def row(day):
        rows = market.known_by(day).current("revenues", ["vendor_id"])
        return rows.row(by_predicate=pl.col("vendor_id") == "innodata", named=True)

    assert row(date(2025, 7, 30))["basis"] == "assumption"
    later = row(date(2025, 7, 31))
    assert later["derived_from"] == "innodata-2025-q2"
    assert later["central_usd_per_year"] == 4 * 58.4e6
