"""Figures of the tiny market, reckoned by hand in the test of its central path."""

from datetime import date
from math import sqrt

MONTHS = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)]
GROWTH = [1.2 ** (0.5 / 12), 1.2 ** (1.5 / 12), 1.2 ** (2.5 / 12)]
GONE = [0.0, 1 / 2, 3 / 4]
LEAVING = {"north": 50 * 0.9 * 0.8, "south": 20 * 0.05 * 0.8, "rest": 30 * 0.2 * 0.8}
MONTHLY_SPEND = {"north": 50, "south": 20, "rest": 30}
WISH = {
    "bolt": 0.8 * (2 * sqrt(3) / (sqrt(3) + 1) - 1 / 2),
    "crane": 0.8 * (2 / (sqrt(3) + 1) - 1 / 2),
    "in_house": 0.1,
    "not_spent": 0.1,
}


def room(month, option, slack=0.05):
    """What an option can take on in month 0, 1 or 2."""
    if option == "in_house":
        return 10 * 1.05 ** (month + 1) - 10 * GROWTH[month]
    return 50 * (1 + slack) * 1.03 ** (month + 1) - 50 * GROWTH[month]


def displaced_by(customer, month):
    return LEAVING[customer] * GONE[month] * GROWTH[month]


def pool_of(month):
    return sum(displaced_by(customer, month) for customer in LEAVING)
