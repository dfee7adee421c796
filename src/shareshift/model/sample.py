"""From named inputs to arrays: what every draw, and the central path, takes for granted."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

import numpy as np

from shareshift.basics.arrays import Floats, Indices, Mask
from shareshift.basics.months import MONTHS_PER_YEAR, mid_month
from shareshift.basics.threads import each_block
from shareshift.model.draws.quantiles import normal
from shareshift.model.draws.streams import Draws
from shareshift.model.equations.destinations import Facts, Pulls, first_choices, preferences, with_own_options
from shareshift.model.equations.exits import exit_indicator, share_gone, shifted_probability
from shareshift.model.inputs import Inputs
from shareshift.model.second_choices import second_choices
from shareshift.scenario.forms import MATRIX

Choices = Callable[[slice], Floats]
# Choices larger than this, in bytes, are not kept but reckoned block by block when money is placed.
KEPT_BYTES = 64e6
RIVALS_REST_ON = (
    "form", "diversion", "revenue", "incumbent_revenue", "spend", "wallet", "size_pull", "neutrality", "fit", "loyalty",
    "nest_correlation", "momentum_spread",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The state of every draw before anybody is full; the last draw is the central path.

    With n = draws + 1: `growth_factor` (months, n) and `leaving_factor` (months, n), the part of a month's leaving
    budget that has left, growth included; `run_rate` (rivals, n) and `incumbent_run_rate` (n,), USD per year;
    `spend` (customers, n) at the incumbent, USD per year; `exits` (customers, n), 0 or 1, in the central path the
    probability; `leaving` (customers, n), USD per month at the event; `kind` (customers,), the number of the group of
    customers that choose alike; `in_house` and `not_spent` (n,), the top-level shares of the customers' own options;
    `slack` and `capacity_growth` (rivals + 1, n); `base` (rivals + 1, n), what delivers already, USD per year;
    `overdrawn` (n,) where named customers exceed the incumbent's revenue; and the sliders that are used later, (n,)
    each. `among_rivals` gives, for a block of draws, how rivals share the rest: (block, kinds, rivals).
    """

    growth_factor: Floats
    leaving_factor: Floats
    run_rate: Floats
    incumbent_run_rate: Floats
    spend: Floats
    exits: Floats
    exit_probability: Floats
    leaving: Floats
    kind: Indices
    in_house: Floats
    not_spent: Floats
    base: Floats
    slack: Floats
    capacity_growth: Floats
    overdrawn: Mask
    patience: Floats
    nest_correlation: Floats
    owner_top_up: Floats
    pivot_revenue: Floats
    among_rivals: Choices = field(repr=False)

    @property
    def displaced(self) -> Floats:
        """What each customer wants to take away in each month; (months, customers, n), USD."""
        return np.asarray(self.leaving_factor[:, None, :] * self.leaving)

    @property
    def displaced_total(self) -> Floats:
        """What all customers together want to take away in each month; (months, n), USD."""
        return np.asarray(self.leaving_factor * self.leaving.sum(axis=0))

    def choices(self, block: slice) -> tuple[Floats, Floats]:
        """Return where money of each kind wants to go when nobody is full, for a block of draws.

        Rivals, in-house last, (block, kinds, rivals + 1), and not spent, (block, kinds).
        """
        rivals = self.among_rivals(block)
        choices, outsides = np.empty((*rivals.shape[:2], rivals.shape[2] + 1)), np.empty(rivals.shape[:2])
        with_own_options(rivals, self.in_house[block], self.not_spent[block], choices, outsides)
        return choices, outsides


def draw_sample(inputs: Inputs, draws: Draws) -> Sample:
    """Draw every input and reckon what does not depend on who is full."""

    def value(name: str) -> Floats:
        return draws.value(name, inputs.ranges[name])

    run_rate = np.array([value(f"revenue:{rival}") for rival in inputs.rivals])
    incumbent = value("incumbent_revenue")
    spend, overdrawn = _spend(inputs, draws, incumbent)
    exits_rest_on = ("exits", "exit", "exodus", "contagion")
    exits, probability = draws.stage("exits", inputs.key(*exits_rest_on), lambda: _exits(inputs, draws))
    months = mid_month(inputs.horizon_months)
    growth = draws.stage(
        "growth", inputs.key("growth"), lambda: (1 + value("growth")) ** (months[:, None] / MONTHS_PER_YEAR)
    )
    gone = draws.stage(
        "gone",
        inputs.key("lag", "half_life", "timing_shape"),
        lambda: share_gone(months, value("lag"), value("half_life"), value("timing_shape")),
    )
    kind, choices = draws.stage(
        "rivals", inputs.key(*RIVALS_REST_ON), lambda: _choices(inputs, draws, run_rate, incumbent, spend)
    )
    return Sample(
        growth_factor=growth,
        leaving_factor=growth * gone,
        run_rate=run_rate,
        incumbent_run_rate=incumbent,
        spend=spend,
        exits=exits,
        exit_probability=probability,
        leaving=spend * exits * value("moved_share") / MONTHS_PER_YEAR,
        kind=kind,
        in_house=np.array(value("built_in_house")),
        not_spent=np.array(value("not_spent")),
        base=np.vstack([run_rate, value("in_house_base") * incumbent]),
        slack=np.vstack([_own_or_common(inputs, draws, "slack"), np.zeros_like(incumbent)]),
        capacity_growth=np.vstack([_own_or_common(inputs, draws, "capacity_growth"), value("in_house_growth")]),
        overdrawn=overdrawn,
        # Copies, because the kernels take only arrays that may be written to.
        patience=np.array(value("patience")),
        nest_correlation=np.array(value("nest_correlation")),
        owner_top_up=value("owner_top_up"),
        pivot_revenue=value("pivot_revenue"),
        among_rivals=choices,
    )


def _spend(inputs: Inputs, draws: Draws, incumbent: Floats) -> tuple[Floats, Mask]:
    """Return each customer's run rate at the incumbent, and where the named ones exceed its revenue.

    The remainder takes what the named customers leave; where they leave less than nothing all named rows are
    scaled down together.
    """
    named = [customer for customer in inputs.customers if customer != inputs.remainder]
    rows = {name: draws.value(f"spend:{name}", inputs.ranges[f"spend:{name}"]) for name in named}
    total = _ordered_sum(rows.values(), incumbent)
    overdrawn = total > incumbent
    scale = np.where(overdrawn, incumbent / np.where(total > 0, total, 1.0), 1.0)
    rows = {name: row * scale for name, row in rows.items()}
    rows[inputs.remainder] = np.maximum(incumbent - total, 0.0)
    return np.array([rows[customer] for customer in inputs.customers]), overdrawn


def _exit_probability(inputs: Inputs, draws: Draws) -> Floats:
    rows = []
    for customer in inputs.customers:
        own = f"exit:{customer}"
        name = own if own in inputs.ranges else f"exit_{inputs.stances[customer]}"
        rows.append(draws.value(name, inputs.ranges[name]))
    return shifted_probability(np.array(rows), draws.value("exodus", inputs.ranges["exodus"]))


def _exits(inputs: Inputs, draws: Draws) -> tuple[Floats, Floats]:
    """Return who exits, 0 or 1, and with which probability; (customers, n) each."""
    probability = _exit_probability(inputs, draws)
    own = np.array([normal(draws.uniform(f"exits:{customer}")) for customer in inputs.customers])
    contagion = draws.value("contagion", inputs.ranges["contagion"])[:-1]
    drawn = exit_indicator(probability[:, :-1], normal(draws.uniform("exits")), own, contagion)
    # The central path takes exits at their probability.
    return np.concatenate([drawn, probability[:, -1:]], axis=1), probability


def _choices(
    inputs: Inputs, draws: Draws, run_rate: Floats, incumbent: Floats, spend: Floats
) -> tuple[Indices, Choices]:
    """Return the kind of each customer, and where leaving money of each kind wants to go among rivals."""
    kind = _kinds(inputs)
    members = np.array([int(np.argmax(kind == group)) for group in range(kind.max() + 1)])
    reckon = (
        second_choices(inputs, draws, members)
        if inputs.form == MATRIX
        else _among_rivals(inputs, draws, members, run_rate, incumbent, spend)
    )
    shape = (draws.size + 1, len(members), len(inputs.rivals))
    if np.prod(shape) * 8 > KEPT_BYTES:
        return kind, reckon
    whole = np.empty(shape)

    def fill(block: slice) -> None:
        whole[block] = reckon(block)

    each_block(draws.size + 1, fill)
    return kind, whole.__getitem__


def _kinds(inputs: Inputs) -> Indices:
    """Return the number of the group of customers that choose alike, counted as they first appear; (customers,)."""
    own = {name.split(":")[1] for name in inputs.ranges if name.startswith(("wallet:", "diversion:"))}
    alike: dict[Hashable, int] = {}
    numbers = []
    for index, customer in enumerate(inputs.customers):
        facts = (float(inputs.conflict[index]), inputs.match[index].tobytes())
        numbers.append(alike.setdefault(customer if customer in own else facts, len(alike)))
    return np.array(numbers, dtype=np.int64)


def _among_rivals(
    inputs: Inputs, draws: Draws, members: Indices, run_rate: Floats, incumbent: Floats, spend: Floats
) -> Choices:
    """Return how some customers choose among rivals when nobody is full, by attraction and the removal."""

    def value(name: str) -> Floats:
        return draws.value(name, inputs.ranges[name])

    drawn = np.array([normal(draws.uniform(f"momentum:{rival}")) for rival in inputs.rivals])
    momentum = np.concatenate([drawn, np.zeros((len(inputs.rivals), 1))], axis=1) * value("momentum_spread")
    wallet, wallets = _wallets(inputs, draws, members)
    share = np.empty((len(members), draws.size + 1))
    everywhere = run_rate.sum(axis=0)
    for row, (member, purse) in enumerate(zip(members, wallet, strict=True)):
        held = wallets[purse[purse >= 0]].sum(axis=0)
        # Where the wallet is unknown the incumbent's share of the customer's vendors is its share of run rates.
        own, other = np.where(held > 0, spend[member], incumbent), np.where(held > 0, held, everywhere)
        share[row] = own / np.where(own + other > 0, own + other, 1.0)
    sliders = np.array([value(name) for name in ("size_pull", "neutrality", "fit", "loyalty", "nest_correlation")])
    matches, match = np.unique(inputs.match[members], return_inverse=True)
    match = match.reshape(len(members), -1)
    facts = Facts(inputs.conflict[members], inputs.independent, matches, match, inputs.excluded, wallet)
    membership = np.append(inputs.membership, inputs.incumbent_nest)

    def reckon(block: slice) -> Floats:
        size_pull, neutrality, fit, loyalty, rho = np.ascontiguousarray(sliders[:, block])
        rates, moments, purses = (np.ascontiguousarray(rows[:, block]) for rows in (run_rate, momentum, wallets))
        preferred = np.empty((rates.shape[1], len(members), len(inputs.rivals)))
        preferences(Pulls(rates, moments, purses, size_pull, neutrality, fit, loyalty), facts, preferred)
        chosen = np.empty_like(preferred)
        first_choices(preferred, share[:, block], membership, rho, len(inputs.nests), chosen)
        return chosen

    return reckon


def _wallets(inputs: Inputs, draws: Draws, members: Indices) -> tuple[Indices, Floats]:
    """Return the row of some customers' known wallets at each rival, or -1, and the wallets, USD per year."""
    rows = np.full((len(members), len(inputs.rivals)), -1, dtype=np.int64)
    known: list[Floats] = []
    for c, member in enumerate(members):
        for k, rival in enumerate(inputs.rivals):
            name = f"wallet:{inputs.customers[member]}:{rival}"
            if name in inputs.ranges:
                rows[c, k] = len(known)
                known.append(draws.value(name, inputs.ranges[name]))
    return rows, np.array(known).reshape(len(known), draws.size + 1)


def _own_or_common(inputs: Inputs, draws: Draws, name: str) -> Floats:
    """Return a capacity input for every rival: its own where the tables or the scenario give one."""
    keys = [f"{name}:{rival}" if f"{name}:{rival}" in inputs.ranges else name for rival in inputs.rivals]
    return np.array([draws.value(key, inputs.ranges[key]) for key in keys])


def _ordered_sum(rows: Iterable[Floats], like: Floats) -> Floats:
    total = np.zeros_like(like)
    for row in rows:
        total = total + row
    return total
