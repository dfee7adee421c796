"""What the columns of a run's tables mean, with their units, for `datapackage.json`."""

from itertools import takewhile

import polars as pl

STATISTICS = {
    "central": "on the central path",
    "mean": "mean of the simulations",
    "p5": "5% of simulations lie below",
    "p25": "25% of simulations lie below",
    "p50": "median of the simulations",
    "p75": "75% of simulations lie below",
    "p95": "95% of simulations lie below",
    "standard_error": "Monte Carlo standard error of the mean",
}
QUANTITIES = {
    "value": "Value of the figure, in the unit of the row",
    "revenue_usd": "Revenue in the month with the event, USD",
    "no_event_revenue_usd": "Revenue in the month without the event, USD",
    "market_growth_gain_usd": "Gain from the growth of the market, USD",
    "own_growth_gain_usd": "Gain from growth of the vendor's own, beside the market's, USD",
    "displaced_gain_usd": "Gain from money displaced from the incumbent, for the incumbent what it lost, USD",
    "other_gain_usd": "Revenue that neither growth nor displaced money explains, USD",
    "no_event_spend_usd": "Spend at the incumbent in the month without the event, USD",
    "displaced_usd": "Spend that is displaced in the month, USD",
    "unplaced_usd": "Displaced spend of the month that finds no capacity elsewhere, USD",
    "left_usd": "Displaced spend of the month that has left the incumbent, USD",
    "flow_usd": "Displaced spend of the month that goes to the destination, USD",
    "cumulative_flow_usd": "Displaced spend from the first month up to this one that went to the destination, USD",
    "share": "Share of outsourced revenue, 0 to 1",
    "no_event_share": "Share of outsourced revenue without the event, 0 to 1",
    "ever_full": "1 in a simulation in which it turns money away in some month; the mean is a share of simulations",
    "full_months": "Share of months in which it turns money away, 0 to 1",
    "first_turned_away_usd": "Spend it turns away that had chosen it first, over all months, USD",
    "turned_away_usd": "Spend it turns away, second choices included, over all months, USD",
    "room_usd": "What it can take on over all months, USD; empty where there is no limit",
    "room_used": "What it wins over what it can take on, 0 to 1; 1 where it can take on nothing",
    "worth_usd": "What it would win over all months with one USD more of capacity in every month, USD",
    "spill_usd": "Spend it turned away that had chosen it first and that ended here, over all months, USD",
    "lowest_hhi": "Herfindahl-Hirschman index over outsourced revenue, 0 to 10,000, pools parted into their firms",
    "hhi": "Herfindahl-Hirschman index over outsourced revenue, 0 to 10,000, pools as one firm each",
    "effective_number": "Effective number of vendors, 10,000 over the index",
}
KEYS = {
    "scenario": "Title of the scenario.",
    "figure": "Which headline figure.",
    "unit": "Unit of the values in the row.",
    "vendor_id": "Vendor; a key of vendors.csv.",
    "customer_id": "Customer; a key of customers.csv.",
    "destination_id": "Where money goes: a vendor, in_house, not_spent or unplaced.",
    "month": "Month, as its first day.",
    "option_id": "Who has limited capacity: a rival, a key of vendors.csv, or in_house.",
    "limit": "The usual limit in its months at capacity: slack, monthly_growth or run_rate; empty if there are none.",
    "bound_by_slack": "Share of its months at capacity, all simulations, with most headroom from slack at the event.",
    "bound_by_monthly_growth": "Share of its months at capacity, all simulations, with most headroom added since.",
    "bound_by_run_rate": "Share of its months at capacity, all simulations, with no headroom beside existing work.",
    "p5_first_full": "First month at capacity; reached by then in 5% of the simulations in which it ever is.",
    "p50_first_full": "First month at capacity; reached by then in half of the simulations in which it ever is.",
    "p95_first_full": "First month at capacity; reached by then in 95% of the simulations in which it ever is.",
    "source_id": "Row of sources.csv, in edges the customer.",
    "target_id": "Where money goes: a vendor, in_house, not_spent or unplaced.",
    "source": "Name of the customer.",
    "target": "Name of the destination.",
    "kind": "Sort of destination, of source or of input.",
    "table": "Table of the inputs in which the row stands.",
    "row_id": "Key of the row in that table.",
    "what": "What is assumed, as readers know it.",
    "low": "Low end of the range, in the unit of the row.",
    "central": "Central value, in the unit of the row.",
    "high": "High end of the range, in the unit of the row.",
    "central_in_scenario": "Central value after the scenario has moved it, in the unit of the row.",
    "distribution": "Shape between low and high.",
    "why": "Why this value and this range.",
    "grade": "Admiralty grade of the row, such as C2.",
    "input_id": "Place of the input in a scenario file.",
    "label": "What readers call the input.",
    "reference_value": "Setting of the baseline, in the unit of the row; a switch is 0 or 1.",
    "scenario_value": "Setting of the scenario, in the unit of the row; a switch is 0 or 1.",
    "reference_words": "Setting of the baseline in words.",
    "scenario_words": "Setting of the scenario in words.",
}


def column_words(name: str) -> str:
    """Return what a column holds, with its unit; the name itself in plain letters where there is no better word."""
    if name in KEYS:
        return KEYS[name]
    for statistic, words in STATISTICS.items():
        if name.startswith(f"{statistic}_"):
            quantity = name.removeprefix(f"{statistic}_")
            return f"{QUANTITIES.get(quantity, quantity.replace('_', ' ').capitalize())}; {words}."
    return f"{name.replace('_', ' ').capitalize()}."


def key_columns(frame: pl.DataFrame) -> list[str]:
    """Return the columns before the first number that together name every row, or none where they do not."""
    before = takewhile(lambda name: not frame.schema[name].is_numeric(), frame.columns)
    keys = [name for name in before if name != "unit"]
    if any(frame[name].has_nulls() for name in keys):
        return []
    # The shortest beginning that is enough: names and words that follow the ids are no part of the key.
    beginnings = (keys[:n] for n in range(1, len(keys) + 1))
    return next((key for key in beginnings if not frame.select(key).is_duplicated().any()), [])
