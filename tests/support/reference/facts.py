"""What the second implementation takes from the tables and the scenario, and what it gives."""

import calendar
import math
from dataclasses import dataclass, replace
from datetime import date
from statistics import NormalDist
from typing import Any

from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import build_inputs
from shareshift.scenario.scenario import Scenario

IN_HOUSE, NOT_SPENT, UNPLACED = "in_house", "not_spent", "unplaced"
OWN_NEST = "(in-house)"
STANDARD_NORMAL = NormalDist()

Amounts = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is certain about a market under a scenario."""

    incumbent: str
    customers: list[str]
    remainder: str
    rivals: list[str]
    nest: dict[str, str]
    independent: Amounts
    conflict: Amounts
    needs: dict[str, set[str]]
    offers: dict[str, set[str]]
    serves: dict[tuple[str, str], tuple[float, float]]
    stance: dict[str, str]
    firms: Amounts
    vendor_firms: Amounts
    trend: dict[str, tuple[float, float]]
    months_before: float
    excluded: set[str]
    months: int
    closed_from: float = math.inf
    owner: str | None = None
    new_lines: bool = False
    form: str = "nested_logit"
    capacity: bool = True


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month of one draw: `flow[customer][destination]`, and revenue and share per vendor."""

    displaced: Amounts
    flow: dict[str, Amounts]
    revenue: Amounts
    share: Amounts
    hhi: float


def facts_of(market: Market, scenario: Scenario) -> Facts:
    vendors = {row["vendor_id"]: row for row in market.tables["vendors"].iter_rows(named=True)}
    customers = {row["customer_id"]: row for row in market.tables["customers"].iter_rows(named=True)}
    stance = dict.fromkeys(customers, "unknown")
    events = [row for row in market.tables["events"].iter_rows(named=True) if row["kind"] == "stance" and row["used"]]
    for row in sorted(events, key=lambda row: (row["known_from"], row["date"])):
        if row["known_from"] <= market.as_of:
            stance[row["customer_id"]] = row["stance"]
    return Facts(
        incumbent=market.incumbent,
        closed_from=closed_from(market),
        owner=market.owner,
        new_lines=market.new_lines_in_market,
        customers=list(customers),
        remainder=next(c for c, row in customers.items() if row["is_remainder"]),
        rivals=[v for v in vendors if v != market.incumbent],
        nest={v: row["nest"] for v, row in vendors.items()} | {IN_HOUSE: OWN_NEST},
        independent={v: free_of_cause(row) for v, row in vendors.items()},
        conflict={c: row["competes_with_owner"] for c, row in customers.items()},
        needs={c: words(row["segments"]) for c, row in customers.items()},
        offers={v: words(row["segments"]) for v, row in vendors.items()},
        serves=serves_of(market),
        stance=stance,
        firms={c: firms_of(row, "many" if row["is_remainder"] else "1") for c, row in customers.items()},
        vendor_firms={v: firms_of(row, "1") for v, row in vendors.items()},
        trend={v: (trend.slope, trend.variance) for v, trend in market.trends.items()},
        months_before=rest_of_month(market.event_date) * 12 / 365.25,
        excluded={v for v, override in scenario.vendors.items() if override.get("excluded")},
        months=scenario.horizon_months or market.horizon_months,
        form=scenario.form,
        capacity=scenario.capacity,
    )


def closed_from(market: Market) -> float:
    """Return the number of the first month, from 1, that begins on the closing day or after it."""
    if market.closes_on is None:
        return math.inf
    event, closes = market.event_date, market.closes_on
    months = (closes.year - event.year) * 12 + closes.month - event.month
    return max(months + (1 if closes.day > 1 else 0), 1)


def free_of_cause(row: dict[str, Any]) -> float:
    return float(row["independent"]) if row.get("free_of_cause") is None else row["free_of_cause"]


def serves_of(market: Market) -> dict[tuple[str, str], tuple[float, float]]:
    """Return by customer and rival which part it serves, and its size there over its central run rate."""
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    if "serves" in market.tables:
        for row in market.tables["serves"].sort("known_from").iter_rows(named=True):
            if row["used"] and row["known_from"] <= market.as_of:
                latest[row["customer_id"], row["vendor_id"]] = row
    sizes = {row["vendor_id"]: row["central_usd_per_year"] for row in used_revenues(market)}
    return {
        key: (row["part"], row["usd_per_year"] / sizes[key[1]] if row["usd_per_year"] and sizes.get(key[1]) else 1.0)
        for key, row in latest.items()
    }


def used_revenues(market: Market) -> list[dict[str, Any]]:
    rows = market.tables["revenues"].sort("known_from").iter_rows(named=True)
    return [row for row in rows if row["used"] and row["known_from"] <= market.as_of]


def firms_of(row: dict[str, Any], usual: str) -> float:
    word = row.get("firms") or usual
    return math.inf if word == "many" else float(word)


def rest_of_month(event: date) -> int:
    """Return the days of the event's month after the day of the event."""
    return calendar.monthrange(event.year, event.month)[1] - event.day


def words(cell: str | None) -> set[str]:
    return set(cell.split(";")) if cell else set()


def values_of(market: Market, scenario: Scenario, facts: Facts, draws: Draws) -> dict[str, list[float]]:
    """Return every input's drawn values, the central one last; a latent normal is 0 on the central path."""
    # The ranges of the baseline's form: what another form makes of them is worked out here.
    ranges = dict(build_inputs(market, replace(scenario, form="nested_logit", capacity=True)).ranges)
    if facts.form == "diversion_matrix":
        every = build_inputs(market, scenario).ranges
        ranges |= {key: figure for key, figure in every.items() if key.kind == "diversion"}
    values = {str(key): draws.value(str(key), figure).tolist() for key, figure in ranges.items()}
    latent = ["exits"]
    latent += [f"exits:{c}" for c in facts.customers] + [f"momentum:{k}" for k in facts.rivals]
    for name in latent:
        values[f"uniform:{name}"] = [*draws.uniform(name).tolist(), 0.5]
        values[name] = [STANDARD_NORMAL.inv_cdf(u) for u in draws.uniform(name).tolist()] + [0.0]
    for name in ["own_growth", *(f"own_growth:{k}" for k in facts.rivals)]:
        values[name] = [laplace(u) for u in draws.uniform(name).tolist()] + [0.0]
    return values


def laplace(u: float) -> float:
    """Return a Laplace quantile of variance 1."""
    return (math.log(2 * u) if u < 0.5 else -math.log(2 * (1 - u))) / math.sqrt(2)
