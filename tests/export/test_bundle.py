"""A bundle holds everything of a run, says what each part is, and is the same to the last byte each time."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from python_calamine import CalamineWorkbook

from shareshift.basics.errors import DataError
from shareshift.export import read_csv, read_parquet
from shareshift.export.bundle import contents
from shareshift.export.bundle.archive import read_archive, write_archive
from shareshift.export.bundle.columns import column_words, key_columns
from shareshift.export.bundle.contents import bundle_files
from shareshift.export.bundle.inputs import Order, is_input, market_of, read_inputs
from shareshift.export.workbook import WorkbookError, read_xlsx
from shareshift.market.market import Market
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario, read_scenario, read_scenarios
from support.places import TINY

pytestmark = pytest.mark.slow

DRAWS, SEED = 32, 3
MORE = {"edges", "changes", "assumptions", "sources"}


@pytest.fixture(scope="module")
def order(tiny: Market) -> Order:
    scenario = read_scenarios(TINY, tiny)["exodus"]
    return Order(inputs=read_inputs(TINY), market=tiny, scenario=scenario, draws=DRAWS, seed=SEED)


@pytest.fixture(scope="module")
def files(order: Order) -> dict[str, bytes]:
    return dict(bundle_files(order))


@pytest.fixture(scope="module")
def package(files) -> dict:
    return json.loads(files["datapackage.json"])


def test_a_table_too_long_for_a_sheet_is_left_out_of_the_workbook_alone_and_that_is_said(order, monkeypatch):
    longest = project(order.market, order.scenario, DRAWS, SEED).flows.height
    monkeypatch.setattr(contents, "MAX_ROWS", longest)
    made = bundle_files(order)
    assert {"tables/flows.csv", "tables/flows.parquet", "tables.xlsx"} <= set(made)
    assert "leaves out flows, which has more rows" in " ".join(made["README.txt"].decode().split())
    with pytest.raises(WorkbookError, match="no sheet flows"):
        read_xlsx(made["tables.xlsx"], "flows", pl.Schema())
    read_me = CalamineWorkbook.from_filelike(io.BytesIO(made["tables.xlsx"])).get_sheet_by_name("Read-me").to_python()
    assert read_me[-1][0] == "Not in here"


def test_the_inputs_are_the_files_of_the_folder_byte_by_byte(files):
    inside = {path.removeprefix("inputs/"): data for path, data in files.items() if path.startswith("inputs/")}
    assert set(inside) == {path.relative_to(TINY).as_posix() for path in TINY.rglob("*") if path.is_file()}
    assert all(data == (TINY / name).read_bytes() for name, data in inside.items())
    assert market_of(inside).digest == market_of(read_inputs(TINY)).digest


def test_every_table_of_the_run_is_there_and_all_faces_of_it_are_one_frame(files, order):
    run = project(order.market, order.scenario, DRAWS, SEED)
    assert {path.split("/")[1].split(".")[0] for path in files if path.startswith("tables/")} == set(run.tables) | MORE
    for name, frame in run.tables.items():
        assert_frame_equal(read_csv(files[f"tables/{name}.csv"], frame.schema), frame, check_exact=True)
        assert_frame_equal(read_parquet(files[f"tables/{name}.parquet"]), frame, check_exact=True)
        assert_frame_equal(read_xlsx(files["tables.xlsx"], name, frame.schema), frame, check_exact=True)


def test_the_workbook_begins_with_what_a_reader_needs_first(files):
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(files["tables.xlsx"]))
    assert book.sheet_names[:4] == ["Read-me", "Assumptions", "Sources", "Scenario"]
    told = dict(book.get_sheet_by_name("Read-me").to_python())
    assert told["Seed"] == str(SEED)
    assert told["Answer"].startswith("Of the ")


def test_the_edges_are_the_flows_over_all_months(files, order):
    edges = read_parquet(files["tables/edges.parquet"])
    run = project(order.market, order.scenario, DRAWS, SEED)
    last = run.flows.filter(pl.col("month") == run.months[-1])
    assert edges["mean_cumulative_flow_usd"].sum() == pytest.approx(last["mean_cumulative_flow_usd"].sum())
    assert set(edges["kind"]) == {"rival", "in_house", "not_spent", "unplaced"}
    assert set(edges["target"]) == {run.market.names[target] for target in run.destinations}


def test_the_assumptions_name_every_slider_where_the_scenario_moved_it_and_why(files, order):
    found = read_parquet(files["tables/assumptions.parquet"])
    sliders = found.filter(pl.col("table") == "parameters")
    assert set(sliders["row_id"]) == set(order.market.parameters)
    assert dict(sliders.select("row_id", "central_in_scenario").iter_rows())["exodus"] == 2.0
    assert found["why"].null_count() < found.height
    assert set(found["source_id"]) <= set(order.market.tables["sources"]["source_id"])


def test_the_changes_are_what_the_scenario_sets(files):
    changes = read_parquet(files["tables/changes.parquet"])
    assert set(changes["input_id"]) == {"parameters.exodus", "vendors.bolt.excluded"}


def test_the_scenario_reads_back_as_the_one_that_was_run(files, order):
    assert read_scenario(files["scenario.toml"].decode(), order.market) == order.scenario


def test_the_description_names_every_file_with_its_size_and_hash(files, package):
    assert {item["path"] for item in package["resources"]} == set(files) - {"datapackage.json"}
    for item in package["resources"]:
        data = files[item["path"]]
        assert item["bytes"] == len(data)
        assert item["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert item["format"] == item["path"].rpartition(".")[2]
    names = [item["name"] for item in package["resources"]]
    assert len(set(names)) == len(names)


def test_the_description_follows_the_data_package_standard(package):
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["resources"]
    for source in package["sources"]:
        assert source["title"]
        assert source.get("path", "https://").startswith("http")
    # A licence that nobody stated is not made up.
    assert "licenses" not in package
    tables = [item for item in package["resources"] if item.get("type") == "table"]
    assert {item["path"].split("/")[0] for item in tables} == {"inputs", "tables"}
    for item in tables:
        fields = item["schema"]["fields"]
        assert {field["type"] for field in fields} <= {"string", "number", "integer", "boolean", "date"}
        assert all(len(field["description"]) > 3 for field in fields)
        assert set(item["schema"].get("primaryKey", [])) <= {field["name"] for field in fields}


def test_every_stated_field_stands_in_the_file_in_that_place_and_keys_are_unique(files, package):
    for item in package["resources"]:
        if item.get("type") != "table" or item["format"] != "csv":
            continue
        header, *rows = csv.reader(io.StringIO(files[item["path"]].decode(), newline=""))
        schema = item["schema"]
        assert header == [field["name"] for field in schema["fields"]], item["path"]
        if key := schema.get("primaryKey"):
            values = [tuple(row[header.index(name)] for name in key) for row in rows]
            assert len(set(values)) == len(values), item["path"]
            assert all(all(value) for value in values), item["path"]
        yes = {word for field in schema["fields"] for word in field.get("trueValues", ["true"])}
        for field in schema["fields"]:
            cells = {row[header.index(field["name"])] for row in rows} - {""}
            if field["type"] == "date":
                assert all(date.fromisoformat(cell) for cell in cells)
            if field["type"] in {"number", "integer"}:
                assert all(float(cell) == float(cell) for cell in cells)
            if field["type"] == "boolean":
                assert cells <= yes | set(field.get("falseValues", ["false"]))


def test_every_projection_table_has_a_key(package):
    keyed = {item["path"]: item["schema"].get("primaryKey") for item in package["resources"] if "schema" in item}
    assert keyed["tables/flows.csv"] == ["scenario", "customer_id", "destination_id", "month"]
    assert keyed["tables/summary.csv"] == ["scenario", "figure"]
    assert keyed["inputs/spend.csv"] == ["spend_id"]
    projections = set(keyed) - {f"tables/{name}.{kind}" for name in MORE for kind in ("csv", "parquet")}
    assert all(keyed[path] for path in projections if path.startswith("tables/"))


def test_a_column_without_words_of_its_own_still_says_what_it_is():
    assert column_words("p95_widgets_usd") == "Widgets usd; 95% of simulations lie below."
    assert key_columns(pl.DataFrame({"a": ["x", "x"], "n": [1.0, 2.0]})) == []


def test_the_settings_in_the_description_are_those_of_the_run(package, order):
    assert package["shareshift"] == {
        "version": project(order.market, draws=2).version,
        "digest": order.market.digest,
        "as_of": order.market.as_of.isoformat(),
        "draws": DRAWS,
        "seed": SEED,
        "scenario": order.scenario.title,
    }


def test_no_file_tells_of_the_machine_or_of_the_day(files):
    hints = [
        str(Path.home()).encode(),
        os.uname().nodename.encode(),
        sys.prefix.encode(),
        b"/tmp/",
        str(date.today()).encode(),
    ]
    for path, data in files.items():
        assert not [hint for hint in hints if len(hint) > 4 and hint in data], path


def test_a_picture_of_every_chart_is_there_twice(files):
    charts = {path for path in files if path.startswith("charts/")}
    assert charts == {
        f"charts/{n}.{k}" for n in ("ribbons", "incumbent", "shares", "gains", "timeline") for k in ("svg", "png")
    }


@pytest.mark.parametrize(
    ("name", "fine"),
    [
        ("market.toml", True),
        ("spend.csv", True),
        ("diversion.csv", True),
        ("scenarios/a.toml", True),
        ("other.csv", False),
        ("scenarios/../a.toml", False),
        ("scenarios/a.csv", False),
        ("x/market.toml", False),
        ("scenarios/x\\y.toml", False),
    ],
)
def test_only_the_files_of_a_market_are_inputs(name, fine):
    assert is_input(name) is fine


def test_a_file_larger_than_a_table_may_be_is_named(broken_market, monkeypatch):
    monkeypatch.setattr("shareshift.export.bundle.inputs.MAX_BYTES", 300)
    with pytest.raises(DataError, match=r"claims\.csv: the file is larger"):
        read_inputs(broken_market())


@pytest.mark.slow
def test_two_processes_with_other_surroundings_write_the_same_bundle(run, tmp_path):
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder, zone, threads in zip(folders, ("UTC", "Asia/Tokyo"), ("1", "4"), strict=True):
        command = [sys.executable, "-m", "shareshift", "bundle", TINY, "--draws", "32", "--out", folder / "b.zip"]
        surroundings = {**os.environ, "TZ": zone, "POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": threads}
        subprocess.run(command, env=surroundings, check=True, capture_output=True, timeout=180)
    first, second = ((folder / "b.zip").read_bytes() for folder in folders)
    assert first == second


@pytest.mark.slow
def test_the_command_in_the_bundle_writes_the_same_bundle(run, files, order, tmp_path, monkeypatch):
    whole = write_archive(files)
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    command = next(line for line in files["README.txt"].decode().splitlines() if "shareshift bundle" in line)
    code, _, err = run(*command.split()[1:])
    assert code == 0, err
    assert (tmp_path / "again.zip").read_bytes() == whole


@pytest.mark.slow
def test_a_scenario_of_another_date_and_changed_sliders_is_kept_in_the_bundle(run, tmp_path):
    arguments = (
        "--set",
        "growth=0.2",
        "--as-of",
        "2024-12-30",
        "--draws",
        16,
        "--seed",
        9,
        "--out",
        tmp_path / "b.zip",
    )
    code, out, err = run("bundle", TINY, *arguments)
    assert code == 0, err
    assert "b.zip" in out
    files = read_archive((tmp_path / "b.zip").read_bytes(), "b.zip")
    stated = json.loads(files["datapackage.json"])["shareshift"]
    assert (stated["as_of"], stated["draws"], stated["seed"]) == ("2024-12-30", 16, 9)
    assert "growth = 0.2" in files["scenario.toml"].decode()


def test_a_market_with_faults_is_refused_before_anything_is_written(run, broken_market, tmp_path):
    folder = broken_market(("spend", 2, "low_usd_per_year", "900"))
    code, out, err = run("bundle", folder, "--out", tmp_path / "b.zip")
    assert code == 2
    assert "spend.csv, row 2" in err
    assert not (tmp_path / "b.zip").exists()
    assert out == ""


def test_the_baseline_says_that_nothing_differs(tiny):
    from shareshift.export.bundle.evidence import changes_of

    assert changes_of(tiny, Scenario()).is_empty()
