"""From a key press on a slider to the last chart repainted, in headless Chromium; and how long a start takes.

Run `python benchmarks/slider_to_repaint.py [moves]`. Every move takes the slider to a value not seen before, so no
result comes from a cache. The plain way of writing the same page is measured in the same run.
"""

import contextlib
import json
import os
import runpy
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
CHARTS = '[data-testid="stVegaLiteChart"] svg'
# A frame after the last change of any chart is when the reader sees it.
WATCH = """() => {
  window.pressed = 0; window.painted = 0; window.changes = 0;
  new MutationObserver(records => {
    if (!records.some(r => (r.target.nodeType === 1 ? r.target : r.target.parentElement)
        ?.closest?.('[data-testid="stVegaLiteChart"]'))) return;
    window.changes += 1;
    requestAnimationFrame(() => { window.painted = performance.now(); });
  }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
  document.addEventListener('keydown', () => { window.pressed = performance.now(); }, true);
}"""


@contextlib.contextmanager
def server(command: list[str], log: Path) -> Iterator[tuple[str, float]]:
    """Start the app on a free port; yield its address and the seconds until it answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Started as `run.py` starts it.
    environment = {**runpy.run_path(str(ROOT / "run.py"))["MEMORY"], **os.environ, "SHARESHIFT_TIMINGS": str(log)}
    options = ["--server.port", str(port), "--server.headless", "true"]
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command, *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - start < 60:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}", time.perf_counter() - start
    finally:
        process.terminate()
        process.wait()


def open_page(page: Page, address: str) -> float:
    """Open the page and return the seconds until all four charts are there."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_function(f"document.querySelectorAll('{CHARTS}').length >= 4", timeout=120_000)
    return time.perf_counter() - start


def moves(page: Page, count: int, log: Path) -> list[dict[str, float]]:
    """Press the arrow key on two sliders and return the times of each move in milliseconds."""
    page.evaluate(WATCH)
    found = []
    for number in range(count + 4):
        thumb = page.locator('[data-testid="stSlider"] input').nth(0 if number <= count // 2 else 3)
        thumb.focus()
        log.write_text("")
        before = page.evaluate("window.changes")
        thumb.press("ArrowRight")
        page.wait_for_function(f"window.changes > {before}", timeout=20_000)
        page.wait_for_function("performance.now() - window.painted > 450 && window.painted > window.pressed")
        times = {"total": float(page.evaluate("window.painted - window.pressed"))}
        for line in log.read_text().splitlines():
            entry = json.loads(line)
            times[entry["part"]] = times.get(entry["part"], 0.0) + entry["ms"]
        times["rest"] = times["total"] - times.get("engine", 0.0) - times.get("data", 0.0)
        found.append(times)
    # The first moves compile and warm what later ones find ready.
    return found[4:]


def row(name: str, values: list[float]) -> str:
    ordered = sorted(values)
    return f"{name:<44}{median(ordered):>8.0f}{ordered[int(0.95 * (len(ordered) - 1))]:>8.0f}"


def measure(app: str, title: str, count: int, chromium: str) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        log = Path(folder) / "timings.jsonl"
        log.touch()
        with server(["benchmarks/timed_server.py", app], log) as (address, _):
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            open_page(page, address)
            page.wait_for_timeout(1500)
            times = moves(page, count, log)
            browser.close()
    print(f"\n{title}: {len(times)} moves, ms                         p50     p95")
    words = {
        "total": "key press to last chart repainted",
        "engine": "  engine and its frames",
        "data": "  data and words of the charts",
        "rest": "  rest of the script, transfer and paint",
    }
    for part, name in words.items():
        print(row(name, [entry.get(part, 0.0) for entry in times]))


def starts(chromium: str) -> None:
    """Print how long a server takes to answer and two readers wait for their charts."""
    with (
        sync_playwright() as playwright,
        server(["-m", "streamlit", "run", "app.py"], Path(os.devnull)) as (address, up),
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        first, second = (open_page(browser.new_page(), address) for _ in range(2))
        browser.close()
    print(f"\nserver answers after {up:.1f} s; first charts {first:.1f} s later, for the next reader in {second:.1f} s")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    chromium = os.environ.get("SHARESHIFT_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("No Chromium was found. Name one in SHARESHIFT_CHROMIUM.")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    measure("app.py", "This page", count, chromium)
    starts(chromium)
    measure("benchmarks/naive_app.py", "The plain way", max(count // 2, 5), chromium)


if __name__ == "__main__":
    main()
