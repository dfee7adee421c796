"""Every rule across tables: keys, ranges, periods, bases, completeness, claims, second choices."""

from collections.abc import Callable, Iterator

from shareshift.basics.errors import Fault
from shareshift.market.rules.amounts import (
    gross_and_net_are_not_mixed,
    low_central_high,
    periods_are_in_order,
    shapes_fit_their_ranges,
    shares_stay_between_0_and_1,
    used_figures_share_one_basis,
)
from shareshift.market.rules.cells import Setting, Tables
from shareshift.market.rules.completeness import (
    customers_fit_their_vendors,
    every_party_has_an_id_of_its_own,
    parameters_are_the_engines,
    the_market_is_whole,
)
from shareshift.market.rules.events_and_claims import claims_can_be_tested, events_say_what_their_kind_needs
from shareshift.market.rules.references import (
    assumptions_are_labelled,
    conflicts_have_two_sides,
    every_derivation_exists,
    every_key_exists,
    every_source_is_used,
)
from shareshift.market.rules.second_choices import rivals_serve_or_cannot, second_choices_are_shares_among_rivals

RULES: tuple[Callable[[Tables, Setting], Iterator[Fault]], ...] = (
    every_key_exists,
    every_derivation_exists,
    every_source_is_used,
    low_central_high,
    shapes_fit_their_ranges,
    periods_are_in_order,
    used_figures_share_one_basis,
    gross_and_net_are_not_mixed,
    assumptions_are_labelled,
    conflicts_have_two_sides,
    the_market_is_whole,
    every_party_has_an_id_of_its_own,
    customers_fit_their_vendors,
    parameters_are_the_engines,
    events_say_what_their_kind_needs,
    claims_can_be_tested,
    shares_stay_between_0_and_1,
    second_choices_are_shares_among_rivals,
    rivals_serve_or_cannot,
)


def check_rules(tables: Tables, setting: Setting) -> list[Fault]:
    """Return every broken rule across the tables of a market."""
    return [fault for rule in RULES for fault in rule(tables, setting)]
