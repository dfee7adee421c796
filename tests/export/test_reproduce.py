"""A bundle is computed again from its own inputs; what differs is named and by how much, and what cannot be read."""

import json
from dataclasses import replace

import polars as pl
import polars.selectors as cs
import pytest

from shareshift.export import read_parquet, write_csv, write_parquet
from shareshift.export.bundle import reproduce as reproducing
from shareshift.export.bundle.archive import BundleError, write_archive
from shareshift.export.bundle.contents import bundle_files
from shareshift.export.bundle.difference import difference
from shareshift.export.bundle.inputs import Order, read_inputs
from shareshift.export.bundle.nearness import is_near
from shareshift.export.bundle.reproduce import Verdict, reproduce
from shareshift.market.market import Market
from shareshift.scenario.scenario import Scenario
from support.places import TINY

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def order(tiny: Market) -> Order:
    return Order(inputs=read_inputs(TINY), market=tiny, scenario=Scenario(), draws=16, seed=0)


@pytest.fixture(scope="module")
def files(order: Order) -> dict[str, bytes]:
    return dict(bundle_files(order))


@pytest.fixture
def quick(monkeypatch, files):
    """Spare computing again where a test is about what is said of it; what comes out again is the bundle itself."""
    orders: list[Order] = []

    def again(order: Order, tell=None) -> dict[str, bytes]:
        orders.append(order)
        return files

    monkeypatch.setattr(reproducing, "bundle_files", again)
    return orders


def verdict_on(files, **changed: bytes | None) -> Verdict:
    parts = {**files, **{path: data for path, data in changed.items() if data is not None}}
    for path in [path for path, data in changed.items() if data is None]:
        del parts[path]
    return reproduce(write_archive(parts), "x.zip")


def refusal(files, **changed: bytes | None) -> str:
    with pytest.raises(BundleError) as error:
        verdict_on(files, **changed)
    return str(error.value)


def edited(files, **values: object) -> bytes:
    package = json.loads(files["datapackage.json"])
    package["shareshift"] |= values
    return json.dumps(package).encode()


def test_a_bundle_that_nobody_touched_agrees_in_every_byte(files):
    verdict = verdict_on(files)
    assert verdict.agrees
    assert verdict.warnings == ()
    assert set(verdict.files) == set(files)
    assert verdict.sentences() == [
        f"{len(verdict.tables)} of {len(verdict.tables)} table files agree to the last byte.",
        f"{len(files) - len(verdict.tables)} of {len(files) - len(verdict.tables)} other files agree to the last byte.",
        "Verdict: the same, bit for bit.",
    ]


def test_one_changed_digit_is_named_with_its_column_and_its_size(files, quick):
    path = "tables/gains.csv"
    lines = files[path].decode().splitlines()
    cells = lines[2].split(",")
    column = lines[0].split(",").index("mean_displaced_gain_usd")
    cells[column] = repr(float(cells[column]) + 1.5)
    lines[2] = ",".join(cells)
    verdict = verdict_on(files, **{path: ("\n".join(lines) + "\n").encode()})
    assert not verdict.agrees
    assert {name for name, words in verdict.files.items() if words} == {path}
    assert "mean_displaced_gain_usd: 1 of 3 cells, by up to 1.5 (" in verdict.files[path]
    assert verdict.warnings == (f"Changed since the bundle was written: {path}.",)


@pytest.mark.parametrize("path", ["report.html", "tables.xlsx", "charts/shares.png", "README.txt"])
def test_a_changed_byte_of_any_other_file_is_named(files, quick, path):
    data = bytearray(files[path])
    data[len(data) // 2] ^= 1
    verdict = verdict_on(files, **{path: bytes(data)})
    assert [name for name, words in verdict.files.items() if words] == [path]
    assert all(words is None for words in verdict.tables.values())


def test_a_forged_hash_does_not_help(files, quick):
    data = files["tables/summary.csv"].replace(b"displaced", b"displacer", 1)
    package = json.loads(files["datapackage.json"])
    for item in package["resources"]:
        if item["path"] == "tables/summary.csv":
            item["hash"] = reproducing.digest_of(data)
    forged = json.dumps(package, indent=2, ensure_ascii=False).encode()
    verdict = verdict_on(files, **{"tables/summary.csv": data, "datapackage.json": forged})
    assert verdict.files["tables/summary.csv"].startswith("differs in figure: 1 of ")


def test_another_version_is_said_first(files, quick):
    verdict = verdict_on(files, **{"datapackage.json": edited(files, version="9.9")})
    assert verdict.sentences()[0].startswith("This bundle was written by Shareshift 9.9; this is ")


def test_changed_inputs_are_said_first_with_both_digests(files, quick):
    spend = files["inputs/spend.csv"].replace(b",600,", b",601,")
    assert spend != files["inputs/spend.csv"]
    sentences = verdict_on(files, **{"inputs/spend.csv": spend}).sentences()
    assert sentences[0] == "Changed since the bundle was written: inputs/spend.csv."
    assert sentences[1].startswith("The inputs inside are not those the bundle was computed from: their digest is ")


@pytest.mark.slow
def test_changed_inputs_change_the_numbers_that_come_out_again(files, order):
    edited_inputs = {**order.inputs, "spend.csv": order.inputs["spend.csv"].replace(b",600,", b",601,")}
    verdict = verdict_on(files, **{"inputs/spend.csv": edited_inputs["spend.csv"]})
    assert verdict.files["tables/flows.csv"].startswith("differs in ")
    assert verdict.files["tables/flows.parquet"].startswith("differs in ")


def test_the_run_is_the_one_the_bundle_states(files, quick):
    verdict_on(files, **{"datapackage.json": edited(files, draws=8, seed=4, as_of="2024-12-30")})
    assert (quick[0].draws, quick[0].seed, str(quick[0].market.as_of)) == (8, 4, "2024-12-30")


def test_what_is_missing_is_named_all_at_once(files):
    words = refusal(files, **{"inputs/spend.csv": None, "scenario.toml": None, "inputs/market.toml": None})
    assert [line.split(": ")[1].split(" ")[0] for line in words.splitlines()] == [
        "scenario.toml", "inputs/market.toml", "inputs/spend.csv"
    ]  # fmt: skip


def test_a_missing_and_an_added_table_are_named(files, quick):
    verdict = verdict_on(files, **{"tables/gains.csv": None, "tables/more.csv": b"a\n1\n"})
    assert verdict.files["tables/gains.csv"] == "is missing from the bundle"
    assert verdict.files["tables/more.csv"] == "is in the bundle, but is no part of it"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"draws": 10**9}, "asks for 1000000000 simulations"),
        ({"draws": True}, "does not say draws"),
        ({"seed": -1}, "gives the seed -1"),
        ({"as_of": "yesterday"}, "gives no date"),
        ({"digest": None}, "does not say digest"),
    ],
)
def test_a_description_that_makes_no_sense_is_refused(files, values, words):
    assert words in refusal(files, **{"datapackage.json": edited(files, **values)})


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"\xff\xfe", b'{"shareshift": 1, "resources": []}', b"[" * 100_000]
)
def test_a_description_that_is_none_is_refused(files, data):
    assert "datapackage.json" in refusal(files, **{"datapackage.json": data})


def test_a_file_that_does_not_belong_among_the_inputs_is_refused(files):
    assert "inputs/run.sh is no input" in refusal(files, **{"inputs/run.sh": b"rm"})


def test_faults_of_the_inputs_are_told_as_those_of_a_folder_are(files):
    words = refusal(files, **{"inputs/spend.csv": files["inputs/spend.csv"].replace(b",600,", b",much,")})
    assert "the inputs inside cannot be run" in words
    assert "spend.csv, row" in words
    words = refusal(files, **{"scenario.toml": b'title = "x"\n[parameters]\nnothing = 1\n'})
    assert "nothing is no parameter" in words


FRAME = pl.DataFrame({"id": ["a", "b"], "usd": [1.0, -2.0], "n": [1, None]})


@pytest.mark.parametrize("write", [write_csv, write_parquet], ids=["csv", "parquet"])
def test_differences_of_tables_are_told_in_words(write):
    path = f"tables/t.{'csv' if write is write_csv else 'parquet'}"
    whole = write(FRAME)
    assert difference(path, whole, whole) is None
    assert difference(path, write(FRAME.with_columns(usd=pl.Series([1.0, -2.5]))), whole) == (
        "differs in usd: 1 of 2 cells, by up to 0.5 (25% of it)"
    )
    assert difference(path, write(FRAME.with_columns(id=pl.Series(["a", "c"]))), whole) == (
        "differs in id: 1 of 2 cells, first in row 2: 'c' instead of 'b'"
    )
    assert difference(path, write(FRAME.with_columns(n=pl.Series([1, 2]))), whole) == (
        "differs in n: 1 of 2 cells, first in row 2: '2' instead of nothing"
    )
    assert difference(path, write(FRAME[:1]), whole) == "has 1 row; 2 come out again"
    assert difference(path, write(FRAME.drop("n")), whole) == "has other columns: lacks n"
    assert difference(path, write(FRAME.select("usd", "id", "n")), whole) == "has other columns: their order differs"


def test_the_same_cells_in_other_bytes_are_told_apart_from_other_numbers():
    import io

    buffer = io.BytesIO()
    FRAME.write_parquet(buffer, compression="snappy")
    words = difference("tables/t.parquet", buffer.getvalue(), write_parquet(FRAME))
    assert words.startswith("holds the same cells in other bytes")


@pytest.mark.parametrize("data", [b"", b"PAR1", b"\x00\xff" * 30])
def test_a_table_that_cannot_be_read_is_said_to_be_so(data):
    assert difference("tables/t.parquet", data, write_parquet(FRAME)) == "cannot be read as a table"


def test_the_command_ends_with_0_when_everything_agrees_and_1_when_not(run, files, quick, tmp_path):
    (tmp_path / "whole.zip").write_bytes(write_archive(files))
    code, out, _ = run("reproduce", tmp_path / "whole.zip")
    assert code == 0
    assert "table files agree to the last byte" in out
    broken = {**files, "tables/gains.csv": files["tables/gains.csv"].replace(b"1", b"2", 1)}
    (tmp_path / "broken.zip").write_bytes(write_archive(broken))
    code, out, _ = run("reproduce", tmp_path / "broken.zip")
    assert code == 1
    assert "tables/gains.csv: differs in" in out


def test_the_command_ends_with_2_when_there_is_nothing_to_read(run, tmp_path):
    assert run("reproduce", tmp_path / "none.zip")[0] == 2
    (tmp_path / "text.zip").write_text("no archive")
    code, _, err = run("reproduce", tmp_path / "text.zip")
    assert code == 2
    assert "text.zip: is no ZIP file" in err


@pytest.mark.slow
def test_another_seed_gives_another_bundle_of_the_same_inputs(order, files):
    other = bundle_files(replace(order, seed=1))
    assert other["tables/flows.csv"] != files["tables/flows.csv"]
    assert other["inputs/spend.csv"] == files["inputs/spend.csv"]


def scaled(data: bytes, path: str, by: float) -> bytes:
    read, write = (read_csv, write_csv) if path.endswith("csv") else (read_parquet, write_parquet)
    return write(read(data).with_columns(cs.float() * by))


def read_csv(data: bytes) -> pl.DataFrame:
    return pl.read_csv(data, infer_schema_length=None)


@pytest.mark.parametrize(("by", "verdict"), [(1 + 2e-13, "the same to 1e-12"), (1 + 2e-11, "different")])
def test_last_digits_of_another_processor_are_told_apart_from_other_numbers(files, quick, by, verdict):
    tables = {path: scaled(data, path, by) for path, data in files.items() if path.startswith("tables/")}
    found = verdict_on(files, **tables)
    assert not found.agrees
    assert found.is_near == (verdict == "the same to 1e-12")
    assert found.sentences()[-1].startswith(f"Verdict: {verdict}.")


def test_a_file_that_is_no_table_excuses_no_other(files, quick):
    package = json.loads(files["datapackage.json"])
    package["resources"][0]["hash"] = "0" * 64
    forged = json.dumps(package).encode()
    assert not verdict_on(files, **{"datapackage.json": forged}).is_near
    path = "tables/gains.csv"
    near = {path: scaled(files[path], path, 1 + 2e-13)}
    assert verdict_on(files, **near).is_near
    assert not verdict_on(files, **near, **{"report.html": files["report.html"] + b" "}).is_near


@pytest.mark.parametrize(
    ("path", "one", "other", "near"),
    [
        ("a.svg", b"<g x='1.0000000000001'/>", b"<g x='1'/>", True),
        ("a.svg", b"<g x='1.1'/>", b"<g x='1'/>", False),
        ("a.svg", b"<g x='1'/>", b"<g y='1'/>", False),
        ("a.png", b"1.0000000000001", b"1", False),
        ("tables.xlsx", b"no archive", b"1", False),
        ("tables/a.parquet", b"no table", b"1", False),
    ],
)
def test_nearness_of_one_file(path, one, other, near):
    assert is_near(path, one, other) == near
