"""market.toml: what it holds, and everything that is wrong with it."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from shareshift.basics.errors import DataError, Fault
from shareshift.market.reading import read_text

CONFIG: dict[str, tuple[type, str]] = {
    "title": (str, "a sentence"),
    "incumbent": (str, "a vendor_id"),
    "event": (str, "a sentence"),
    "event_date": (date, "a date without quotes"),
    "as_of": (date, "a date without quotes"),
    "horizon_months": (int, "a whole number of months"),
    "currency": (str, "USD"),
    "note": (str, "a sentence"),
}


# Keys that may be left out.
OPTIONAL: dict[str, tuple[type, str]] = {
    "owner": (str, "a customer_id"),
    "closes_on": (date, "the day on which the incumbent closes, without quotes"),
    "new_lines_in_market": (bool, "true or false"),
}


MAX_HORIZON_MONTHS = 120


LAST_YEAR = 2200


def read_config(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    """Return what a market.toml says, and everything that is wrong with it."""

    def fault(rule: str, remedy: str, column: str | None = None) -> Fault:
        return Fault(file=path.name, column=column, rule=rule, remedy=remedy)

    try:
        config = tomllib.loads(read_text(path))
    except DataError as error:
        return {}, list(error.faults)
    except tomllib.TOMLDecodeError as error:
        return {}, [fault(f"is no TOML ({str(error)[:100]})", "Mend the line")]
    faults = [
        fault("is of the wrong kind" if key in config else "is missing", f"Write {words}", key)
        for key, (kind, words) in (CONFIG | OPTIONAL).items()
        if type(config.get(key)) is not kind and (key in CONFIG or key in config)
    ]
    if config.get("currency") not in (None, "USD"):
        said = "is empty" if config["currency"] == "" else f"{config['currency']!r} is not carried yet"
        faults.append(fault(said, "Give all amounts in USD, and write USD", "currency"))
    event, as_of, closes = (config.get(key) for key in ("event_date", "as_of", "closes_on"))
    if type(event) is date and not 1900 <= event.year <= LAST_YEAR:
        faults.append(fault(f"{event} lies before 1900 or after {LAST_YEAR}", "Choose another", "event_date"))
    elif type(event) is type(closes) is date and closes < event:
        faults.append(fault(f"{closes} lies before the event, {event}", "Choose its day or a later one", "closes_on"))
    elif type(event) is type(as_of) is date and as_of < event:
        faults.append(
            fault(f"{as_of} lies before the event, {event}", "Choose the event's day or a later one", "as_of")
        )
    faults += [fault("is no key of market.toml", "Remove it", key) for key in set(config) - {*CONFIG, *OPTIONAL}]
    horizon = config.get("horizon_months")
    if type(horizon) is int and not 1 <= horizon <= MAX_HORIZON_MONTHS:
        faults.append(fault(f"{horizon} is not between 1 and {MAX_HORIZON_MONTHS}", "Choose another", "horizon_months"))
    return config, faults
