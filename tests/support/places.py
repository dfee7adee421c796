"""Where the tests find what they work on."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
DATA = TESTS / "data"
TINY = DATA / "markets" / "tiny"
DIVERSION = DATA / "markets" / "diversion.csv"
GOLDEN = DATA / "golden"
BUNDLED = ROOT / "data" / "scale-meta-2025"
MIGRATIONS = ROOT / "data" / "migrations"
# The file of each page by the last part of its address.
PAGE_FILES = {
    name: f"src/shareshift/ui/{room}/page.py"
    for name, room in {
        "money": "money",
        "compare": "compare",
        "what-matters": "drivers",
        "claims": "claims",
        "scenarios": "scenario",
        "evidence": "evidence",
        "track-record": "record",
        "method": "method",
    }.items()
}
