"""Numbers in words: units change where rounding would add a digit, signs are true minus signs, ranges share a unit."""

import re
from datetime import date

import pytest

from shareshift.basics.formats import (
    day_words,
    likelihood,
    money,
    money_range,
    month_words,
    percent,
    quantity,
    quantity_range,
    sentence_money,
    whole_dollars,
)


@pytest.mark.parametrize(
    ("usd", "words"),
    [
        (0.52e9, "0.52bn USD"),
        (14e6, "14m USD"),
        (99.4e6, "99m USD"),
        (99.6e6, "0.10bn USD"),
        (9.94e6, "9.9m USD"),
        (9.96e6, "10m USD"),
        (99_499, "99,499 USD"),
        (99_501, "0.10m USD"),
        (149_999, "0.15m USD"),
        (283_333, "0.28m USD"),
        (994_900, "0.99m USD"),
        (995_100, "1.0m USD"),
        (0.4, "0 USD"),
        (-0.31e9, "−0.31bn USD"),
        (1234.5e9, "1,234.50bn USD"),
    ],
)
def test_money_reads_as_in_the_paper(usd: float, words: str) -> None:
    assert money(usd) == words


@pytest.mark.parametrize("usd", [100_001, 118_750, 149_999, 150_001, 949_999, 1_049_999, 9.94e6, 14.4e6, 99.6e6, 1e9])
def test_an_amount_in_words_is_within_a_twentieth_of_itself(usd: float) -> None:
    scale = {"bn": 1e9, "m": 1e6}
    number, unit = re.fullmatch(r"([\d.,]+)(bn|m) USD", money(usd)).groups()  # type: ignore[union-attr]
    assert float(number) * scale[unit] == pytest.approx(usd, rel=0.05)


def test_a_bare_number_in_a_sentence_always_has_its_unit() -> None:
    assert [sentence_money(usd) for usd in (0.52e9, 99_600, 449, -2809, 0.2)] == [
        "0.52bn", "0.10m", "449 USD", "−2,809 USD", "0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.14e9, 1.04e9, "0.14–1.04bn"),
        (14e6, 1.04e9, "14m to 1.04bn"),
        (-0.4e9, 0.5e9, "−0.40bn to 0.50bn"),
        (0, 63e6, "0 to 63m"),
        (5e6, 5e6, "5.0m"),
    ],
)
def test_a_range_names_its_unit_once_where_both_ends_share_it(low: float, high: float, words: str) -> None:
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
    assert quantity(-0.7, "log_odds") == "−0.7"
    assert quantity(250e6, "usd_per_year") == "0.25bn"
    assert quantity_range(0.5, 0.95, "share") == "50% to 95%"
    assert quantity_range(1, 1, "share") == "fixed"
