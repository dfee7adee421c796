"""What the engine is measured against: the plain loop, the plain whole-array version, and the memory's own speed."""

import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, ndtr, ndtri

from shareshift.basics.months import mid_month
from shareshift.market.market import Market
from shareshift.market.trends import REFERENCE_SHARE
from shareshift.model.draws.quantiles import normal
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import Inputs, build_inputs
from shareshift.model.leaving import DECIDED
from shareshift.scenario.scenario import Scenario

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support.reference import one_draw
from support.reference.facts import facts_of, values_of

Floats = npt.NDArray[np.float64]
LEVELS = (5, 25, 50, 75, 95)


class Values:
    """The drawn values of inputs, which go by their names as text here."""

    def __init__(self, inputs: Inputs, held: Draws) -> None:
        self.held = held
        self.ranges = {str(key): figure for key, figure in inputs.ranges.items()}

    def __contains__(self, name: str) -> bool:
        return name in self.ranges

    def __call__(self, name: str) -> Floats:
        return self.held.value(name, self.ranges[name])

    def uniform(self, name: str) -> Floats:
        return self.held.uniform(name)


def loop_seconds_per_draw(market: Market, draws: int) -> float:
    """Time the plain per-draw loop, inputs already drawn and no tables made; it is linear in the draws."""
    scenario = Scenario()
    facts = facts_of(market, scenario)
    values = values_of(market, scenario, facts, Draws(draws))
    start = time.perf_counter()
    for d in range(draws):
        one_draw(facts, {name: column[d] for name, column in values.items()}, central=False)
    return (time.perf_counter() - start) / draws


def copy_seconds(size: int) -> float:
    """Return how long the memory takes to copy so many bytes, one thread, scaled from the best of some copies."""
    source = np.ones(min(size, 1 << 28) // 8)
    target = np.empty_like(source)
    seconds = []
    for _ in range(7):
        start = time.perf_counter()
        np.copyto(target, source)
        seconds.append(time.perf_counter() - start)
    return min(seconds[1:]) * size / source.nbytes


def whole_arrays(market: Market, draws: int, seed: int = 0) -> dict[str, Floats]:
    """Compute the baseline with arrays of customers x options x months x draws, in a straight line.

    Returns by quantity arrays with the draws last: `flow` (customers, destinations, months, n) with the destinations
    rivals, in-house, not spent, unplaced; `displaced` (customers, months, n); `revenue` and `share` (vendors, months,
    n); `hhi` (months, n).
    """
    inputs = build_inputs(market, Scenario())
    value = Values(inputs, Draws(draws, seed))
    t = np.arange(1, inputs.horizon_months + 1)[:, None]
    middle = mid_month(inputs.horizon_months, inputs.event_date)[:, None]
    spend, incumbent, run_rate = _money(inputs, value)
    market_path = (1 + value("growth")) ** (middle / 12)
    drift, path = _growth(inputs, value, np.concatenate([incumbent[None], run_rate]), middle / 12, market_path)
    moved = _moved(value, _begun(inputs, value, middle), middle)
    displaced = (spend / 12 * value("moved_share"))[:, None] * path[0] * moved
    choice, shares = _choices(inputs, value, spend, incumbent, run_rate, drift[1:])
    room = _room(inputs, value, incumbent, run_rate, np.concatenate([path[1:], market_path[None]]), t)
    flow = _placed(inputs, value, displaced, choice, shares, room)
    left = (displaced - flow[:, -1]).sum(axis=0)
    own = incumbent / 12 * path[0] - left + value("owner_top_up") / 12
    own += value("pivot_revenue") / 12 * np.minimum(t / 12, 1)
    rivals = run_rate[:, None] / 12 * path[1:] + flow[:, : len(inputs.rivals)].sum(axis=0)
    revenue = np.concatenate([own[None], rivals])
    share = revenue / revenue.sum(axis=0)
    return {
        "flow": flow,
        "displaced": displaced,
        "revenue": revenue,
        "share": share,
        "hhi": 1e4 * (share**2).sum(axis=0),
    }


def whole_array_tables(results: dict[str, Floats], scramblings: int) -> dict[str, Floats]:
    """Return mean, percentiles and standard error of every quantity and of the running sum of the flows."""
    tables = {}
    for name, values in (results | {"cumulative": results["flow"].cumsum(axis=2)}).items():
        drawn = values[..., :-1]
        parts = drawn.reshape(*drawn.shape[:-1], scramblings, -1).mean(axis=-1)
        error = parts.std(axis=-1, ddof=1) / np.sqrt(scramblings)
        middle = np.percentile(drawn, LEVELS, axis=-1)
        tables[name] = np.stack([values[..., -1], parts.mean(axis=-1), *middle, error])
    return tables


def _money(inputs: Inputs, value: Values) -> tuple[Floats, Floats, Floats]:
    incumbent = value("incumbent_revenue")
    rows = [np.zeros_like(incumbent) if c == inputs.remainder else value(f"spend:{c}")
            for c in inputs.customers]  # fmt: skip
    spend = np.array(rows)
    named = spend.sum(axis=0)
    spend *= np.where(named > incumbent, incumbent / np.where(named > 0, named, 1), 1)
    spend[inputs.customers.index(inputs.remainder)] = np.maximum(incumbent - named, 0)
    return spend, incumbent, np.array([value(f"revenue:{k}") for k in inputs.rivals])


def _growth(inputs: Inputs, value: Values, rates: Floats, years: Floats, market: Floats) -> tuple[Floats, Floats]:
    """Return by how much each vendor outgrows the market, (vendors, n), and its path, (vendors, months, n)."""
    uniform = np.array([value.uniform("own_growth" + (f":{k}" if k else "")) for k in ("", *inputs.rivals)])
    luck = np.where(uniform < 0.5, np.log(2 * uniform), -np.log(2 * (1 - uniform))) / np.sqrt(2)
    luck = np.concatenate([luck, np.zeros((len(rates), 1))], axis=1)
    share = np.maximum(rates / rates.sum(axis=0), 1e-9)
    width = 1 / np.sqrt(inputs.vendor_firms)[:, None]
    size, spread = share / REFERENCE_SHARE, value("growth_spread")
    wide = spread * size ** -value("growth_size") * width
    usual = -value("small_growth") * np.log(size) * width
    known = np.isfinite(inputs.slope_variance)[:, None]
    noise, slope = (np.where(known, row[:, None], 1) for row in (inputs.slope_variance, inputs.slope))
    trust = np.where(known, wide**2 / (wide**2 + noise), 0)
    drift = usual + trust * (slope - np.log1p(value("growth")) - usual)
    half_life = value("growth_half_life") / 12
    x = drift[:, None] * (1 - 2 ** -(years / half_life)) * half_life / np.log(2)
    x += luck[:, None] * np.sqrt(wide[:, None] ** 2 * years + value("level_error") ** 2)
    return drift, market * np.exp(x) / (1 + share[:, None] * (np.exp(x) - 1))


def _begun(inputs: Inputs, value: Values, middle: Floats) -> Floats:
    """Return which part of each customer has begun to leave by the event and by the end of each month.

    The shape is (customers, months + 1, n).
    """
    names = [f"exit:{c}" if f"exit:{c}" in value else f"exit_{inputs.stances[c]}" for c in inputs.customers]
    p = np.array([value(name) for name in names])
    with np.errstate(divide="ignore"):
        p = 1 / (1 + (1 - p) / p * np.exp(-value("exodus")))
    at = np.concatenate([[[0.0]], middle + 0.5])
    decided = np.array([inputs.stances[c] in DECIDED for c in inputs.customers])[:, None, None]
    by = np.where(decided, p[:, None], 1 - (1 - p[:, None]) ** (at / value("decision_months")))
    common, together = normal(value.uniform("exits")), value("contagion")[:-1]
    # The chance of one firm, once it is known what befalls all.
    chance = ndtr((ndtri(by[..., :-1]) - np.sqrt(together) * common) / np.sqrt(1 - together))
    own = np.array([value.uniform(f"exits:{c}") for c in inputs.customers])[:, None]
    begun = np.where(own < chance, 1.0, 0.0)
    for c, firms in enumerate(inputs.firms):
        if np.isinf(firms):
            begun[c] = chance[c]
        elif firms > 1:
            begun[c] = sum((own[c] > bdtr(count, int(firms), chance[c])) / firms for count in range(int(firms)))
    return np.concatenate([begun, by[..., -1:]], axis=-1)


def _moved(value: Values, begun: Floats, middle: Floats) -> Floats:
    """Return which part of its leaving budget each customer has moved by each month; (customers, months, n)."""

    def gone(months: Floats) -> Floats:
        since = np.maximum(months - value("lag"), 0) / value("half_life")
        return np.asarray(1 - 2 ** -(since ** value("timing_shape")))

    moved = begun[:, :1] * gone(middle)
    later = gone(np.arange(len(middle), dtype=np.float64)[:, None])
    for month, some in enumerate(np.moveaxis(np.diff(begun, axis=1), 1, 0)):
        moved[:, month:] += some[:, None] * later[: len(middle) - month]
    return moved


def _choices(
    inputs: Inputs, value: Values, spend: Floats, incumbent: Floats, run_rate: Floats, drift: Floats
) -> tuple[Floats, Floats]:
    """Return where money wants to go, (customers, options + 1, n): rivals, in-house, not spent; and vendors' shares.

    Every rival is taken to attract something; shares (customers, rivals + 1, n) have the incumbent last.
    """
    luck = np.array([np.append(normal(value.uniform(f"momentum:{k}")), 0) for k in inputs.rivals])
    score = value("neutrality") * (inputs.conflict[:, None] * inputs.independent)[..., None]
    score = score + value("fit") * inputs.match[..., None]
    score = score + value("momentum_spread") * luck + value("growth_pull") * drift
    pull = (run_rate / run_rate.max(axis=0)) ** value("size_pull") * np.exp(score)
    pull = pull / pull.sum(axis=1, keepdims=True)
    wallet = np.zeros_like(pull)
    for c, customer in enumerate(inputs.customers):
        for k, rival in enumerate(inputs.rivals):
            if f"wallet:{customer}:{rival}" in value:
                wallet[c, k] = value(f"wallet:{customer}:{rival}")
    held = wallet.sum(axis=1)
    known = held > 0
    # A customer pays rivals at least as much per dollar at the incumbent as the market does.
    paid = np.maximum(held, spend * run_rate.sum(axis=0) / incumbent)
    weight = np.where(known, value("loyalty") * held / np.where(paid > 0, paid, 1), 0)[:, None]
    preference = (1 - weight) * pull + weight * wallet / np.where(known, held, 1)[:, None]
    own, other = np.where(known, spend, incumbent), np.where(known, paid, run_rate.sum(axis=0))
    incumbent_share = own / (own + other)
    share = np.concatenate([preference * (1 - incumbent_share)[:, None], incumbent_share[:, None]], axis=1)
    removed = np.zeros_like(share, dtype=bool)
    removed[:, -1] = True
    membership = np.append(inputs.membership, inputs.incumbent_nest)
    first, _ = _removal(share, np.zeros_like(incumbent), removed, membership, value("nest_correlation"))
    in_house, not_spent = value("built_in_house"), value("not_spent")
    own_options = np.broadcast_to(np.stack([in_house, not_spent]), (len(inputs.customers), 2, incumbent.size))
    return np.concatenate([first[:, :-1] * (1 - in_house - not_spent), own_options], axis=1), share


def _removal(
    share: Floats, outside: Floats, removed: npt.NDArray[np.bool_], membership: npt.NDArray[np.intp], rho: Floats
) -> tuple[Floats, Floats]:
    """Return the diversion to (customers, options, ...) and to the outside, the options on the second axis."""
    nest = membership[:, None] == np.arange(membership.max() + 1)
    size = np.asarray(np.einsum("ck...,kg->cg...", share, nest))
    kept = np.einsum("ck...,kg->cg...", np.where(removed, 0, share), nest)
    open_part = np.where(size > 0, kept / np.where(size > 0, size, 1), 1)
    remaining = outside + (size * open_part ** (1 - rho)).sum(axis=1)
    gone = (size - kept).sum(axis=1)
    # Where nothing is removed, or nothing is left, there is nothing to divert.
    some = (gone > 0) & (remaining > 0)
    remaining, gone = np.where(some, remaining, 1), np.where(some, gone, 1)
    gain = np.where(open_part > 0, np.where(open_part > 0, open_part, 1) ** -rho, 0)[:, membership]
    diverted = np.where(removed | ~some[:, None], 0, share * (gain / remaining[:, None] - 1) / gone[:, None])
    return diverted, np.where(some, outside * (1 / remaining - 1) / gone, 0)


def _best_left(inputs: Inputs, shares: Floats, gone: npt.NDArray[np.bool_], rho: Floats) -> Floats:
    """Return which part of the incumbent's buyers would take each rival if those gone, (rivals, months, n), were not.

    The shape is (customers, rivals, months, n). The integral that the Method gives, at the same six points.
    """
    nest, home = inputs.membership[:, None] == np.arange(len(inputs.nests)), inputs.incumbent_nest
    size = np.asarray(np.einsum("ckn,kg->cgn", shares[:, :-1], nest))
    size[:, home] += shares[:, -1]
    size = size[:, :, None]
    kept = np.einsum("ckn,kmn,kg->cgmn", shares[:, :-1], ~gone, nest, optimize=True)
    open_part = np.where(size > 0, kept / np.where(size > 0, size, 1), 1)
    points, weights = np.polynomial.legendre.leggauss(6)
    value = np.zeros_like(open_part)
    for y, weight in zip((points + 1) / 2, weights / 2 * 4, strict=True):
        theta = open_part + (1 - open_part) * y**4
        alpha = (size * theta ** (1 - rho)).sum(axis=1)
        lead = weight * y**3 * theta[:, home] ** -rho / alpha
        value += (lead / alpha)[:, None] * theta**-rho
        value[:, home] += lead * rho / (1 - rho) / (theta[:, home] * size[:, home])
    best = np.where(gone, 0, shares[:, :-1, None] * value[:, inputs.membership])
    total = best.sum(axis=1, keepdims=True)
    return np.asarray(best / np.where(total > 0, total, 1))


def _room(
    inputs: Inputs, value: Values, incumbent: Floats, run_rate: Floats, path: Floats, t: npt.NDArray[np.int64]
) -> Floats:
    def own_or_common(name: str) -> list[Floats]:
        keys = [f"{name}:{k}" if f"{name}:{k}" in value else name for k in inputs.rivals]
        return [value(key) for key in keys]

    base = np.vstack([run_rate, value("in_house_base") * incumbent])[:, None] / 12
    slack = np.vstack([*own_or_common("slack"), np.zeros_like(incumbent)])[:, None]
    gamma = np.vstack([*own_or_common("capacity_growth"), value("in_house_growth")])[:, None]
    return np.asarray(np.maximum((base * (1 + slack) * (1 + gamma) ** t / path[-1] - base) * path, 0))


def _placed(inputs: Inputs, value: Values, displaced: Floats, choice: Floats, shares: Floats, room: Floats) -> Floats:
    """Return (customers, options + 2, months, n), in rounds over all months and draws at once."""
    customers, months, count = displaced.shape
    options = room.shape[0]
    patience, rho = value("patience"), value("nest_correlation")
    membership = np.append(inputs.membership, len(inputs.nests))
    wide, outside = np.broadcast_to(choice[:, :-1, None], (customers, options, months, count)), choice[:, -1, None]
    flow = np.zeros((customers, options + 2, months, count))
    asked, asked_outside = displaced[:, None] * wide, displaced * outside
    left, full = room.copy(), np.zeros(room.shape, dtype=bool)
    best = _best_left(inputs, shares, full[:-1], rho)
    for attempt in range(options + 1):
        demand = asked.sum(axis=0)
        over = demand > left
        accepted = asked * np.where(over, left / np.where(over, demand, 1), 1)
        flow[:, :-2] += accepted
        flow[:, -2] += asked_outside
        turned_away = (asked - accepted).sum(axis=1)
        left = np.where(over, 0, left - demand)
        full |= over
        if not over.any():
            break
        if attempt == 0:
            flow[:, -1] += turned_away * patience
            turned_away = turned_away * (1 - patience)
        diverted, to_outside = _removal(wide, outside, np.broadcast_to(full, wide.shape), membership, rho)
        # The customer's own options take what the removal sends there; rivals share the rest as the best left grows.
        before, best = best, _best_left(inputs, shares, full[:-1], rho)
        gain = np.where(full[:-1], 0, np.maximum(best - before, 0))
        gained = gain.sum(axis=1, keepdims=True)
        to_rivals = diverted[:, :-1].sum(axis=1, keepdims=True)
        again = to_rivals * gain / np.where(gained > 0, gained, 1)
        diverted[:, :-1] = np.where((gained > 0) & (rho > 0), again, diverted[:, :-1])
        stuck = np.where(full, 0, wide).sum(axis=1) + outside <= 0
        flow[:, -1] += np.where(stuck, turned_away, 0)
        asked, asked_outside = turned_away[:, None] * diverted, turned_away * to_outside
    return flow
