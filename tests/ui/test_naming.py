"""Names of files: the scenario is in each, on any system, and no two files of a page are called alike."""

import pytest
import streamlit as st

from shareshift.ui.shell.naming import LONGEST, slug
from support.pages import open_page


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Full exodus", "full-exodus"),
        ("Baseline, edited", "baseline-edited"),
        ("../../etc/passwd\0", "etc-passwd"),
        ("Wie viel? 20%: „Ähm“", "wie-viel-20-ähm"),
        ("שלום", "שלום"),
        ("👩‍👩‍👧‍👦", "scenario"),
    ],
)
def test_a_title_becomes_part_of_a_name(title: str, expected: str) -> None:
    assert slug(title) == expected
    assert len(slug(title * 40)) <= LONGEST


@pytest.mark.usefixtures("tiny_app")
def test_every_file_of_the_first_page_names_the_scenario_and_no_two_are_called_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names: list[str] = []
    monkeypatch.setattr(st, "download_button", lambda *_, file_name, **__: names.append(file_name))
    app = open_page()
    for twin in ("ribbons", "shares", "gains", "incumbent", "forms-gains", "spill"):
        app.session_state[f"twin-{twin}"] = True
    for part in ("rooms", "forms", "projection-table"):
        app.session_state[part] = True
    names.clear()
    app.slider(key="slider-moved_share").set_value(0.2).run()
    assert not app.exception
    assert len(names) > 10
    assert len(set(names)) == len(names)
    assert all(name.startswith("baseline-edited-") for name in names), names
