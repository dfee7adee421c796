"""Results and their differences in words, in the unit of the figure."""

from shareshift.basics.formats import MINUS, MONEY_UNITS, money, money_range, percent, whole_dollars


def amount(value: float, unit: str) -> str:
    """Return a result such as $520m, 24.0%, 1,837 or 3.6."""
    if unit in MONEY_UNITS:
        return money(value)
    if unit == "share":
        return percent(round(value, 3) + 0.0, 1)
    return _plain(value, unit)


def in_full(value: float, unit: str) -> str:
    """Return a result for a table: whole dollars with separators, else as `amount`."""
    return whole_dollars(value) if unit in MONEY_UNITS else amount(value, unit)


def change(value: float, unit: str) -> str:
    """Return a difference with its sign, shares in percentage points: +$180m, −4.7 points, 0."""
    if unit == "share":
        text = f"{100 * value:+.{_digits(value)}f}"
        return "0 points" if float(text) == 0 else f"{text.replace('-', MINUS)} points"
    text = amount(value, unit)
    return f"+{text}" if value > 0 and text.strip("$0.,") else text


def change_range(low: float, high: float, unit: str) -> str:
    """Return the range of a difference, such as $60m–$410m or −11.1 to −1.7 points."""
    if unit in MONEY_UNITS:
        return money_range(low, high)
    if unit == "share":
        digits = _digits(low, high)
        ends = [f"{round(100 * end, digits) + 0.0:.{digits}f}".replace("-", MINUS) for end in (low, high)]
        return f"{ends[0]} points" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]} points"
    ends = [_plain(end, unit) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def in_percent(share: float) -> str:
    """Return a share of the simulations: 97%, under 1%, over 99%; 0% and 100% are none and all of them."""
    if 0 < share <= 0.005 or 0.995 <= share < 1:
        return "under 1%" if share < 0.5 else "over 99%"
    return percent(share)


def _digits(*shares: float) -> int:
    # Below one point the first decimal alone would make much of what differs look like nothing.
    return 2 if all(abs(100 * share) < 0.995 for share in shares) else 1


def _plain(value: float, unit: str) -> str:
    text = f"{value:,.0f}" if unit == "hhi" else f"{value:.1f}"
    return text.removeprefix("-") if not text.strip("-0.") else text.replace("-", MINUS)
