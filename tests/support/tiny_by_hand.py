"""Figures of the tiny market, computed by hand in the test of its central path."""

from datetime import date
from math import sqrt

MONTHS = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)]
GROWTH = [1.2 ** (0.5 / 12), 1.2 ** (1.5 / 12), 1.2 ** (2.5 / 12)]
# What has moved by the middle of each month of who starts with the event, and so many months after a start.
GONE = [0.0, 1 / 2, 3 / 4]
LATER = [0.0, 1 - 1 / sqrt(2), 1 - 1 / sqrt(8)]
LEAVING = {"north": 50 * 0.8, "south": 20 * 0.8, "rest": 30 * 0.8}
CHANCE = {"north": 0.9, "south": 0.05, "rest": 0.2}
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


def begun_by(customer, months):
    """Which part of a customer has begun to leave so many months after the event, on average."""
    return CHANCE[customer] if customer == "north" else 1 - (1 - CHANCE[customer]) ** (months / 12)


def moved_by(customer, month):
    if customer == "north":
        return CHANCE["north"] * GONE[month]
    starts = [begun_by(customer, start + 1) - begun_by(customer, start) for start in range(month + 1)]
    return sum(some * LATER[month - start] for start, some in enumerate(starts))


def displaced_by(customer, month):
    return LEAVING[customer] * moved_by(customer, month) * GROWTH[month]


def pool_of(month):
    return sum(displaced_by(customer, month) for customer in LEAVING)
