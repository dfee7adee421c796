"""The pages without a browser: sliders move the sentence, broken tables get our sentence, every file is there."""

import ast
import inspect
import json
import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from streamlit import config

from shareshift.basics.months import first_month
from shareshift.market.market import Market
from shareshift.scenario.address import stamp
from shareshift.ui.evidence.rows import TABLES, conflicts, evidence_table, matching
from shareshift.ui.method.parts import limits_table, method_parts
from shareshift.ui.shell import cache
from shareshift.ui.shell.words import html, plain
from support.pages import go_to, labels, open_page, told
from support.places import ROOT, TINY

pytestmark = pytest.mark.usefixtures("tiny_app")
PAGES = ("money", "scenarios", "evidence", "track-record", "method")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_without_an_exception(page: str) -> None:
    app = open_page(page)
    assert not app.exception
    assert app.get("html")


@pytest.mark.parametrize("page", [*PAGES, "claims", "compare", "what-matters"])
def test_every_page_has_one_title_and_no_heading_skips_a_level(page: str) -> None:
    app = open_page(page)
    levels = [int(level) for level in re.findall("<h([1-6])", told(app))]
    levels += [2 for text in app.markdown if text.value.startswith("## ")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_slider_moves_the_sentence_and_the_link(tiny: Market) -> None:
    app = open_page()
    before = told(app, "lead")
    app.slider(key="slider-moved_share").set_value(0.2).run()
    assert not app.exception
    assert told(app, "lead") != before
    assert app.query_params == {"moved_share": "0.2", "on": stamp(tiny)}
    assert "Edited: 1 slider differs" in told(app, "standing")


def test_one_slider_and_all_sliders_go_back_to_where_they_stood() -> None:
    app = open_page()
    before = told(app, "lead")
    app.slider(key="slider-moved_share").set_value(0.2).run()
    app.button(key="reset-moved_share").click().run()
    assert told(app, "lead") == before
    assert not app.query_params
    app.slider(key="slider-exodus").set_value(1.0).run()
    next(button for button in app.button if button.label == "Reset all sliders").click().run()
    assert told(app, "lead") == before


def test_a_link_is_followed_and_what_it_cannot_say_is_announced() -> None:
    app = open_page(moved_share="0.2", exodus="99", ghost="1", scenario="nowhere")
    assert app.slider(key="slider-moved_share").value == 0.2
    assert app.slider(key="slider-exodus").value == 0
    refused = told(app, "refused")
    assert "exodus is 99" in refused
    assert "ghost" in refused
    assert "nowhere" in refused


def test_a_preset_sets_the_sliders_and_goes_into_the_link() -> None:
    app = open_page()
    app.selectbox(key="preset").set_value("exodus").run()
    assert not app.exception
    assert app.query_params["scenario"] == "exodus"
    assert not told(open_page(scenario="exodus"), "refused")


def test_a_draft_outlives_a_visit_to_another_page() -> None:
    app = open_page()
    app.slider(key="slider-moved_share").set_value(0.2).run()
    go_to(app, "method")
    go_to(app, "money")
    assert app.slider(key="slider-moved_share").value == 0.2


def test_all_sliders_stand_under_more() -> None:
    app = open_page()
    in_view = len(app.slider)
    app.session_state["more-sliders"] = True
    app.run()
    assert not app.exception
    assert len(app.slider) > in_view


def test_no_column_of_a_shown_table_is_hidden() -> None:
    columns = json.loads(open_page("evidence").dataframe[0].proto.columns)
    assert [name for name, settings in columns.items() if settings and settings.get("hidden")] == ["_index"]


@pytest.mark.parametrize("chart", ["ribbons", "shares", "gains", "incumbent"])
def test_every_picture_has_a_table_and_a_file(chart: str) -> None:
    app = open_page()
    tables = len(app.dataframe)
    app.session_state[f"twin-{chart}"] = True
    app.run()
    assert not app.exception
    assert len(app.dataframe) == tables + 1
    assert {"CSV of this picture", "Picture as SVG", "Picture as PNG"} <= labels(app)


def test_the_projection_table_opens_and_narrows_to_a_vendor(tiny: Market) -> None:
    app = open_page()
    app.session_state["projection-table"] = True
    app.run()
    rows = len(app.dataframe[0].value)
    app.selectbox(key="vendor").set_value(tiny.incumbent).run()
    assert not app.exception
    assert len(app.dataframe[0].value) < rows


@pytest.mark.parametrize("page", PAGES)
def test_a_broken_table_gets_our_sentence_and_no_traceback(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(TINY, broken)
    spend = (broken / "spend.csv").read_text().splitlines()
    (broken / "spend.csv").write_text("\n".join([spend[0], *(line.replace(",", ",x", 3) for line in spend[1:])]))
    monkeypatch.setenv("SHARESHIFT_MARKET", str(broken))
    app = open_page(page)
    assert not app.exception
    fault = told(app, "fault")
    assert "spend.csv" in fault
    assert "Traceback" not in fault


def test_text_from_tables_is_never_markup() -> None:
    assert html("<img src=x onerror=y>") == "&lt;img src=x onerror=y&gt;"
    assert plain("![a](b) $x$") == r"\!\[a\]\(b\) \$x\$"


@pytest.mark.parametrize("name", TABLES)
def test_every_table_can_be_read_and_searched(tiny: Market, name: str) -> None:
    whole = evidence_table(tiny, name)
    assert whole.height == tiny.tables[name].height
    assert matching(whole, "no such words anywhere", [], False).is_empty()
    assert matching(whole, "", ["F"], True).height <= whole.height


def test_conflicts_hold_at_least_two_rows_each(tiny: Market) -> None:
    assert all(group.height >= 2 for group in conflicts(tiny).values())


def test_the_method_page_has_its_equations_and_every_slider(tiny: Market) -> None:
    text = (ROOT / "src" / "shareshift" / "ui" / "method" / "method.md").read_text()
    assert text.count("$$") % 2 == 0
    assert sum(kind == "equation" for kind, _ in method_parts(text)) >= 6
    assert limits_table(tiny).height == len(tiny.parameters)


def test_no_cached_function_hashes_a_frame_or_a_market() -> None:
    tree = ast.parse(inspect.getsource(cache))
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        if any("cache_" in ast.unparse(decorator) for decorator in function.decorator_list):
            for argument in function.args.args:
                kind = ast.unparse(argument.annotation) if argument.annotation else ""
                plain_kind = kind in ("str", "str | None", "date", "Key") or kind.startswith("tuple[")
                assert plain_kind or argument.arg.startswith("_"), f"{function.name}({argument.arg}: {kind})"


def test_the_settings_that_keep_the_server_to_this_machine_stand() -> None:
    text = (ROOT / ".streamlit" / "config.toml").read_text()
    for line in (
        'address = "127.0.0.1"',
        "gatherUsageStats = false",
        'showErrorDetails = "none"',
        "disableDataExport = true",
    ):
        assert line in text


def test_every_setting_is_one_that_streamlit_knows() -> None:
    import tomllib

    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    known = config.get_config_options()
    for section in ("server", "browser", "client", "runner"):
        for name in settings.get(section, {}):
            assert f"{section}.{name}" in known


def test_the_month_and_a_link_to_the_page_are_there_after_a_visit_to_another_page(tiny: Market) -> None:
    app = open_page()
    app.slider(key="slider-moved_share").set_value(0.2).run()
    month = first_month(tiny.event_date)
    app.select_slider(key="month-3").set_value(month).run()
    go_to(app, "method")
    go_to(app, "money")
    assert app.select_slider(key="month-3").value == month
    assert any("moved_share=0.2" in code.value for code in app.code)
