"""Cells that files have trouble with."""

from datetime import date

import numpy as np
import polars as pl

SCHEMA = pl.Schema(
    {"text": pl.String, "word": pl.String, "number": pl.Float64, "count": pl.Int64, "day": pl.Date, "yes": pl.Boolean}
)
ROWS = 1_700
SIGNS = [*"=+-@'\t\r\n\",;| \\%#aB0é_", "\u200b", "\x00", "\x1f", "_x0041_", "&amp;", "<b>", "日", "😀", "＝", "\ufeff"]
TEXTS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'", "''", "'=1", "", " ", "0012", "1e5", "-5.00", "NaN",
    "null", "#N/A", "TRUE", "2025-01-01", 'say "hi"', "a,b", "a\r\nb", "a\rb", '=HYPERLINK("http://x","y")', "=cmd|'",
    "http://example.org", "mailto:a@b", "_x0041_", "_x005F_", "＝1+1", " =1", "x" * 3_000,
]  # fmt: skip
NUMBERS = [-0.0, 0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1, 1 / 3, 1e22, 1e16, -1.5,
           123456789.12345679, float("inf"), float("-inf"), float("nan"), 9007199254740993.0]  # fmt: skip
COUNTS = [2**63 - 1, -(2**63), 2**53, 2**53 + 1, -(2**53) - 1, 0, -5]
DAYS = [date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(2000, 2, 29), date(2100, 12, 31)]


def nasty_cells() -> pl.DataFrame:
    """Return more than 10,000 generated cells; a tenth are empty."""
    rng = np.random.default_rng(20250612)

    def column(special, generated):
        values = [*special, *(generated() for _ in range(ROWS - len(special)))]
        return [None if rng.random() < 0.1 and i >= len(special) else value for i, value in enumerate(values)]

    frame = pl.DataFrame(
        {
            "text": column(TEXTS, lambda: "".join(rng.choice(SIGNS, rng.integers(0, 9)))),
            "word": column([], lambda: TEXTS[rng.integers(len(TEXTS))]),
            "number": column(NUMBERS, lambda: float(rng.normal() * 10.0 ** rng.integers(-300, 300))),
            "count": column(COUNTS, lambda: int(rng.integers(-(2**63), 2**63 - 1))),
            "day": column(DAYS, lambda: date.fromordinal(int(rng.integers(693_596, 767_000)))),
            "yes": column([], lambda: bool(rng.random() < 0.5)),
        },
        schema=SCHEMA,
    )
    # What a workbook cannot hold is refused by name and has a test of its own.
    kept = frame.filter(~pl.col("text").str.contains("_x0041_x").fill_null(False))
    assert kept.width * kept.height >= 10_000
    return kept
