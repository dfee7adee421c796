"""From named inputs to arrays: what every draw, and the central path, takes for granted."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shareshift.blocks import each_block
from shareshift.distributions import normal
from shareshift.draws import Draws
from shareshift.forms import MATRIX
from shareshift.inputs import Inputs
from shareshift.matrix import second_choices
from shareshift.model.destinations import first_choices, preferences, with_own_options
from shareshift.model.exits import exit_indicator, share_gone, shifted_probability
from shareshift.units import MONTHS_PER_YEAR, mid_month

Floats = npt.NDArray[np.float64]
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
    probability; `leaving` (customers, n), USD per month at the event; `shares` (customers, rivals + 1, n) and
    `outside` (customers, n), where it wants to go: rivals, in-house last, and not spent; `slack` and
    `capacity_growth` (rivals + 1, n); `base` (rivals + 1, n), what delivers already, USD per year; `overdrawn` (n,)
    where named customers exceed the incumbent's revenue; and the sliders that are used later, (n,) each.
    """

    growth_factor: Floats
    leaving_factor: Floats
    run_rate: Floats
    incumbent_run_rate: Floats
    spend: Floats
    exits: Floats
    exit_probability: Floats
    leaving: Floats
    shares: Floats
    outside: Floats
    base: Floats
    slack: Floats
    capacity_growth: Floats
    overdrawn: npt.NDArray[np.bool_]
    patience: Floats
    nest_correlation: Floats
    owner_top_up: Floats
    pivot_revenue: Floats


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
    rivals = draws.stage(
        "rivals", inputs.key(*RIVALS_REST_ON), lambda: _among_rivals(inputs, draws, run_rate, incumbent, spend)
    )
    shares, outside = with_own_options(rivals, value("built_in_house"), value("not_spent"))
    return Sample(
        growth_factor=growth,
        leaving_factor=growth * gone,
        run_rate=run_rate,
        incumbent_run_rate=incumbent,
        spend=spend,
        exits=exits,
        exit_probability=probability,
        leaving=spend * exits * value("moved_share") / MONTHS_PER_YEAR,
        shares=shares,
        outside=outside,
        base=np.vstack([run_rate, value("in_house_base") * incumbent]),
        slack=np.vstack([_own_or_common(inputs, draws, "slack"), np.zeros_like(incumbent)]),
        capacity_growth=np.vstack([_own_or_common(inputs, draws, "capacity_growth"), value("in_house_growth")]),
        overdrawn=overdrawn,
        patience=value("patience"),
        nest_correlation=value("nest_correlation"),
        owner_top_up=value("owner_top_up"),
        pivot_revenue=value("pivot_revenue"),
    )


def _spend(inputs: Inputs, draws: Draws, incumbent: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
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


def _among_rivals(inputs: Inputs, draws: Draws, run_rate: Floats, incumbent: Floats, spend: Floats) -> Floats:
    """Return where leaving money wants to go among rivals, when nobody is full; (customers, rivals, n)."""

    def value(name: str) -> Floats:
        return draws.value(name, inputs.ranges[name])

    if inputs.form == MATRIX:
        return second_choices(inputs, draws)
    drawn = np.array([normal(draws.uniform(f"momentum:{rival}")) for rival in inputs.rivals])
    momentum = np.concatenate([drawn, np.zeros((len(inputs.rivals), 1))], axis=1) * value("momentum_spread")
    wallet, wallets = _wallets(inputs, draws)
    held = np.array([wallets[row[row >= 0]].sum(axis=0) for row in wallet])
    # Where the wallet is unknown the incumbent's share of the customer's vendors is its share of run rates.
    other = np.where(held > 0, held, run_rate.sum(axis=0))
    own = np.where(held > 0, spend, incumbent)
    share = own / np.where(own + other > 0, own + other, 1.0)
    sliders = np.array([value(name) for name in ("size_pull", "neutrality", "fit", "loyalty", "nest_correlation")])
    facts = (inputs.conflict, inputs.independent, inputs.match, inputs.excluded, wallet)
    membership = np.append(inputs.membership, inputs.incumbent_nest)
    choices = np.empty((len(inputs.customers), len(inputs.rivals), draws.size + 1))

    def fill(block: slice) -> None:
        size_pull, neutrality, fit, loyalty, rho = np.ascontiguousarray(sliders[:, block])
        rates, moments, purses = (np.ascontiguousarray(a[:, block]) for a in (run_rate, momentum, wallets))
        preferred = np.empty((len(inputs.customers), *rates.shape))
        preferences(rates, size_pull, neutrality, fit, moments, *facts, purses, loyalty, preferred)
        chosen = np.empty_like(preferred)
        first_choices(preferred, np.ascontiguousarray(share[:, block]), membership, rho, len(inputs.nests), chosen)
        choices[:, :, block] = chosen

    each_block(draws.size + 1, fill)
    return choices


def _wallets(inputs: Inputs, draws: Draws) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the row of each customer's known wallet at each rival, or -1, and the wallets, USD per year."""
    rows = np.full((len(inputs.customers), len(inputs.rivals)), -1, dtype=np.int64)
    known: list[Floats] = []
    for c, customer in enumerate(inputs.customers):
        for k, rival in enumerate(inputs.rivals):
            name = f"wallet:{customer}:{rival}"
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
