"""Everything that can be wrong with a table is named: file, row, column, value, rule and remedy, all at once."""

import gzip
import io
import re
import zipfile
import zlib

import polars as pl
import pytest

from shareshift.basics.errors import DataError, Fault
from shareshift.market.checking import check_table, table_columns
from shareshift.market.market import TABLES, read_market
from shareshift.market.reading import MAX_BYTES, read_table
from shareshift.market.rules import all_rules as rules
from shareshift.market.schemas import SCHEMAS

pytestmark = pytest.mark.usefixtures("quick_reading")


def faults_of(folder):
    with pytest.raises(DataError) as caught:
        read_market(folder)
    return caught.value


def sentences(folder):
    return [str(fault) for fault in faults_of(folder).faults]


def only(folder):
    """Return the one fault of a market, as a sentence."""
    found = sentences(folder)
    assert len(found) == 1, found
    return found[0]


def test_the_market_that_the_tests_break_is_whole(broken_market):
    assert read_market(broken_market()).incumbent == "acme"


# One cell ------------------------------------------------------------------------------------------------------------

PLAIN = "is not a plain number"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1e400", "is not finite"),
        ("-1e400", "is not finite"),
        ("inf", PLAIN),
        ("-inf", PLAIN),
        ("nan", PLAIN),
        ("NaN", PLAIN),
        ("NA", PLAIN),
        ("1e16", "is above 1"),
        ("-1", "is below 0"),
        ("1,234.50", PLAIN),
        ("2,5", PLAIN),
        ("$5.00", PLAIN),
        ("12%", PLAIN),
        ("(5.00)", PLAIN),
        ("−5", PLAIN),
        ("1 200", PLAIN),
        ("1_200", PLAIN),
        ("0x10", PLAIN),
        ("１２", PLAIN),
        ("٥", PLAIN),
        ("TRUE", PLAIN),
        ("5 ", "spaces around it"),
        ("\u00a05", "spaces around it"),
        ("5\u200b", "invisible characters"),
        ("", "the cell is empty"),
    ],
)
def test_a_cell_that_is_no_number_is_named_and_nothing_is_guessed(broken_market, text, words):
    folder = broken_market(("spend", 2, "low_usd_per_year", text))
    named = [s for s in sentences(folder) if s.startswith("spend.csv, row 2, column low_usd_per_year: ")]
    assert any(words in sentence for sentence in named), named
    assert all(sentence.endswith(".") for sentence in named)


@pytest.mark.parametrize(("text", "value"), [("480", 480), ("4.8e2", 480), ("+480.0", 480), (".5", 0.5), ("480.", 480)])
def test_plain_numbers_are_read_as_they_stand(broken_market, text, value):
    market = read_market(broken_market(("spend", 2, "low_usd_per_year", text)))
    assert market.tables["spend"]["low_usd_per_year"][0] == value


@pytest.mark.parametrize(
    "text",
    [
        "30.06.2025",
        "2025-6-30",
        "2025-02-30",
        "20250630",
        "45838",
        "45838.5",
        "06/30/2025",
        "1",
        "2025-06-30T00:00",
        "2025-W26-1",
        "2025-06",
    ],
)
def test_a_cell_that_is_no_date_is_named(broken_market, text):
    found = sentences(broken_market(("spend", 2, "known_from", text)))
    assert any(s.startswith(f"spend.csv, row 2, column known_from: {text} is not a date") for s in found), found
    assert any("2025-06-30" in sentence for sentence in found)


@pytest.mark.parametrize("text", ["1", "Yes", "y"])
def test_a_cell_that_is_neither_yes_nor_no_is_named(broken_market, text):
    found = sentences(broken_market(("spend", 2, "used", text)))
    assert f"spend.csv, row 2, column used: {text} is neither yes nor no. Write yes or no." in found


@pytest.mark.parametrize(
    ("column", "texts", "words"),
    [
        ("known_from", ["45838", "45626.0"], "is not a date but a spreadsheet's count of days. Format the column"),
        ("used", ["TRUE", "False", "WAHR", "faux"], "is a spreadsheet's TRUE or FALSE, neither yes nor no. Format"),
    ],
)
def test_what_a_spreadsheet_made_of_a_cell_is_named_as_what_it_is(broken_market, column, texts, words):
    for text in texts:
        assert only(broken_market(("spend", 2, column, text))).startswith(
            f"spend.csv, row 2, column {column}: {text} {words}"
        )


def test_a_column_that_a_spreadsheet_changed_is_told_once(broken_market):
    error = faults_of(broken_market(*(("parameters", line, "in_view", "TRUE") for line in range(2, 10))))
    assert len(error.lines) == 1
    error = faults_of(broken_market(*(("events", line, "date", str(45000 + line)) for line in range(2, 6))))
    assert len(error.lines) == 1


@pytest.mark.parametrize("name", ["می\u200cخواهم", "👩\u200d🔬 Lab", "नर्\u200dस"])
def test_signs_that_join_words_and_emoji_belong_to_a_name(broken_market, name):
    assert read_market(broken_market(("vendors", 3, "name", name))).names["bolt"] == name


@pytest.mark.parametrize("name", ["\u200dBolt", "Bolt\u200c", "Bo\u200elt", "Bo\u00adlt"])
def test_signs_that_join_nothing_do_not(broken_market, name):
    assert "has invisible characters" in only(broken_market(("vendors", 3, "name", name)))


@pytest.mark.parametrize(
    ("table", "column", "text", "words"),
    [
        ("spend", "basis", "guess", "guess is not one of the allowed words. Use one of recognised, run_rate"),
        ("spend", "grade", "Z9", "Z9 is not an Admiralty grade"),
        ("sources", "reliability", "G", "G is not an Admiralty grade"),
        ("vendors", "vendor_id", "Acme Inc", "Acme Inc is not a key"),
        ("vendors", "segments", "text, images", "text, images is not a key"),
        ("vendors", "name", "", "the cell is empty"),
        ("vendors", "name", "Bo\u200blt", "has invisible characters"),
        ("vendors", "independent", "", "the cell is empty"),
        ("customers", "competes_with_owner", "1.5", "1.5 is above 1"),
        ("parameters", "step", "0", "0.0 is not above 0"),
        ("parameters", "group", "misc", "Use one of who leaves, how fast"),
    ],
)
def test_a_cell_that_breaks_its_columns_rule_is_named(broken_market, table, column, text, words):
    found = sentences(broken_market((table, 3, column, text)))
    place = f"{table}.csv, row 3, column {column}: "
    assert any(sentence.startswith(place) and words in sentence for sentence in found), found


@pytest.mark.parametrize("column", ["low", "central", "high", "minimum", "maximum", "step"])
@pytest.mark.parametrize("text", ["", "many", "1e400"])
def test_a_parameter_whose_number_cannot_be_read_is_named_and_nothing_breaks(broken_market, column, text):
    found = sentences(broken_market(("parameters", 2, column, text)))
    assert any(sentence.startswith(f"parameters.csv, row 2, column {column}: ") for sentence in found), found


def test_a_key_that_stands_twice_is_named_where_it_stands(broken_market):
    found = sentences(broken_market(("spend", 3, "spend_id", "north-acme")))
    assert any("column spend_id: north-acme stands more than once. Give every row its own key." in s for s in found)


def test_ids_keep_their_leading_zeros(broken_market):
    edits = [("vendors", 3, "vendor_id", "007"), ("revenues", 3, "vendor_id", "007"), ("claims", 2, "vendor_id", "007")]
    assert read_market(broken_market(*edits)).tables["vendors"]["vendor_id"].to_list() == ["acme", "007", "crane"]


# One file ------------------------------------------------------------------------------------------------------------


def zipped(data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("vendors.csv", data)
    return buffer.getvalue()


def swapped(old, new):
    return lambda data: data.replace(old, new)


ZSTD_FRAME = b"\x28\xb5\x2f\xfd\x04\x58\x41\x00\x00vendor_i\x7d"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "vendors.csv: the file is missing"),
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (lambda data: data.split(b"\n")[0] + b"\n", "the table has no rows"),
        (gzip.compress, "compressed (gzip)"),
        (zipped, "compressed (zip)"),
        (zlib.compress, "compressed (zlib)"),
        (lambda data: zlib.compress(data, 9), "compressed (zlib)"),
        (lambda data: zlib.compress(data, 1), "compressed (zlib)"),
        (ZSTD_FRAME, "compressed (zstd)"),
        (b"BZh91AY&SY", "compressed (bzip2)"),
        (b"\xfd7zXZ\x00\x00", "compressed (xz)"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is a PNG picture, not text"),
        (b"%PDF-1.7", "is a PDF, not text"),
        (b"PAR1\x15\x04", "is Parquet, not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is an old Excel file, not text"),
        (lambda data: data.decode().encode("utf-16"), "is UTF-16. Save it as UTF-8"),
        (lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"), "is UTF-16"),
        (lambda data: data.decode().encode("utf-16-le"), "holds NUL bytes"),
        (swapped(b"Bolt", b"Bo\x00lt"), "holds NUL bytes"),
        (swapped(b"Bolt", "Bölt".encode("latin-1")), "row 3: the file is not UTF-8"),
        (swapped(b"\n", b"\r"), "lines end in CR alone"),
        (lambda data: b"sep=,\n" + data, "row 1: the first line is Excel's sep= line. Delete that line."),
        (lambda data: b"\xef\xbb\xbfsep=;\n" + data, "Excel's sep= line"),
        (swapped(b",", b"\t"), "row 1: the cells are not separated by commas"),
        (swapped(b",", b";"), "row 1: the cells are not separated by commas"),
        (
            swapped(b",", b";"),
            "not separated by commas but by semicolons, as spreadsheets with decimal commas do. Open",
        ),
        (lambda data: b"\xef\xbb\xbf" + data.replace(b",", b";"), "but by semicolons"),
        (lambda data: data.replace(b"\n", b",,\n"), "row 1: 2 columns have no name. Delete them"),
        (b",,,\n", "row 1: 4 columns have no name. Delete them"),
        (swapped(b"bolt,Bolt,", b"bolt," + b"x" * 131_073 + b","), "or a cell holds more than 131,072 characters"),
        (swapped(b",", b"|"), "row 1: the cells are not separated by commas"),
        (swapped(b"vendor_id,", b"\xe2\x80\x8bvendor_id,"), "has invisible characters"),
        (swapped(b"vendor_id,", b"vendor_id ,"), "spaces around it. Type the column name again."),
        (swapped(b"vendor_id,name", b"vendor_id,vendor_id"), "column vendor_id: stands twice. Keep one of them."),
        (
            swapped(b",name,", b",Name,"),
            "column Name: is not a column of this table. The header is ",
        ),
        (swapped(b",name,", b",Name,"), "column name: the column is missing"),
        (swapped(b"bolt,Bolt,", b"bolt,Bolt,extra,"), "row 3: the row has 9 cells, the header 8"),
        (swapped(b"bolt,Bolt,", b"bolt,"), "row 3: the row has 7 cells, the header 8"),
        (swapped(b"bolt,Bolt,", b"bolt;Bolt;"), "row 3: the row has 6 cells, the header 8"),
        (swapped(b"bolt,Bolt,", b'bolt,"Bolt,'), "row 3: a quote is not closed or stands inside a cell"),
        (swapped(b"bolt,Bolt,", b'bolt,"Bo"lt,'), "row 3: a quote is not closed or stands inside a cell"),
    ],
)
def test_a_file_that_is_no_plain_table_is_refused_by_name(broken_market, content, words):
    found = sentences(broken_market(files={"vendors.csv": content}))
    assert any(sentence.startswith("vendors.csv") and words in sentence for sentence in found), found
    # What follows from the broken file alone is not reported as faults of the others.
    assert all(sentence.startswith("vendors.csv") for sentence in found), found


def test_a_line_of_commas_alone_is_a_blank_line(tiny, broken_market):
    table = read_market(broken_market(files={"vendors.csv": lambda data: data + b",,,,,,,\n,,,,,,,\n"})).tables[
        "vendors"
    ]
    assert table.equals(tiny.tables["vendors"])


@pytest.mark.parametrize("kind", ["folder", "broken link"])
def test_what_is_no_plain_file_is_not_said_to_be_missing(broken_market, kind):
    folder = broken_market(files={"vendors.csv": None})
    if kind == "folder":
        (folder / "vendors.csv").mkdir()
    else:
        (folder / "vendors.csv").symlink_to(folder / "nowhere.csv")
    assert only(folder) == "vendors.csv: is no plain file. Put the file itself into the market's folder."


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(tiny, broken_market, ends, mark):
    folder = broken_market(files={"vendors.csv": lambda data: mark + data.replace(b"\n", ends)})
    assert read_market(folder).tables["vendors"].equals(tiny.tables["vendors"])


def test_a_file_that_is_too_large_is_not_read(broken_market):
    folder = broken_market(files={"vendors.csv": lambda data: data + b"x" * MAX_BYTES})
    assert only(folder) == "vendors.csv: the file is larger than 20 MB. Split it or leave rows out."


def test_too_many_rows_are_refused(broken_market):
    folder = broken_market(files={"vendors.csv": lambda data: data + b"a,,,,,,\n" * 100_001})
    assert "more than 100,000 rows" in only(folder)


def test_an_unclosed_quote_in_a_big_file_gives_a_short_message(broken_market):
    folder = broken_market(files={"vendors.csv": lambda data: data + b'dune,"Du' + b"ne,experts\n" * 1_000_000})
    error = faults_of(folder)
    assert "vendors.csv, row 5: a quote is not closed" in str(error)
    assert len(str(error)) < 300


def test_a_giant_cell_is_shortened_in_the_message(broken_market):
    folder = broken_market(("vendors", 3, "nest", "x y" * 30_000))
    assert len(str(faults_of(folder))) < 400


def test_control_characters_do_not_reach_the_message(broken_market):
    message = str(faults_of(broken_market(("vendors", 3, "nest", "a\x1b[31mb\nc"))))
    assert "\x1b" not in message
    assert "\\x1b" in message


def test_a_quoted_cell_of_several_lines_keeps_the_line_numbers_right(broken_market):
    folder = broken_market(("spend", 2, "note", "one\ntwo\nthree"), ("spend", 3, "basis", "guess"))
    assert any(s.startswith("spend.csv, row 5, column basis: guess") for s in sentences(folder))


def test_blank_lines_keep_the_line_numbers_right(broken_market):
    folder = broken_market(files={"vendors.csv": swapped(b"bolt,Bolt,experts", b"\n\nbolt,Bolt,Ex perts")})
    assert any(s.startswith("vendors.csv, row 5, column nest: Ex perts") for s in sentences(folder))


@pytest.mark.parametrize(
    ("table", "column"),
    [("vendors", "firms"), ("customers", "firms"), ("claims", "kind"), ("revenues", "gross"), ("outcomes", "gross")],
)
def test_a_column_that_may_be_left_out_is_read_as_empty_and_refused_where_wrong(broken_market, table, column):
    folder = broken_market()
    frame = pl.read_csv(folder / f"{table}.csv", infer_schema=False)
    frame.drop(column, strict=False).write_csv(folder / f"{table}.csv")
    assert read_market(folder).tables[table][column].null_count() == frame.height
    frame.with_columns(pl.lit("some").alias(column)).write_csv(folder / f"{table}.csv")
    assert all(f"column {column}: some is not" in sentence for sentence in sentences(folder))


def test_columns_may_stand_in_any_order(tiny, broken_market):
    folder = broken_market()
    frame = pl.read_csv(folder / "vendors.csv", infer_schema=False)
    frame.select(reversed(frame.columns)).write_csv(folder / "vendors.csv")
    assert read_market(folder).tables["vendors"].equals(tiny.tables["vendors"])


# One frame -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_of_the_tiny_market_are_clean(tiny, table):
    assert check_table(table, tiny.tables[table]) == []


def test_a_lazy_frame_does_not_let_bad_values_through(tiny):
    bad = tiny.tables["spend"].with_columns(basis=pl.lit("guess"))
    faults = check_table("spend", bad.lazy())
    assert [fault.row for fault in faults] == [2, 3, 4]
    assert check_table("spend", tiny.tables["spend"].lazy()) == []


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), None])
def test_infinity_and_nothing_do_not_pass_as_amounts(tiny, value):
    bad = tiny.tables["spend"].with_columns(pl.lit(value, dtype=pl.Float64).alias("high_usd_per_year"))
    assert {(fault.row, fault.column) for fault in check_table("spend", bad)} == {
        (row, "high_usd_per_year") for row in (2, 3, 4)
    }


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_frame_does_not_pass(tiny, table):
    assert [str(fault) for fault in check_table(table, tiny.tables[table].clear())] == [
        f"{table}.csv: the table has no rows. Add at least one row."
    ]


@pytest.mark.parametrize("table", ["customers", "claims", "events"])
def test_a_required_column_of_nulls_does_not_pass(tiny, table):
    for name, column in SCHEMAS[table].to_schema().columns.items():
        if not column.nullable:
            bad = tiny.tables[table].with_columns(pl.lit(None, dtype=tiny.tables[table].schema[name]).alias(name))
            faults = check_table(table, bad)
            assert {fault.column for fault in faults} == {name}
            assert "the cell is empty" in str(faults[0])


def test_a_frame_of_another_shape_is_named_column_by_column(tiny):
    frame = tiny.tables["vendors"]
    assert "column name: the column is missing" in str(check_table("vendors", frame.drop("name"))[0])
    assert "column more: is not a column" in str(check_table("vendors", frame.with_columns(more=pl.lit(1)))[0])
    mistyped = frame.with_columns(independent=pl.lit("yes"))
    assert "column independent: holds String, not Boolean" in str(check_table("vendors", mistyped)[0])


def test_a_cell_that_could_not_be_read_is_null_in_the_frame(broken_market):
    path = broken_market(("spend", 2, "low_usd_per_year", "12%")) / "spend.csv"
    frame, faults = read_table(path, table_columns("spend"))
    assert frame["low_usd_per_year"].to_list() == [None, 240.0, 500.0]
    assert len(faults) == 1


# Many at once --------------------------------------------------------------------------------------------------------


def test_faults_of_all_tables_are_named_at_once(broken_market):
    folder = broken_market(
        ("spend", 2, "low_usd_per_year", "900"),
        ("vendors", 3, "independent", "perhaps"),
        ("revenues", 4, "grade", "X"),
        ("claims", 2, "vendor_id", "nobody"),
        ("events", 3, "stance", "angry"),
    )
    files = {fault.file for fault in faults_of(folder).faults}
    assert files == {"spend.csv", "vendors.csv", "revenues.csv", "claims.csv", "events.csv"}


def test_five_lines_are_shown_and_the_others_counted(broken_market):
    edits = [("parameters", line, column, "") for line in (2, 3) for column in ("label", "reason", "step", "source_id")]
    error = faults_of(broken_market(*edits))
    lines = str(error).splitlines()
    assert len(error.faults) == 8
    assert lines[-1] == "... and 3 more; `shareshift validate` names all."
    assert lines[:-1] == error.lines[:5]
    assert len(error.lines) == 8


def test_the_same_fault_in_many_rows_is_told_once_with_its_rows(broken_market):
    error = faults_of(broken_market(*(("parameters", line, "label", "") for line in range(2, 10))))
    assert [fault.row for fault in error.faults] == list(range(2, 10))
    first = "parameters.csv, row 2, column label: the cell is empty. Fill it in."
    assert error.lines == [f"{first} The same in 7 more rows: 3, 4, 5, 6, 7, 8, 9."]


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (("spend", 2, "known_from", "30/11/2024"), "is not a date"),
        (("spend", 2, "used", "TRUE"), "is a spreadsheet's TRUE or FALSE, neither yes nor no"),
        (("revenues", 2, "central_usd_per_year", "1.200,5"), "is not a plain number"),
    ],
)
def test_what_follows_from_an_unread_cell_is_no_fault_of_its_own(broken_market, edit, rule):
    assert [fault.rule for fault in faults_of(broken_market(edit)).faults] == [rule]


def test_what_concerns_the_whole_market_comes_first(broken_market):
    folder = broken_market(("claims", 2, "vendor_id", "nobody"), files={"market.toml": swap(b'"acme"', b'"nobody"')})
    assert faults_of(folder).faults[0].file == "market.toml"


def swap(old, new):
    return lambda data: data.replace(old, new)


def test_a_fault_names_file_row_column_value_rule_and_remedy():
    fault = Fault(file="a.csv", row=7, column="low", value="90", rule="is above 80", remedy="Swap them")
    assert str(fault) == "a.csv, row 7, column low: 90 is above 80. Swap them."
    assert (
        str(Fault(file="a.csv", rule="the file is missing", remedy="Add it")) == "a.csv: the file is missing. Add it."
    )


# One rule of the law each ---------------------------------------------------------------------------------------------

MORE_SPEND = {
    "spend_id": "more", "customer_id": "south", "vendor_id": "acme", "low_usd_per_year": "1000",
    "central_usd_per_year": "1000", "high_usd_per_year": "1000", "distribution": "fixed", "basis": "run_rate",
    "period_end": "2024-11-30", "known_from": "2024-12-01", "used": "yes", "source_id": "gazette", "grade": "B2",
    "origin_id": "gazette-2024",
}  # fmt: skip
MORE_SOURCE = {
    "source_id": "leftover", "title": "A leftover", "publisher": "Nobody", "language": "en", "reliability": "C",
    "kind": "press", "seen_as": "none",
}  # fmt: skip
BROKEN = [
    (rules.every_key_exists, [("spend", 2, "customer_id", "nobody")],
     "spend.csv, row 2, column customer_id: nobody is not in customers.csv. Add it to customers.csv or"),
    (rules.every_key_exists, [("claims", 2, "vendor_id", "nobody")],
     "claims.csv, row 2, column vendor_id: nobody is not in vendors.csv. Add it"),
    (rules.every_key_exists, [("outcomes", 2, "claim_id", "nothing")],
     "outcomes.csv, row 2, column claim_id: nothing is not in claims.csv. Add it"),
    (rules.every_key_exists, [("vendors", 2, "source_id", "hearsay")],
     "vendors.csv, row 2, column source_id: hearsay is not in sources.csv. Add it"),
    (rules.every_derivation_exists, [("revenues", 4, "derived_from", "bolt-now;dream")],
     "revenues.csv, row 4, column derived_from: bolt-now;dream names dream, which is no row. Name rows of"),
    (rules.every_source_is_used, [("sources", None, MORE_SOURCE, "")],
     "sources.csv, row 4, column source_id: leftover is a source that no row rests on. Add its rows"),
    (rules.low_central_high, [("spend", 2, "low_usd_per_year", "610")],
     "spend.csv, row 2, column low_usd_per_year: 610 is above central 600 (USD per year). Put the smaller"),
    (rules.low_central_high, [("parameters", 2, "central", "0.6")],
     "parameters.csv, row 2, column central: 0.6 is above high 0.5 (log odds). Put the smaller number first."),
    (rules.low_central_high, [("events", 2, "central", "")],
     "events.csv, row 2, column central: the range has a gap. Give low, central and high"),
    (rules.shapes_fit_their_ranges, [("spend", 2, "distribution", "fixed")],
     "spend.csv, row 2, column distribution: fixed has a range but is called fixed. Make low"),
    (rules.shapes_fit_their_ranges, [("parameters", 2, "distribution", "lognormal")],
     "parameters.csv, row 2, column distribution: lognormal needs a positive low end below the high end. Give"),
    (rules.gross_and_net_are_not_mixed,
     [("revenues", 3, "gross", "yes"), ("revenues", 4, "gross", "no"), ("revenues", 4, "derived_from", "bolt-now")],
     "revenues.csv, row 4, column derived_from: bolt-now is mixed from amounts gross and net of contractor pay."),
    (rules.shapes_fit_their_ranges, [("revenues", 4, "central_usd_per_year", "700")],
     "revenues.csv, row 4, column central_usd_per_year: 700 is not the median of the log-normal between"),
    (rules.periods_are_in_order, [("spend", 4, "period_start", "2024-01-01")],
     "spend.csv, row 4, column period_start: 2024-01-01 is after period_end. Put the earlier date first."),
    (rules.periods_are_in_order, [("spend", 4, "period_start", "")],
     "spend.csv, row 4, column period_start: is empty although the basis is recognised. Say from when"),
    (rules.periods_are_in_order, [("claims", 2, "deadline", "2024-12-01")],
     "claims.csv, row 2, column deadline: 2024-12-01 is before the claim was made. Give the date"),
    (rules.used_figures_share_one_basis, [("spend", 2, "basis", "bookings"),
                                          ("spend", 2, "period_start", "2024-01-09")],
     "spend.csv, row 2, column basis: bookings is used although it is no run rate. Leave the row for the record"),
    (rules.assumptions_are_labelled, [("revenues", 2, "basis", "assumption")],
     "revenues.csv, row 2, column source_id: gazette is not an assumption's source. Name the source of kind"),
    (rules.assumptions_are_labelled, [("revenues", 4, "note", "")],
     "revenues.csv, row 4, column note: gives no reason for an assumption. Say why"),
    (rules.assumptions_are_labelled, [("vendors", 2, "grade", "C2")],
     "vendors.csv, row 2, column grade: C2 does not begin with the source's reliability B. Use the same"),
    (rules.conflicts_have_two_sides, [("claims", 2, "conflict_id", "size")],
     "claims.csv, row 2, column conflict_id: size names a conflict with one side. Mark the other row too."),
    (rules.conflicts_have_two_sides, [("spend", 2, "conflict_id", "size"), ("spend", 4, "conflict_id", "size")],
     "spend.csv, row 2, column note: does not say why this side of a conflict is used. Explain the choice."),
    (rules.the_market_is_whole, [("customers", 3, "is_remainder", "yes")],
     "customers.csv, column is_remainder: 2 rows are marked is_remainder. Mark exactly one row"),
    (rules.the_market_is_whole, [("customers", 4, "is_remainder", "no")],
     "customers.csv, column is_remainder: 0 rows are marked is_remainder. Mark exactly one row"),
    (rules.the_market_is_whole, [("revenues", 3, "used", "no")],
     "vendors.csv, row 3, column vendor_id: bolt has no used row in revenues.csv known by 2024-12-31. Add a run"),
    (rules.the_market_is_whole, [("revenues", 3, "known_from", "2025-01-01")],
     "vendors.csv, row 3, column vendor_id: bolt has no used row in revenues.csv known by 2024-12-31. Add a run"),
    (rules.the_market_is_whole, [("spend", 3, "used", "no")],
     "customers.csv, row 3, column customer_id: south has no used row at acme in spend.csv known by 2024-12-31."),
    (rules.the_market_is_whole, [("spend", 3, "customer_id", "rest")],
     "customers.csv, row 4, column customer_id: rest takes the remainder and so can have no used spend at"),
    (rules.the_market_is_whole, [("spend", None, MORE_SPEND | {"known_from": "2024-11-30"}, "")],
     "spend.csv, row 3, column used: yes is yes for two rows of the same key that became known on the same day."),
    (rules.every_party_has_an_id_of_its_own, [("vendors", 3, "vendor_id", "unplaced"), ("claims", 2, "vendor_id", "")],
     "vendors.csv, row 3, column vendor_id: unplaced is the name of a destination that is no vendor. Choose another"),
    (rules.every_party_has_an_id_of_its_own, [("customers", 3, "customer_id", "not_spent")],
     "customers.csv, row 3, column customer_id: not_spent is the name of a destination that is no vendor. Choose"),
    (rules.every_party_has_an_id_of_its_own, [("customers", 3, "customer_id", "bolt")],
     "customers.csv, row 3, column customer_id: bolt is the id of a vendor as well. Choose another id."),
    (rules.every_party_has_an_id_of_its_own, [("vendors", 3, "name", "Not spent")],
     "vendors.csv, row 3, column name: Not spent is what readers call a destination that is no vendor. Choose"),
    (rules.customers_fit_their_vendors, [("spend", None, MORE_SPEND | {"vendor_id": "bolt"}, "")],
     "revenues.csv, row 3, column high_usd_per_year: 600 is less than the customers' spend at bolt, 1,000 USD"),
    (rules.every_party_has_an_id_of_its_own, [("vendors", 3, "name", "Crane")],
     "vendors.csv, row 3, column name: Crane stands for two rows, which readers could not tell apart. Add a word."),
    (rules.every_derivation_exists,
     [("revenues", 3, "derived_from", "crane-now"), ("revenues", 4, "known_from", "2024-12-20")],
     "revenues.csv, row 3, column known_from: 2024-11-30 is before 2024-12-20, when a row that it is derived from"),
    (rules.events_say_what_their_kind_needs,
     [("events", 2, "kind", "slack"), ("events", 2, "vendor_id", "bolt"), ("events", 2, "used", "yes"),
      ("events", 2, "low", "-2")],
     "events.csv, row 2, column low: -2 is outside what the equations allow, 0 to 100. Bring it inside."),
    (rules.customers_fit_their_vendors, [("spend", None, MORE_SPEND, "")],
     "revenues.csv, row 2, column high_usd_per_year: 1200 is less than the customers' spend at acme, 1,600 USD per"),
    (rules.parameters_are_the_engines, [("parameters", 2, "parameter_id", "mood")],
     "parameters.csv, row 2, column parameter_id: mood is no parameter of the engine. Remove the row."),
    (rules.parameters_are_the_engines, [("parameters", 2, "maximum", "0.4")],
     "parameters.csv, row 2, column high: 0.5 leaves the slider's limits -3 to 0.4. Widen the limits"),
    (rules.parameters_are_the_engines, [("parameters", 3, "maximum", "1.1")],
     "parameters.csv, row 3, column maximum: 1.1 is outside what the equations allow, 0 to 0.99. Bring it inside."),
    (rules.parameters_are_the_engines, [("parameters", 2, "step", "0.7")],
     "parameters.csv, row 2, column central: 0 is not a whole number of steps above the minimum. Choose the step"),
    (rules.parameters_are_the_engines, [("parameters", 16, "maximum", "0.65")],
     "parameters.csv, column maximum: the highest built_in_house and the highest not_spent together leave nothing"),
    (rules.events_say_what_their_kind_needs, [("events", 3, "customer_id", "")],
     "events.csv, row 3, column customer_id: is empty although the kind is stance. Fill it in."),
    (rules.events_say_what_their_kind_needs, [("events", 3, "stance", "")],
     "events.csv, row 3, column stance: is empty although the kind is stance. Fill it in."),
    (rules.events_say_what_their_kind_needs, [("events", 2, "used", "yes")],
     "events.csv, row 2, column used: yes is yes although the model does not run on this kind. Set used to no"),
    (rules.events_say_what_their_kind_needs, [("events", 2, "kind", "capacity_growth"), ("events", 2, "used", "yes")],
     "events.csv, row 2, column unit: share is not share_per_month, as the kind capacity_growth needs. Write"),
    (rules.claims_can_be_tested, [("claims", 3, "claim_id", "bolt-wins"), ("claims", 3, "reading", "recognised"),
                                  ("outcomes", 2, "claim_id", "bolt-wins")],
     "claims.csv, row 3, column reading: recognised stands more than once for this claim. Give each reading"),
    (rules.claims_can_be_tested, [("claims", 2, "vendor_id", "")],
     "claims.csv, row 2, column vendor_id: is empty although the metric is won_from_incumbent. Name the subject."),
    (rules.claims_can_be_tested, [("claims", 2, "unit", "people")],
     "claims.csv, row 2, column unit: people does not measure won_from_incumbent on the basis recognised. Use usd."),
    (rules.claims_can_be_tested, [("claims", 2, "metric", "revenue"), ("claims", 2, "basis", "bookings")],
     "claims.csv, row 2, column basis: bookings has no stated conversion to revenue. Use recognised or run_rate."),
    (rules.claims_can_be_tested, [("claims", 2, "vendor_id", "acme")],
     "claims.csv, row 2, column vendor_id: acme is the incumbent and cannot win its own customers. Name a rival."),
    (rules.claims_can_be_tested, [("claims", 2, "comparator", "at_most")],
     "claims.csv, row 2, column high: is empty although it is at_most. Give the number."),
    (rules.claims_can_be_tested, [("claims", 2, "comparator", "between"), ("claims", 2, "high", "20")],
     "claims.csv, row 2, column low: 50 is above high 20. Put the smaller number first."),
    (rules.shares_stay_between_0_and_1, [("claims", 3, "low", "90")],
     "claims.csv, row 3, column low: 90 is no probability. Write 0.12 for twelve percent."),
    (rules.shares_stay_between_0_and_1, [("events", 2, "high", "12")],
     "events.csv, row 2, column high: 12 is no share. Write 0.12 for twelve percent."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "edits", "words"), BROKEN, ids=[f"{i}-{rule.__name__}" for i, (rule, *_) in enumerate(BROKEN)]
)
def test_a_broken_rule_is_one_sentence_with_its_place_and_remedy(broken_market, rule, edits, words):
    found = sentences(broken_market(*edits))
    assert any(sentence.startswith(words) for sentence in found), found
    for sentence in found:
        # A place, a rule and a remedy: at least two sentences after the colon.
        assert re.match(r"^[a-z]+\.(csv|toml)(, row \d+)?(, column \w+)?: .+\. [A-Z].+\.$", sentence), sentence


def test_every_rule_of_the_law_is_broken_by_a_test():
    # Two tables are optional; test_second_choices.py and test_serves.py break their rules.
    elsewhere = {rules.second_choices_are_shares_among_rivals, rules.rivals_serve_or_cannot}
    assert {rule for rule, *_ in BROKEN} == set(rules.RULES) - elsewhere


def test_every_rule_of_the_law_says_what_is_true():
    for rule in rules.RULES:
        assert rule.__doc__
        assert rule.__doc__.endswith(".")


def test_a_broken_rule_is_found_by_its_own_function_alone(broken_market):
    folder = broken_market(("spend", 2, "low_usd_per_year", "610"))
    assert only(folder).startswith("spend.csv, row 2, column low_usd_per_year: 610 is above central 600")


@pytest.mark.parametrize("name", ["in_house", "not_spent", "unplaced"])
def test_a_vendor_cannot_take_the_name_of_a_reserved_destination(broken_market, name):
    edits = [("vendors", 3, "vendor_id", name), ("revenues", 3, "vendor_id", name), ("claims", 2, "vendor_id", name)]
    assert any(f"column vendor_id: {name}" in sentence for sentence in sentences(broken_market(*edits)))


@pytest.mark.parametrize("parameter", ["contagion", "built_in_house", "nest_correlation", "patience"])
def test_a_share_cannot_be_log_normal_which_knows_no_upper_end(tiny, broken_market, parameter):
    line = tiny.tables["parameters"]["parameter_id"].to_list().index(parameter) + 2
    edits = [
        ("parameters", line, "low", "0.1"),
        ("parameters", line, "central", "0.2"),
        ("parameters", line, "high", "0.4"),
    ]
    edits += [("parameters", line, "distribution", "lognormal")]
    assert any("lognormal" in sentence for sentence in sentences(broken_market(*edits)))
