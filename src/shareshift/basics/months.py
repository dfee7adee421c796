"""Calendar months and their fractions of a year."""

from calendar import monthrange
from datetime import date

import numpy as np

from shareshift.basics.arrays import Floats

MONTHS_PER_YEAR = 12
DAYS_PER_YEAR = 365.25


def first_month(event: date) -> date:
    """Return day 1 of the first whole calendar month after the event."""
    year, index = divmod(event.year * MONTHS_PER_YEAR + event.month, MONTHS_PER_YEAR)
    return date(year, index + 1, 1)


def months_from(start: date, count: int) -> list[date]:
    """Return `count` consecutive months, each as its day 1, beginning with the month of `start`."""
    first = start.year * MONTHS_PER_YEAR + start.month - 1
    return [date((first + i) // MONTHS_PER_YEAR, (first + i) % MONTHS_PER_YEAR + 1, 1) for i in range(count)]


def part_over(day: date) -> float:
    """Return which part of its month is over by the end of a day."""
    return day.day / monthrange(day.year, day.month)[1]


def mid_month(count: int, event: date) -> Floats:
    """Return the middles of months 1..count in months since the end of the day of the event; shape (count,).

    Month 1 is the first whole calendar month after the event, so its middle is half a month to one and a half away.
    """
    days = (first_month(event) - event).days - 1
    return np.arange(count, dtype=np.float64) + 0.5 + days * MONTHS_PER_YEAR / DAYS_PER_YEAR
