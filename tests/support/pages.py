"""Pages of the dashboard without a browser: opened, visited, and read."""

import re
from collections.abc import Callable, Mapping

from streamlit.testing.v1 import AppTest

from shareshift.model.draws.streams import Draws
from support.places import PAGE_FILES, ROOT

PATIENCE_SECONDS = 60
FEW = 64
NOTHING: Mapping[str, object] = {}
# What makes text of others plain: marks that Markdown could take for its own, and addresses parted.
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|\u2060")


def open_page(
    name: str = "money",
    *,
    alone: bool = False,
    draws: int = FEW,
    state: Mapping[str, object] = NOTHING,
    **query: str,
) -> AppTest:
    """Return a page that has run: reached from the first page, or `alone`, without the rest of the app.

    `state` is what the session holds before the first run, `query` what the address says, with `__` for a dot.
    """
    app = AppTest.from_file(str(ROOT / (PAGE_FILES[name] if alone else "app.py")), default_timeout=PATIENCE_SECONDS)
    for key, value in query.items():
        app.query_params[key.replace("__", ".")] = value
    _run(app, {"draws": Draws(draws, 0), **state})
    return app if alone or name == "money" else go_to(app, name)


def open_part(script: Callable[..., object], *arguments: object, draws: int = FEW, **state: object) -> AppTest:
    """Return a function that shows a part of a page, after it has run as a page of its own."""
    app = AppTest.from_function(script, args=arguments, default_timeout=PATIENCE_SECONDS)
    return _run(app, {"draws": Draws(draws, 0), **state})


def go_to(app: AppTest, name: str) -> AppTest:
    """Go to another page, as with a click on its name."""
    return app.switch_page(PAGE_FILES[name]).run()


def told(app: AppTest, mark: str = "") -> str:
    """Return our own blocks of HTML that have a mark: a class, a test id, a role; without one all of them."""
    assert not app.exception
    bodies = [block.proto.body for block in app.get("html") if not block.proto.body.startswith("<style")]
    return "\n".join(body for body in bodies if not mark or f'="{mark}"' in body)


def captions(app: AppTest) -> str:
    """Return the captions as they are read: a mark that Markdown must not take for its own stands for itself."""
    return ESCAPED.sub(r"\1", "\n".join(caption.value for caption in app.caption))


def labels(app: AppTest) -> set[str]:
    """Return the labels of all buttons that download something."""
    return {ESCAPED.sub(r"\1", button.proto.label) for button in app.get("download_button")}


def _run(app: AppTest, state: Mapping[str, object]) -> AppTest:
    for key, value in state.items():
        app.session_state[key] = value
    return app.run()
