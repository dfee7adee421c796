"""What readers call each headline figure, statistic and form: one name, whichever page, picture or file shows it."""

from shareshift.basics.vocabulary import RESERVED
from shareshift.market.market import Market
from shareshift.scenario.forms import NAMED_FORMS

# `{incumbent}` stands for the incumbent's name.
FIGURES = {
    "incumbent_no_event": "{incumbent} without the event",
    "displaced": "Displaced",
    "left_incumbent": "Has left {incumbent}",
    "to_rivals": "Won by rivals",
    **RESERVED,
    "in_house_and_not_spent": "In-house and not spent",
    "incumbent_revenue": "{incumbent}’s revenue",
    "incumbent_change": "Net effect on {incumbent}",
    "incumbent_run_rate_at_horizon": "{incumbent}’s run rate, last month",
    "displaced_share": "Displaced share of {incumbent}’s revenue",
    "incumbent_share_at_horizon": "{incumbent}’s share, last month",
    "incumbent_share_with_new_lines": "{incumbent}’s share, last month, with its new lines of business",
    "lowest_hhi_at_horizon": "Concentration (HHI), last month, pools as many firms",
    "hhi_at_horizon": "Concentration (HHI), last month, pools as one firm",
    "customers_leaving": "Customers that leave",
    "sources_contradict": "Simulations in which sources contradict each other",
}


# The statistics that pages show, each form with or without capacity, and the naive forecasters.
ENDS = {"mean": "Mean", "p5": "P5", "p95": "P95"}
FORM_LABELS = {named.form_id: named.label for named in NAMED_FORMS} | {
    "naive_no_change": "Naive: no change",
    "naive_market_growth": "Naive: market growth",
    "naive_last_growth": "Naive: last growth",
    "naive_fair_share": "Naive: fair share",
    "naive_equal_split": "Naive: equal split",
}


def unmet_words(market: Market) -> str:
    """Return what becomes of unmet demand: it stays with the incumbent, unless that has closed."""
    return "finds no supplier" if market.closes_on else f"stays with {market.names[market.incumbent]}"


def figure_label(figure: str, incumbent: str) -> str:
    """Return what readers call a headline figure, given the incumbent's name."""
    return FIGURES.get(figure, figure.replace("_", " ").capitalize()).format(incumbent=incumbent)
