"""Numbers as readers see them: money in bn and m, shares in %, months and likelihood in words."""

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
    "share": "share",
    "probability": "chance",
    "share_per_year": "per year",
    "share_per_month": "per month",
    "usd": "USD",
    "usd_per_year": "USD per year",
    "log_odds": "log-odds",
    "log_scale": "log scale",
    "correlation": "correlation, 0 to 1",
    "exponent": "exponent",
    "ratio": "times",
    "months": "months",
}


def money(usd: float) -> str:
    """Return an amount such as 0.52bn USD, 14m USD or 3,200 USD."""
    return f"{short_money(usd)} USD"


def short_money(usd: float) -> str:
    """Return an amount without its currency, for axes and labels that name it."""
    sign, size = (MINUS if usd < 0 else ""), abs(usd)
    if round(size) == 0:
        return "0"
    # The limits lie where rounding in the smaller unit would change its number of digits.
    if size >= 99.5e6:
        return f"{sign}{size / 1e9:,.2f}bn"
    if size >= 9.95e6:
        return f"{sign}{size / 1e6:.0f}m"
    if size >= 0.995e6:
        return f"{sign}{size / 1e6:.1f}m"
    if size >= SMALL_USD:
        return f"{sign}{size / 1e6:.2f}m"
    return f"{sign}{size:,.0f}"


def sentence_money(usd: float) -> str:
    """Return an amount for a sentence that has named the currency; one without bn or m names it again."""
    return short_money(usd) if abs(usd) >= SMALL_USD or round(usd) == 0 else money(usd)


def money_range(low_usd: float, high_usd: float) -> str:
    """Return a range such as 0.14–1.04bn or 14m to 1.04bn, without the currency."""
    low, high = short_money(low_usd), short_money(high_usd)
    if low == high:
        return low
    unit = low.lstrip("0123456789.,−")
    shared = unit == high.lstrip("0123456789.,−") and MINUS not in low + high
    return f"{low.removesuffix(unit)}–{high}" if shared else f"{low} to {high}"


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
    return short_money(value) if unit in MONEY_UNITS else f"{value:g}".replace("-", MINUS)


def quantity_range(low: float, high: float, unit: str) -> str:
    """Return a slider's range in its unit."""
    if low == high:
        return "fixed"
    return f"{quantity(low, unit)} to {quantity(high, unit)}"


def cut(text: str, limit: int = 40) -> str:
    """Return a text of somebody else's as a sentence can quote it: not long, and nothing that does not print."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    return short if short.isprintable() else short.encode("unicode_escape").decode()
