"""Numbers as readers see them: money in bn and m, shares in %, months and likelihood in words."""

import math
from collections.abc import Sequence
from datetime import date

MINUS = "−"
# Below this an amount is written out in dollars.
SMALL_USD = 0.0995e6
# Share at which a likelihood word of ICD 203 ends; the last ends at 1.
LIKELIHOODS = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.0, "almost certain"),
)
PERCENT_UNITS = ("share", "probability", "share_per_year", "share_per_month")
MONEY_UNITS = ("usd", "usd_per_year", "usd_per_month")
UNIT_WORDS = {
    "share": "",
    "probability": "",
    "share_per_year": "per year",
    "share_per_month": "per month",
    "usd": "",
    "usd_per_year": "a year",
    "log_odds": "",
    "log_scale": "in logarithms",
    "correlation": "correlation, 0 to 1",
    "exponent": "exponent",
    "ratio": "times",
    "months": "months",
}


def money(usd: float) -> str:
    """Return an amount such as $1.36bn, $420m, $9.9m or $3,200."""
    size = abs(usd)
    # The limits lie where rounding in the smaller unit would change its number of digits.
    steps = ((999.5e6, 1e7), (9.95e6, 1e6), (0.995e6, 1e5), (SMALL_USD, 1e4))
    return _in_steps(usd, next((step for least, step in steps if size >= least), 1.0))


def money_range(low_usd: float, high_usd: float) -> str:
    """Return a range such as $52m–$940m, or −$40m to $1.20bn where an end is negative."""
    low, high = money(low_usd), money(high_usd)
    if low == high:
        return low
    return f"{low} to {high}" if MINUS in low + high else f"{low}–{high}"


def adding_up(whole: float, parts: Sequence[float]) -> tuple[str, list[str]]:
    """Return a sum and its parts, none negative, in as many digits as it takes that what is shown adds up."""
    first = next((step for least, step in ((9.95e6, 1e6), (0.995e6, 1e5), (SMALL_USD, 1e4)) if whole >= least), 1.0)
    tried = [first / 10**more for more in range(4) if first / 10**more >= 1]
    fitting = (step for step in tried if round(whole / step) == sum(round(part / step) for part in parts))
    step = next(fitting, tried[0])
    told = [_in_steps(part, step) for part in parts]
    small = f"under {_in_steps(step, step)}"
    told = [small if words == "$0" and round(part) > 0 else words for words, part in zip(told, parts, strict=True)]
    return _in_steps(whole, step), told


def _in_steps(usd: float, step: float) -> str:
    """Return an amount to the digits of a step, a power of ten."""
    whole, size = round(abs(usd) / step) * step, round(math.log10(step))
    if whole == 0:
        return "$0"
    unit, power = ("bn", 9) if whole >= 1e9 else ("m", 6) if size > 0 else ("", 0)
    return f"{MINUS if usd < 0 else ''}${whole / 10**power:,.{max(power - size, 0)}f}{unit}"


def whole_dollars(usd: float) -> str:
    """Return an amount in whole dollars with separators, for tables."""
    return f"{usd:,.0f}".replace("-", MINUS)


def percent(share: float, digits: int = 0) -> str:
    """Return a share as percent, such as 49%."""
    return f"{100 * share:.{digits}f}%".replace("-", MINUS)


def month_words(month: date) -> str:
    """Return a month such as December 2026."""
    return f"{month:%B %Y}"


def day_words(day: date) -> str:
    """Return a day such as 12 June 2025."""
    return f"{day.day} {day:%B %Y}"


def likelihood(probability: float) -> str:
    """Return the ICD 203 word for a probability with the number beside it, such as likely (72%)."""
    word = next(word for limit, word in LIKELIHOODS if probability <= limit)
    return f"{word} ({percent(probability)})"


def quantity(value: float, unit: str) -> str:
    """Return a slider's value in its unit."""
    if unit in PERCENT_UNITS:
        return percent(value, 0 if abs(100 * value - round(100 * value)) < 1e-6 else 1)
    if unit == "log_odds":
        return f"odds ×{math.exp(value):.2g}" if value else "as sourced"
    return money(value) if unit in MONEY_UNITS else f"{value:g}".replace("-", MINUS)


def quantity_range(low: float, high: float, unit: str) -> str:
    """Return a slider's range in its unit."""
    if low == high:
        return "fixed"
    if unit in MONEY_UNITS:
        return money_range(low, high)
    if unit in PERCENT_UNITS:
        return f"{quantity(low, unit).removesuffix('%')}–{quantity(high, unit)}"
    return f"{quantity(low, unit)} to {quantity(high, unit)}"


def cut(text: str, limit: int = 40) -> str:
    """Return a text of somebody else's as a sentence can quote it: not long, and nothing that does not print."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    return short if short.isprintable() else short.encode("unicode_escape").decode()
