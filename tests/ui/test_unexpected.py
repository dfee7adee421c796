"""Where the program fails, readers get our sentence, and nothing of the fault itself."""

import importlib.util

import pytest

from support.pages import open_part, told
from support.places import ROOT


def failing() -> None:
    from shareshift.ui.shell.unexpected import show_unexpected

    show_unexpected(KeyError("a secret of the server"))


def test_the_sentence_says_what_to_do_and_tells_no_secret() -> None:
    words = told(open_part(failing), "unexpected")
    assert "Reload the page" in words
    assert "KeyError" in words
    assert "secret" not in words


def test_the_server_is_told_to_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # Named as another module, app.py is what the server reads: it makes the application.
    spec = importlib.util.spec_from_file_location("the_door", ROOT / "app.py")
    assert spec
    assert spec.loader
    door = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(door)
    assert door.app._on_script_error.__name__ == "show_unexpected"
