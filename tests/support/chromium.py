"""A headless Chromium, and pages in it that tell of every trouble."""

import os
import shutil
from collections.abc import Callable

from playwright.sync_api import Browser, Page, Playwright

# For containers, and so that Chromium itself asks nothing of any network.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class NoChromiumError(Exception):
    """There is no Chromium to test with, and why."""


def launch_chromium(playwright: Playwright) -> Browser:
    """Start the Chromium of SHARESHIFT_CHROMIUM, else of PATH; raises `NoChromiumError`."""
    path = os.environ.get("SHARESHIFT_CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise NoChromiumError(os.environ.get("SHARESHIFT_NO_BROWSER_REASON", "not run: no Chromium was found"))
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


def troubles_of(page: Page, is_own: Callable[[str], bool]) -> list[str]:
    """Return a list that fills with errors of the console and of scripts, and with requests for what is not its own."""
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: None if is_own(request.url) else troubles.append(request.url))
    return troubles
