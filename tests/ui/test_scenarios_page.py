"""Scenarios on the pages without a browser: drafts that come back, links of old, saving, versions, conflicts."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from shareshift.basics.version import __version__
from shareshift.market.market import Market
from shareshift.scenario.address import stamp
from shareshift.store.opening import Store
from shareshift.ui.saved import opening as storing
from shareshift.ui.saved.keeping import KEEPER
from shareshift.ui.saved.owner import Owner
from support.pages import captions, open_page, told

pytestmark = pytest.mark.slow

ME = Owner(name="me", lasting=True)
COLLEAGUE = Owner(name="colleague", lasting=True)


@pytest.fixture(autouse=True)
def own_store(tiny_app: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("SHARESHIFT_DATA", str(tmp_path))
    yield
    KEEPER.close(10)


@pytest.fixture
def store(own_store: None) -> Store:
    return storing.the_store()


def opened(page: str = "scenarios", owner: Owner = ME, **query: str) -> AppTest:
    return open_page(page, state={"owner": owner}, **query)


def typed(app: AppTest, label: str, text: str) -> AppTest:
    return next(box for box in (*app.text_input, *app.text_area) if box.label == label).input(text).run()


def saved_as(app: AppTest, title: str) -> AppTest:
    return typed(app, "Title", title).button(key="save-new").click().run()


def test_a_change_is_kept_and_comes_back_without_a_link(store: Store) -> None:
    app = opened("money")
    app.slider(key="slider-moved_share").set_value(0.2).run()
    assert "Draft saved at" in told(app, "kept")
    assert store.draft("me", store.drafts("me")[0].draft_id).content["parameters"] == {"moved_share": 0.2}
    again = opened("money")
    assert "“Baseline, edited”" in told(again, "restored")
    assert again.slider(key="slider-moved_share").value == 0.2
    again.button(key="undo").click().run()
    assert again.slider(key="slider-moved_share").value != 0.2
    again.button(key="redo").click().run()
    assert again.slider(key="slider-moved_share").value == 0.2


def test_the_reader_may_start_from_the_baseline_instead_and_loses_nothing(store: Store) -> None:
    opened("money").slider(key="slider-moved_share").set_value(0.2).run()
    app = opened("money")
    app.button(key="restored-baseline").click().run()
    assert not told(app, "restored")
    assert app.slider(key="slider-moved_share").value != 0.2
    app.slider(key="slider-exodus").set_value(1.0).run()
    assert len(store.drafts("me")) == 2


def test_a_draft_of_somebody_else_is_never_put_back() -> None:
    opened("money").slider(key="slider-moved_share").set_value(0.2).run()
    app = opened("money", COLLEAGUE)
    assert not told(app, "restored")
    assert app.slider(key="slider-moved_share").value != 0.2


def test_a_link_comes_before_the_draft() -> None:
    opened("money").slider(key="slider-moved_share").set_value(0.2).run()
    app = opened("money", growth="0.5")
    assert not told(app, "restored")
    assert app.slider(key="slider-moved_share").value != 0.2


def test_a_visit_without_a_cookie_says_that_drafts_are_not_kept(store: Store) -> None:
    app = opened("money", Owner(name="passing", lasting=False))
    app.slider(key="slider-moved_share").set_value(0.2).run()
    assert "drafts are not kept" in told(app, "kept")
    assert store.drafts("passing") == []


def test_a_folder_that_cannot_be_written_stops_nothing_but_keeping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SHARESHIFT_DATA", str(tmp_path / "file"))
    app = opened("money")
    app.slider(key="slider-moved_share").set_value(0.2).run()
    assert not app.exception
    assert "Nothing is being kept" in told(app, "kept")
    assert "The store of this server: it cannot be opened" in told(app, "kept")
    page = opened()
    assert not page.exception
    assert "it cannot be opened" in told(page, "store-fault")
    assert str(tmp_path) not in told(page)


def test_undo_and_redo_go_over_presets_texts_and_months() -> None:
    app = opened()
    app.selectbox(key="preset").set_value("exodus").run()
    typed(app, "Author", "Ada")
    next(box for box in app.number_input if box.label == "Months").set_value(2).run()
    assert app.query_params["horizon_months"] == "2"
    for expected in ("Months", "Author", "Scenario"):
        assert expected in told(app, "standing")
        app.button(key="undo").click().run()
    assert app.selectbox(key="preset").value == "baseline"
    assert not app.query_params
    for _ in range(3):
        app.button(key="redo").click().run()
    assert app.query_params["author"] == "Ada"
    assert app.query_params["horizon_months"] == "2"
    assert app.selectbox(key="preset").value == "exodus"


def test_overrides_of_a_link_are_told_in_the_sidebar_and_marked_in_the_tables() -> None:
    app = opened(exit__north="1", excluded__bolt="1")
    assert "North: leaves for certain; Bolt excluded" in captions(app)
    tables = [frame.value for frame in app.dataframe]
    assert any("● chance to leave, by you" in str(table) for table in tables)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("00000000.0.1.0", "on other tables (00000000; here they are"),
        ("{digest}.0.0.1", "with version 0.0.1 of Shareshift (here it is"),
    ],
)
def test_a_link_of_other_tables_or_another_version_says_so_and_offers_both(
    tiny: Market, on: str, expected: str
) -> None:
    on = on.format(digest=tiny.digest[:8])
    app = opened("money", moved_share="0.2", on=on)
    assert expected in told(app, "made-on")
    assert app.slider(key="slider-moved_share").value == 0.2
    assert any("shareshift reproduce" in text.value for text in app.markdown)
    assert app.query_params["on"] == on
    app.button(key="made-on-today").click().run()
    assert not told(app, "made-on")
    assert app.query_params["on"] == stamp(tiny)
    assert app.slider(key="slider-moved_share").value == 0.2


def test_saving_gives_a_link_that_opens_the_same_for_a_colleague(store: Store) -> None:
    app = saved_as(opened(moved_share="0.2", exit__north="1"), "Mine")
    assert "Saved as “Mine”." in told(app, "told")
    link = dict(app.query_params)
    saved = store.list_saved("me")[0]
    assert (link["saved"], link["version"]) == (saved.scenario_id, "1")
    there = opened("money", COLLEAGUE, **link)
    assert not told(there, "refused")
    assert there.slider(key="slider-moved_share").value == 0.2
    assert "North: leaves for certain" in captions(there)
    assert dict(there.query_params) == link


def test_a_link_to_something_that_is_not_saved_is_named(tiny: Market) -> None:
    app = opened("money", saved="0" * 32, version="1", on=stamp(tiny))
    assert "There is nothing here under this id" in told(app, "refused")


def test_versions_are_kept_compared_restored_copied_and_archived(store: Store) -> None:
    app = saved_as(opened(growth="0.5"), "Mine")
    app.slider(key="slider-moved_share").set_value(0.2).run()
    app.text_input(key="version-note").input("less moves").run()
    app.button(key="save-version").click().run()
    assert "Saved version 2." in told(app, "told")
    own = store.list_saved("me")[0]
    assert [version.note for version in store.history(own.scenario_id)] == ["less moves", ""]
    assert any("sourced value: 80%" in str(frame.value) and "20%" in str(frame.value) for frame in app.dataframe)
    next(box for box in app.selectbox if box.label == "Version").set_value(1).run()
    app.button(key="version-restore").click().run()
    assert store.latest(own.scenario_id).restored_from == 1
    assert app.slider(key="slider-moved_share").value != 0.2
    app.button(key="version-fork").click().run()
    copy = next(saved for saved in store.list_saved("me") if saved.scenario_id != own.scenario_id)
    assert copy.forked_from == own.scenario_id
    app.button(key="version-archive").click().run()
    assert [saved.scenario_id for saved in store.list_saved("me")] == [own.scenario_id]
    assert not app.exception


def test_what_was_saved_in_between_is_shown_and_nothing_is_overwritten(store: Store, tiny: Market) -> None:
    app = saved_as(opened(growth="0.5"), "Mine")
    own = store.list_saved("me")[0]
    theirs = {"title": "Mine", "parameters": {"growth": 0.9}}
    store.save("me", own.scenario_id, theirs, 1, tiny.digest, tiny.market_id, __version__, author="Grace", note="more")
    app.slider(key="slider-moved_share").set_value(0.2).run()
    app.button(key="save-version").click().run()
    assert "by Grace" in told(app, "conflict")
    assert store.latest(own.scenario_id).number == 2
    shown = next(frame.value.to_csv() for frame in app.dataframe if "Yours" in frame.value.columns)
    assert "90%" in shown
    assert "20%" in shown
    app.button(key="conflict-theirs").click().run()
    assert not told(app, "conflict")
    assert app.slider(key="slider-moved_share").value != 0.2
    app.button(key="undo").click().run()
    assert app.slider(key="slider-moved_share").value == 0.2
    app.button(key="save-version").click().run()
    app.button(key="conflict-copy").click().run()
    assert len(store.list_saved("me")) == 2
    assert store.latest(own.scenario_id).number == 2


def test_a_saved_scenario_of_somebody_else_is_copied_not_overwritten(store: Store) -> None:
    link = dict(saved_as(opened(growth="0.5"), "Mine").query_params)
    app = opened(owner=COLLEAGUE, **link)
    assert [button.label for button in app.button if button.key == "save-new"] == ["Save a copy of your own"]
    assert not [button for button in app.button if button.key == "save-version"]
    app.button(key="save-new").click().run()
    assert store.list_saved("colleague")[0].forked_from == store.list_saved("me")[0].scenario_id


def test_a_draft_of_another_visit_is_taken_up_or_discarded(store: Store) -> None:
    opened("money").slider(key="slider-moved_share").set_value(0.2).run()
    app = opened(growth="0.5")
    app.session_state["drafts"] = True
    app.run()
    kept = store.drafts("me")[0].draft_id
    app.button(key=f"take-{kept}").click().run()
    assert app.slider(key="slider-moved_share").value == 0.2
    other = opened(exodus="1")
    other.session_state["drafts"] = True
    other.run()
    other.button(key=f"drop-{kept}").click().run()
    assert kept not in {draft.draft_id for draft in store.drafts("me")}


def test_a_scenario_too_long_for_an_address_asks_to_be_saved() -> None:
    app = typed(opened(), "Note", "x" * 2000)
    assert set(app.query_params) == {"draft"}
    assert "too long for an address" in captions(app)
    again = opened("money", draft=app.query_params["draft"])
    assert not told(again, "refused")
    assert again.query_params["draft"] == app.query_params["draft"]
    assert "is not kept for this browser" in told(opened("money", COLLEAGUE, draft="0" * 32), "refused")


def test_a_value_between_the_steps_of_a_slider_is_shown_as_the_link_says(tiny: Market) -> None:
    app = opened("money", growth="0.263")
    assert not told(app, "refused")
    assert app.slider(key="slider-growth").value == 0.263
    app.slider(key="slider-moved_share").set_value(0.2).run()
    assert app.query_params == {"growth": "0.263", "moved_share": "0.2", "on": stamp(tiny)}


def test_a_damaged_version_and_draft_are_named_and_everything_else_is_there(store: Store, tmp_path: Path) -> None:
    for title in ("Bad", "Good"):
        saved_as(opened(), title)
    saved = {one.title: one for one in store.list_saved("me")}
    market = saved["Bad"].market_name
    store.save("me", saved["Bad"].scenario_id, {"title": "Bad"}, 1, "digest", market, __version__)
    store.put_draft("me", "d", {"title": "Lost draft"}, "digest", 1, market_name=market)
    raw = sqlite3.connect(tmp_path / "shareshift.db")
    with raw:
        raw.execute("update shareshift_version set content = cast(x'7bff' as text) where title = 'Bad' and number = 2")
        raw.execute("update shareshift_draft set content = '{' where title = 'Lost draft'")
    raw.close()
    for page in ("money", "scenarios", "compare"):
        app = opened(page)
        assert not app.exception
    app = opened()
    assert "The draft “Lost draft” (d) is damaged. Everything else can be read" in told(app, "refused")
    chosen = next(box for box in app.selectbox if box.label == "Saved scenario")
    assert len(chosen.options) == 2
    app = chosen.select_index(0).run()
    assert "Version 2 of “Bad”" in told(app)
    assert str(tmp_path) not in told(app)
    assert "Kept on this server, in a file of its own." in told(app)


def test_no_page_tells_where_the_market_should_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHARESHIFT_MARKET", str(tmp_path / "nowhere"))
    app = opened("money")
    assert "The market’s folder: is not there. Name one in SHARESHIFT_MARKET." in told(app, "fault")
    assert str(tmp_path) not in told(app)


def test_months_out_of_range_are_refused_with_a_reason_beside_the_field() -> None:
    app = opened()
    next(box for box in app.number_input if box.label == "Months").set_value(500).run()
    assert "Months: 500 was not taken over. Give a whole number from 1 to" in told(app, "text-refused")
    assert "horizon_months" not in app.query_params
    assert next(box for box in app.number_input if box.label == "Months").value == 3


def test_the_path_of_the_store_is_not_shown(store: Store) -> None:
    assert store.place not in told(opened())
