"""From a key press on a slider to the last chart repainted, in headless Chromium; and how long a start takes.

Run `python benchmarks/slider_to_repaint.py [moves]`. Every move takes the slider to a value not seen before, so no
result comes from a cache. In the same run the same is measured with the state of the project before
(`--before COMMIT`, `--no-before`), and with the plain way of writing the same page.
"""

import argparse
import json
import os
import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from app_server import AppServer
from trees import BEFORE, ROOT, state_of, tree_of

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


def open_page(page: Page, address: str) -> float:
    """Open the page and return the seconds until all four charts are there."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_function(f"() => document.querySelectorAll('{CHARTS}').length >= 4", timeout=120_000)
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
        page.wait_for_function(f"() => window.changes > {before}", timeout=20_000)
        page.wait_for_function("() => performance.now() - window.painted > 450 && window.painted > window.pressed")
        times = {"total": float(page.evaluate("window.painted - window.pressed"))}
        for line in log.read_text().splitlines():
            entry = json.loads(line)
            times[entry["part"]] = times.get(entry["part"], 0.0) + entry["ms"]
        times["rest"] = times["total"] - times.get("engine", 0.0) - times.get("data", 0.0)
        found.append(times)
    # The first moves compile and warm what later ones find ready.
    return found[4:]


def quantile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[int(part * (len(ordered) - 1))]


def row(name: str, values: list[float]) -> str:
    return f"{name:<44}{median(values):>8.0f}{quantile(values, 0.95):>8.0f}"


def measure(tree: Path, app: str, title: str, count: int, chromium: str) -> float:
    """Print the table of one app and return the p95 of its moves, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        log = Path(folder) / "timings.jsonl"
        log.touch()
        # Each tree has the stopwatch that fits it.
        timed = str(tree / "benchmarks" / "timed_server.py")
        with AppServer(tree, (timed,), app, SHARESHIFT_TIMINGS=str(log)) as server:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            open_page(page, server.url)
            # What the warm-up still does beside the first reader must not fall into the first moves.
            page.wait_for_timeout(5000)
            times = moves(page, count, log)
            browser.close()
    print(f"\n{title + f': {len(times)} moves, ms':<44}{'p50':>8}{'p95':>8}")
    words = {
        "total": "key press to last chart repainted",
        "engine": "  engine and its frames",
        "data": "  data and words of the charts",
        "rest": "  rest of the script, transfer and paint",
    }
    for part, name in words.items():
        print(row(name, [entry.get(part, 0.0) for entry in times]), flush=True)
    return quantile([entry["total"] for entry in times], 0.95)


def starts(tree: Path, chromium: str) -> None:
    """Print how long a server takes to answer and two readers wait for their charts, on a first and a second start."""
    with tempfile.TemporaryDirectory() as kept, sync_playwright() as playwright:
        for which in ("nothing kept from before", "first results kept"):
            with AppServer(tree, SHARESHIFT_CACHE=kept) as server:
                browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
                first, second = (open_page(browser.new_page(), server.url) for _ in range(2))
                browser.close()
            print(
                f"start, {which}: server answers after {server.seconds_to_answer:.1f} s; "
                f"first charts {first:.1f} s later, for the next reader in {second:.1f} s"
            )


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("moves", nargs="?", type=int, default=50)
    parser.add_argument("--before", default=BEFORE, metavar="COMMIT", help="the state to compare with (%(default)s)")
    parser.add_argument("--no-before", action="store_true", help="measure this state alone")
    return parser


def main() -> None:
    options = command_line().parse_args()
    count = options.moves
    chromium = os.environ.get("SHARESHIFT_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise SystemExit("No Chromium was found. Name one in SHARESHIFT_CHROMIUM.")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with ExitStack() as stack:
        trees = {} if options.no_before else {"before": stack.enter_context(tree_of(options.before))}
        trees["now"] = ROOT
        p95 = {}
        for name, tree in trees.items():
            p95[name] = measure(tree, "app.py", f"This page {name} ({state_of(tree)})", count, chromium)
            starts(tree, chromium)
    plain = measure(ROOT, str(ROOT / "benchmarks" / "naive_app.py"), "The plain way", max(count // 2, 5), chromium)
    print(f"\np95 of the plain way over now: {plain / p95['now']:.1f} x", end="")
    print(f"; of before over now: {p95['before'] / p95['now']:.1f} x" if "before" in p95 else "")


if __name__ == "__main__":
    main()
