"""How fast vendors grew, and how far growth differs, from dated rows alone."""

import math
from datetime import date

import polars as pl
import pytest

from shareshift.market.parameters import Range
from shareshift.market.trends import Trend, growth_spread, vendor_trends

PRIOR = Range(low=0.1, central=0.35, high=1.225, distribution="lognormal")


def rows(*told, gross=None):
    names = ("revenue_id", "vendor_id", "central_usd_per_year", "basis", "period_start", "period_end", "known_from")
    return pl.DataFrame(
        [dict(zip(names, (f"r{at}", *row), strict=True)) | {"grade": "C3"} for at, row in enumerate(told)],
        schema_overrides={"period_start": pl.Date},
    ).with_columns(pl.Series("gross", gross or [None] * len(told), dtype=pl.String))


def figure(amount, day, basis="run_rate", known=None, start=None, vendor="bolt"):
    return (vendor, float(amount), basis, start, day, known or day)


FIRST, SECOND, THIRD = date(2023, 1, 1), date(2024, 1, 1), date(2025, 1, 1)


def test_two_figures_a_year_apart_give_the_growth_between_them():
    found = vendor_trends(rows(figure(100, FIRST), figure(200, SECOND)), THIRD)["bolt"]
    years = (SECOND - FIRST).days / 365.25
    assert found.slope == pytest.approx(math.log(2) / years)
    # Two figures, each off by a tenth: the slope's variance is 2 x 0.1 ** 2 over the years squared.
    assert found.variance == pytest.approx(2 * 0.1**2 / years**2)


def test_gross_amounts_and_others_are_two_kinds():
    """900 gross beside 100 and 200 that nobody called gross or net is no growth to 900."""
    told = (figure(100, FIRST), figure(200, SECOND), figure(900, date(2024, 7, 1)))
    apart = vendor_trends(rows(*told, gross=[None, "unknown", "yes"]), THIRD)["bolt"]
    assert apart == vendor_trends(rows(*told[:2]), THIRD)["bolt"]
    assert vendor_trends(rows(*told, gross=["yes"] * 3), THIRD)["bolt"].slope > 1.5 * apart.slope


def test_a_period_counts_at_its_middle_and_bases_are_not_mixed():
    year = figure(100, date(2023, 12, 31), "recognised", start=FIRST)
    later = figure(300, date(2024, 12, 31), "recognised", start=SECOND)
    pace = figure(900, THIRD)
    found = vendor_trends(rows(year, later, pace), THIRD)["bolt"]
    assert found.slope == pytest.approx(math.log(3), rel=0.01)


@pytest.mark.parametrize(
    "lonely",
    [
        [figure(100, FIRST)],
        [figure(100, FIRST), figure(120, FIRST)],
        [figure(100, FIRST), figure(200, SECOND, known=date(2025, 6, 1))],
        [figure(100, FIRST), figure(200, SECOND, "target")],
        [figure(100, FIRST), figure(200, SECOND, "estimate")],
    ],
)
def test_one_date_aims_and_what_was_not_known_yet_show_no_growth(lonely):
    assert vendor_trends(rows(*lonely), THIRD) == {}


def test_the_spread_of_a_market_follows_its_own_rows():
    calm = {str(k): (Trend(slope=0.1 + k / 100, variance=0.001, last=1.0), 1.0) for k in range(6)}
    wild = {str(k): (Trend(slope=k - 2.5, variance=0.001, last=1.0), 1.0) for k in range(6)}
    low, none, high = (growth_spread(PRIOR, 0.18, trends, 0.1) for trends in (calm, {}, wild))
    assert none == PRIOR
    assert low.central < none.central < high.central
    assert high.high / high.low < PRIOR.high / PRIOR.low


def test_a_log_normal_moves_and_narrows_in_logarithms():
    moved = PRIOR.moved_to(0.7, 0.0, 2.0)
    assert (moved.low, moved.high, moved.distribution) == (pytest.approx(0.2), pytest.approx(2.45), "lognormal")
    nearly = PRIOR.narrowed(1 - 1e-9)
    assert (nearly.low, nearly.high) == (pytest.approx(PRIOR.low), pytest.approx(PRIOR.high))
    assert PRIOR.narrowed(0.0) == Range.fixed(0.35)
