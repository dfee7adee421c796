"""Numbers in words: units change where rounding would add a digit, signs are true minus signs, ranges share a unit."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareshift.basics.formats import (
    adding_up,
    day_words,
    likelihood,
    money,
    money_range,
    month_words,
    percent,
    quantity,
    quantity_range,
    whole_dollars,
)


@pytest.mark.parametrize(
    ("usd", "words"),
    [
        (1.364e9, "$1.36bn"),
        (0.52e9, "$520m"),
        (14e6, "$14m"),
        (99.6e6, "$100m"),
        (999.4e6, "$999m"),
        (999.6e6, "$1.00bn"),
        (9.94e6, "$9.9m"),
        (9.96e6, "$10m"),
        (99_499, "$99,499"),
        (99_501, "$0.10m"),
        (149_999, "$0.15m"),
        (283_333, "$0.28m"),
        (994_900, "$0.99m"),
        (995_100, "$1.0m"),
        (449, "$449"),
        (0.4, "$0"),
        (-0.31e9, "−$310m"),
        (1234.5e9, "$1,234.50bn"),
    ],
)
def test_money_reads_as_in_the_paper(usd: float, words: str) -> None:
    assert money(usd) == words


@pytest.mark.parametrize("usd", [100_001, 118_750, 149_999, 150_001, 949_999, 1_049_999, 9.94e6, 14.4e6, 99.6e6, 1e9])
def test_an_amount_in_words_is_within_a_twentieth_of_itself(usd: float) -> None:
    assert dollars(money(usd)) == pytest.approx(usd, rel=0.05)


def dollars(words: str) -> float:
    """Return what words of money say."""
    number, unit = re.fullmatch(r"\$([\d.,]+)(bn|m|)", words).groups()  # type: ignore[union-attr]
    return float(number.replace(",", "")) * {"bn": 1e9, "m": 1e6, "": 1.0}[unit]


@given(st.lists(st.floats(0, 3e9), min_size=1, max_size=5))
def test_parts_add_up_to_the_whole_as_shown_in_the_digits_that_takes(parts: list[float]) -> None:
    whole, told = adding_up(sum(parts), parts)
    if not any(words.startswith("under ") for words in told) and len(parts) == 1:
        assert told == [whole]
    seen = [0.0 if words.startswith("under ") else dollars(words) for words in told]
    # Three digits more are tried; where rounding is against all of them, it is by less than one in the last.
    assert sum(seen) == pytest.approx(dollars(whole), rel=1e-3, abs=len(parts))


def test_more_digits_are_shown_only_where_it_takes_them() -> None:
    assert adding_up(421e6, [273e6, 77e6, 58e6, 13e6]) == ("$421m", ["$273m", "$77m", "$58m", "$13m"])
    assert adding_up(421.3e6, [273.4e6, 77.4e6, 58.4e6, 12.1e6])[1] == ["$273.4m", "$77.4m", "$58.4m", "$12.1m"]
    assert adding_up(50e6, [49.8e6, 0.2e6, 0]) == ("$50m", ["$50m", "under $1m", "$0"])
    assert adding_up(42, [40, 2]) == ("$42", ["$40", "$2"])


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (52e6, 0.94e9, "$52m–$940m"),
        (14e6, 1.04e9, "$14m–$1.04bn"),
        (-0.4e9, 0.5e9, "−$400m to $500m"),
        (0, 63e6, "$0–$63m"),
        (5e6, 5e6, "$5.0m"),
    ],
)
def test_a_range_names_both_ends_in_full(low: float, high: float, words: str) -> None:
    assert money_range(low, high) == words


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.0, "almost no chance (0%)"), (0.5, "roughly even chance (50%)"), (0.97, "almost certain (97%)")],
)
def test_likelihood_has_the_number_beside_the_word(probability: float, words: str) -> None:
    assert likelihood(probability) == words


def test_dates_and_dollars_are_written_out() -> None:
    assert month_words(date(2026, 12, 1)) == "December 2026"
    assert day_words(date(2025, 6, 12)) == "12 June 2025"
    assert whole_dollars(-1234567.4) == "−1,234,567"


def test_shares_show_as_percent_and_other_units_as_they_are() -> None:
    assert percent(0.123, 1) == "12.3%"
    assert quantity(0.05, "share_per_month") == "5%"
    assert quantity(-0.7, "log_odds") == "odds ×0.5"
    assert quantity(250e6, "usd_per_year") == "$250m"
    assert quantity_range(0.5, 0.95, "share") == "50–95%"
    assert quantity_range(1, 1, "share") == "fixed"
