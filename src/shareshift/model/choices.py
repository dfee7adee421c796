"""Whom leaving money chooses among rivals when nobody is full: by attraction and removal, or by a table."""

from collections.abc import Callable, Hashable

import numpy as np

from shareshift.basics.arrays import Floats, Indices, Mask
from shareshift.basics.threads import each_block
from shareshift.market.second_choices import EVERYBODY
from shareshift.model.draws.quantiles import normal
from shareshift.model.equations.destinations import Facts, Pulls, first_choices, preferences
from shareshift.model.keys import INCUMBENT_REVENUE, InputKey
from shareshift.model.paths import run_rates, vendor_drifts
from shareshift.model.view import View
from shareshift.scenario.forms import MATRIX

# For a block of draws: what vendors have of each kind's spending before the event, (block, kinds, rivals + 1) with the
# incumbent last, and how rivals share what leaves it, (block, kinds, rivals).
Choices = Callable[[slice], tuple[Floats, Floats]]
# Choices larger than this, in bytes, are not kept but computed block by block when money is placed.
KEPT_BYTES = 64e6


def spend_of(view: View) -> tuple[Floats, Mask]:
    """Return each customer's run rate at the incumbent, and where the named ones exceed its revenue.

    (customers, n) in USD per year, and (n,). The remainder takes what the named customers leave; where they leave less
    than nothing all named rows are scaled down together.
    """
    facts, incumbent = view.facts, view.value(INCUMBENT_REVENUE)
    rows = {name: view.value(InputKey("spend", name)) for name in facts.customers if name != facts.remainder}
    total = np.zeros_like(incumbent)
    for row in rows.values():
        total = total + row
    overdrawn = total > incumbent
    scale = np.where(overdrawn, incumbent / np.where(total > 0, total, 1.0), 1.0)
    rows = {name: row * scale for name, row in rows.items()}
    rows[facts.remainder] = np.maximum(incumbent - total, 0.0)
    return np.array([rows[customer] for customer in facts.customers]), overdrawn


def choices_among_rivals(view: View) -> tuple[Indices, Choices]:
    """Return the kind of each customer, (customers,), and where leaving money of each kind wants to go among rivals."""
    kind = _kinds(view)
    members = np.array([int(np.argmax(kind == group)) for group in range(kind.max() + 1)])
    choose = choices_by_table(view, members) if view.form == MATRIX else _by_attraction(view, members)
    count, kinds, rivals = view.count, len(members), len(view.facts.rivals)
    if count * kinds * rivals * 16 > KEPT_BYTES:
        return kind, choose
    shares, chosen = np.empty((count, kinds, rivals + 1)), np.empty((count, kinds, rivals))

    def fill(block: slice) -> None:
        shares[block], chosen[block] = choose(block)

    each_block(count, fill)
    return kind, lambda block: (shares[block], chosen[block])


def _kinds(view: View) -> Indices:
    """Return the number of the group of customers that choose alike, counted as they first appear; (customers,)."""
    facts = view.facts
    own = [any(_has_own(view, kind, c) for kind in ("wallet", "diversion")) for c in facts.customers]
    alike: dict[Hashable, int] = {}
    numbers = []
    for index, customer in enumerate(facts.customers):
        same = (float(facts.conflict[index]), facts.match[index].tobytes(), facts.there[index].tobytes())
        numbers.append(alike.setdefault(customer if own[index] else same, len(alike)))
    return np.array(numbers, dtype=np.int64)


def _has_own(view: View, kind: str, customer: str) -> bool:
    return any(view.has(InputKey(kind, customer, rival)) for rival in view.facts.rivals)


def choices_by_table(view: View, members: Indices) -> Choices:
    """Return second choices as the table of diversion has them, in place of attraction and nests.

    A customer's own rows are taken, else those for every customer. Shares sum to 1 over rivals in every draw, or to 0
    where the table gives none; the incumbent's part of them is not known and nothing hangs on it.
    """
    cells: list[tuple[int, int, Floats]] = []
    for row, member in enumerate(members):
        customer = view.facts.customers[member]
        whose = customer if _has_own(view, "diversion", customer) else EVERYBODY
        for k, rival in enumerate(view.facts.rivals):
            key = InputKey("diversion", whose, rival)
            if view.has(key):
                cells.append((row, k, view.value(key)))
    count, rivals = view.count, len(view.facts.rivals)

    def choose(block: slice) -> tuple[Floats, Floats]:
        shares = np.zeros((len(range(*block.indices(count))), len(members), rivals))
        for row, k, values in cells:
            shares[:, row, k] = values[block]
        total = shares.sum(axis=2, keepdims=True)
        found = shares / np.where(total > 0, total, 1.0)
        return np.concatenate([found, np.zeros_like(total)], axis=2), found

    return choose


def _by_attraction(view: View, members: Indices) -> Choices:
    """Return how some customers choose among rivals when nobody is full, by attraction and the removal."""
    facts, run_rate, incumbent = view.facts, run_rates(view), view.value(INCUMBENT_REVENUE)
    drawn = np.array([normal(view.uniform("momentum", vendor=rival)) for rival in facts.rivals])
    luck = np.concatenate([drawn, np.zeros((len(facts.rivals), 1))], axis=1) * view.value("momentum_spread")
    momentum = luck + view.value("growth_pull") * vendor_drifts(view)[1:]
    wallet, wallets = _wallets(view, members)
    spend, _ = spend_of(view)
    share, loyalty = np.empty((len(members), view.count)), np.empty((len(members), view.count))
    everywhere = run_rate.sum(axis=0)
    # What a customer that buys as the market does pays rivals per dollar that it pays the incumbent.
    beside = everywhere / np.where(incumbent > 0, incumbent, np.inf)
    for row, (member, purse) in enumerate(zip(members, wallet, strict=True)):
        held = wallets[purse[purse >= 0]].sum(axis=0)
        # Where the wallet is unknown the incumbent's share of the customer's vendors is its share of run rates.
        paid = np.maximum(held, spend[member] * beside)
        own, other = np.where(held > 0, spend[member], incumbent), np.where(held > 0, paid, everywhere)
        share[row] = own / np.where(own + other > 0, own + other, 1.0)
        # Of what it pays rivals only a part is known, and loyalty leads that part alone.
        loyalty[row] = view.value("loyalty") * held / np.where(paid > 0, paid, 1.0)
    names = ("size_pull", "neutrality", "fit", "nest_correlation")
    sliders = np.array([view.value(name) for name in names])
    matches, match = np.unique(facts.match[members], return_inverse=True)
    of = Facts(
        conflict=facts.conflict[members],
        independent=facts.independent,
        matches=matches,
        match=match.reshape(len(members), -1),
        there=np.ascontiguousarray(facts.there[members]),
        wallet=wallet,
    )
    membership, nests = np.append(facts.membership, facts.incumbent_nest), len(facts.nests)

    def choose(block: slice) -> tuple[Floats, Floats]:
        size_pull, neutrality, fit, rho = np.ascontiguousarray(sliders[:, block])
        rates, moments, purses = (np.ascontiguousarray(rows[:, block]) for rows in (run_rate, momentum, wallets))
        preferred = np.empty((rates.shape[1], len(members), len(run_rate)))
        weights = np.ascontiguousarray(loyalty[:, block])
        preferences(Pulls(rates, moments, purses, size_pull, neutrality, fit, weights), of, preferred)
        chosen = np.empty_like(preferred)
        first_choices(preferred, share[:, block], membership, rho, nests, chosen)
        own = share[:, block].T[..., None]
        return np.concatenate([preferred * (1.0 - own), own], axis=2), chosen

    return choose


def _wallets(view: View, members: Indices) -> tuple[Indices, Floats]:
    """Return the row of some customers' known wallets at each rival, or -1, and the wallets, USD per year."""
    rows = np.full((len(members), len(view.facts.rivals)), -1, dtype=np.int64)
    known: list[Floats] = []
    for c, member in enumerate(members):
        for k, rival in enumerate(view.facts.rivals):
            key = InputKey("wallet", view.facts.customers[member], rival)
            if view.has(key):
                rows[c, k] = len(known)
                known.append(view.value(key))
    return rows, np.array(known).reshape(len(known), view.count)
