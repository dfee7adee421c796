"""The engine against the second implementation, on the tiny market and on markets nobody would think of."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from shareshift.basics.vocabulary import STANCES
from shareshift.market.checking import table_columns
from shareshift.market.market import Market, read_market
from shareshift.market.parameter_records import PARAMETERS
from shareshift.model.draws.streams import Draws
from shareshift.model.equations.concentration import herfindahl
from shareshift.results.projection import Projection, project
from shareshift.scenario.forms import FORMS
from shareshift.scenario.scenario import Scenario, read_scenarios
from support.places import TINY as FOLDER
from support.reference import IN_HOUSE, NOT_SPENT, UNPLACED, Facts, Month, place, reference, removal

TINY = read_market(FOLDER)
# Every market here may share one set of draws: they are keyed by the names of inputs.
DRAWS = Draws(8)
# Relative to the value itself, and to all the money there is: what is left after a subtraction has no more digits.
RELATIVE, OF_ALL_MONEY = 1e-9, 1e-12

Floats = npt.NDArray[np.float64]
Row = dict[str, Any]
# Few, since an example of the slow Python takes 60 ms and more; many in the slow part. No shrinking: it takes minutes,
# and the seed of a failure repeats it.
quick = settings(
    max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)
# The thorough profile of conftest.py looks at six times as many.
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
few = settings(quick, max_examples=4)
many = settings(quick, max_examples=1600 if THOROUGH else 250, print_blob=True)


def assert_agreement(market: Market, scenario: Scenario) -> Projection:
    """Compare every draw and month of the engine with the reference; return the engine's run."""
    run = project(market, scenario, DRAWS.count, held=DRAWS)
    months = reference(market, scenario, DRAWS)
    customers, options = run.inputs.customers, (*run.inputs.rivals, IN_HOUSE)
    destinations = (*options, NOT_SPENT, UNPLACED)
    assert run.destinations == destinations

    def collect(number: Callable[[Month], object]) -> Floats:
        """Return a quantity of the reference; (months, ..., draws + 1)."""
        return np.moveaxis(np.array([[number(month) for month in draw] for draw in months]), 0, -1)

    def sum_over_customers(month: Month, option: str) -> float:
        return sum(month.flow[c][option] for c in customers)

    money = run.no_event.sum(axis=0) + (run.sample.owner_top_up + run.sample.pivot_revenue) / 12
    floor = OF_ALL_MONEY * money
    flows = collect(lambda month: [[month.flow[c][k] for k in destinations] for c in customers])
    engine = run.migration
    close = partial(assert_close, floor=floor[:, None])
    close("to_options", engine.to_options, collect(lambda m: [sum_over_customers(m, k) for k in options]))
    close("displaced", run.sample.displaced, collect(lambda m: [m.displaced[c] for c in customers]))
    monthly = np.empty_like(flows)
    for asked, who, found in engine.monthly_flows():
        monthly[asked, who] = found
    assert_close("flows", monthly, flows, floor=floor[:, None, None])
    close("unplaced", engine.unplaced, flows[:, :, -1])
    close("not_spent_total", engine.not_spent_total[:, None], flows[:, :, -2].sum(axis=1, keepdims=True))
    assert_close("cumulative", engine.cumulative, flows.sum(axis=0), floor=floor.sum(axis=0))
    revenue = collect(lambda m: [m.revenue[v] for v in run.vendors])
    close("revenue", run.revenue.transpose(1, 0, 2), revenue)
    # Shares of next to nothing are rounding alone.
    total = revenue.sum(axis=1)
    sound = total > 1e-6 * money
    blur = np.where(sound, floor / np.where(sound, total, 1.0), np.inf)
    share = collect(lambda m: [m.share[v] for v in run.vendors])
    assert_close("shares", run.vendor_shares.transpose(1, 0, 2), share, floor=blur[:, None])
    assert_close("hhi", herfindahl(run.vendor_shares), collect(lambda m: m.hhi), floor=1e4 * blur)
    return run


def assert_close(name: str, engine: Floats, expected: Floats, floor: Floats) -> None:
    assert engine.shape == expected.shape, name
    error = np.abs(engine - expected)
    allowed = RELATIVE * np.abs(expected) + floor
    worst = np.unravel_index(np.argmax(error - allowed), error.shape)
    message = f"{name}{[int(i) for i in worst]}: engine {engine[worst]!r}, reference {expected[worst]!r}"
    assert np.isfinite(engine).all(), name
    assert (error <= allowed).all(), message


DIVERSION = table_columns("diversion")

# Random markets -------------------------------------------------------------------------------------------------

NESTS = ("experts", "platform", "workforce")
SEGMENTS = (None, "text", "images", "text;images", "audio;text")
KNOWN = date(2024, 11, 30)
AMOUNTS = st.one_of(
    st.just(0.0),
    st.integers(1, 5000).map(float),
    st.floats(0, 9).map(lambda power: float(f"{10**power:.6g}")),
)
EVENT = {"date": KNOWN, "title": "A fact", "used": True, "known_from": KNOWN, "origin_id": "ours"}
OURS = {"source_id": "gazette", "grade": "B2"}


@st.composite
def ranges(draw: st.DrawFn, least: float = 0.0, most: float = float("inf"), numbers: Any = AMOUNTS) -> Row:
    """Return low, central, high and a shape that fits them."""
    low, central, high = sorted(min(max(draw(numbers), least), most) for _ in range(3))
    shape = draw(st.sampled_from(["fixed", "uniform", "triangular", "pert"]))
    if shape == "fixed":
        low = high = central
    return {"low": low, "central": central, "high": high, "distribution": shape}


@st.composite
def figures(draw: st.DrawFn, key: str, number: int) -> Row:
    row = draw(ranges())
    usd = {f"{end}_usd_per_year": row[end] for end in ("low", "central", "high")}
    rest = {"basis": "run_rate", "period_end": KNOWN, "known_from": KNOWN, "used": True, "origin_id": "ours"}
    return {key: f"row-{number}", "distribution": row["distribution"], **usd, **rest, **OURS}


@st.composite
def sliders(draw: st.DrawFn, row: Row, wide: bool) -> Row:
    """Return a row of parameters with its range anywhere within its limits, or as it is."""
    if draw(st.booleans()):
        return row
    name = row["parameter_id"]
    if wide and name not in ("built_in_house", "not_spent"):
        least, most = PARAMETERS[name].limits
        row = row | {"minimum": least, "maximum": most, "step": (most - least) / 100}
    least, most, step = row["minimum"], row["maximum"], row["step"]
    steps = st.integers(0, round((most - least) / step))
    low, central, high = sorted(min(least + draw(steps) * step, most) for _ in range(3))
    shape = draw(st.sampled_from(["fixed", "uniform", "triangular", "pert"]))
    if shape == "fixed":
        low = high = central
    return row | {"low": low, "central": central, "high": high, "distribution": shape}


@st.composite
def events(draw: st.DrawFn, rivals: list[str], customers: list[str]) -> list[Row]:
    rows = []
    for customer in customers:
        if draw(st.booleans()):
            rows.append({"kind": "stance", "customer_id": customer, "stance": draw(st.sampled_from(STANCES))})
        if draw(st.integers(0, 3)) == 0:
            p = draw(ranges(0, 1, st.integers(0, 20).map(lambda n: n / 20)))
            del p["distribution"]
            rows.append({"kind": "exit_probability", "customer_id": customer, **p, "unit": "probability"})
    for rival in rivals:
        for kind, unit in (("slack", "share"), ("capacity_growth", "share_per_month")):
            if draw(st.integers(0, 3)) == 0:
                amount = draw(ranges(0, 1, st.integers(0, 100).map(lambda n: n / 100)))
                del amount["distribution"]
                rows.append({"kind": kind, "vendor_id": rival, **amount, "unit": unit})
    return [{"event_id": f"event-{n}", **EVENT, **OURS, **row} for n, row in enumerate(rows)]


@st.composite
def markets(draw: st.DrawFn, wide: bool = False) -> Market:
    """Return a market that passes every rule, varied from the tiny one."""
    rivals = [f"rival-{n}" for n in range(draw(st.integers(1, 5)))]
    named = [f"buyer-{n}" for n in range(draw(st.integers(0, 4)))]
    buyers = draw(st.permutations([*named, "rest"]))
    segments = st.sampled_from(SEGMENTS)
    yes = st.booleans()
    vendors = [
        {"vendor_id": v, "name": v, "nest": draw(st.sampled_from(NESTS)), "independent": draw(yes)}
        | {"segments": draw(segments), **OURS}
        for v in draw(st.permutations([TINY.incumbent, *rivals]))
    ]
    customers = [
        {"customer_id": c, "name": c, "competes_with_owner": draw(st.sampled_from([0.0, 0.5, 1.0]))}
        | {"segments": draw(segments), "is_remainder": c == "rest", **OURS}
        for c in buyers
    ]
    wallets = [(c, k) for c in buyers for k in rivals if draw(st.integers(0, 3)) == 0]
    payments = [(c, TINY.incumbent) for c in named] + wallets
    spend = [draw(figures("spend_id", n)) | {"customer_id": c, "vendor_id": v} for n, (c, v) in enumerate(payments)]
    revenues = [draw(figures("revenue_id", n)) | {"vendor_id": v} for n, v in enumerate([TINY.incumbent, *rivals])]
    # The named customers may overdraw a vendor in some draws, never at its high end.
    for row in revenues:
        own = sum(paid["central_usd_per_year"] for paid in spend if paid["vendor_id"] == row["vendor_id"])
        if row["high_usd_per_year"] < own:
            row |= {"high_usd_per_year": own * 1.01, "distribution": "uniform"}
    parameters = [draw(sliders(row, wide)) for row in TINY.tables["parameters"].iter_rows(named=True)]
    changed = {"vendors": vendors, "customers": customers, "spend": spend, "revenues": revenues}
    changed |= {"events": draw(events(rivals, buyers)), "claims": [], "outcomes": [], "parameters": parameters}
    changed["diversion"] = draw(second_choices(rivals, buyers))
    market = replace(TINY, owner=None, horizon_months=draw(st.integers(1, 24)), tables=TINY.tables | tabled(changed))
    return market.known_by(market.as_of)


@st.composite
def second_choices(draw: st.DrawFn, rivals: list[str], customers: list[str]) -> list[Row]:
    """Return rows of diversion for every customer, and for some customers rows of their own."""
    rows = []
    for customer in (None, *sorted(draw(st.sets(st.sampled_from(customers))))):
        named = draw(st.lists(st.sampled_from(rivals), min_size=1, unique=True))
        for number, rival in enumerate(named):
            # The first always has some weight, and together the central shares stay below 1.
            most = 1 / len(named)
            share = draw(ranges(most / 4 if number == 0 else 0.0, most, st.integers(0, 20).map(lambda n: n / 20)))
            rows.append({"customer_id": customer, "vendor_id": rival, **share})
    for number, row in enumerate(rows):
        row |= {"diversion_id": f"row-{number}", "date": KNOWN, "used": True, "known_from": KNOWN}
        row |= OURS | {"origin_id": "ours"}
    return rows


def tabled(changed: Mapping[str, list[Row]]) -> dict[str, pl.DataFrame]:
    """Return the rows as frames with the columns of the tiny market's tables."""
    frames = {}
    for name, rows in changed.items():
        schema = DIVERSION if name == "diversion" else TINY.tables[name].schema
        frames[name] = pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)
    return frames


@st.composite
def scenarios(draw: st.DrawFn, market: Market, excluded: int = 0, tight: bool = False) -> Scenario:
    """Return a scenario with overrides; at least `excluded` rivals are out, `tight` leaves them no room."""
    rivals = [v for v in market.tables["vendors"]["vendor_id"] if v != market.incumbent]
    out = draw(st.sets(st.sampled_from(rivals), min_size=min(excluded, len(rivals)))) if excluded else set()
    vendors: dict[str, dict[str, float]] = {v: {"excluded": True} for v in sorted(out)}
    for rival in rivals:
        for key, sizes in (("slack", (0.0, 0.1, 100.0)), ("capacity_growth", (0.0, 0.02, 10.0))):
            if tight or draw(st.integers(0, 4)) == 0:
                vendors.setdefault(rival, {})[key] = draw(st.sampled_from(sizes[: 2 if tight else 3]))
    customers: dict[str, dict[str, float]] = {}
    for row in market.tables["customers"].iter_rows(named=True):
        if tight or draw(st.integers(0, 4)) == 0:
            customers.setdefault(row["customer_id"], {})["exit"] = 1.0 if tight else draw(st.sampled_from([0, 0.5, 1]))
        if not row["is_remainder"] and draw(st.integers(0, 4)) == 0:
            customers.setdefault(row["customer_id"], {})["spend_usd_per_year"] = draw(AMOUNTS)
    moved = draw(st.sets(st.sampled_from(sorted(market.parameters)), max_size=4))
    sliders = {}
    for name in sorted(moved):
        parameter = market.parameters[name]
        sliders[name] = draw(st.sampled_from([parameter.minimum, parameter.range.central, parameter.maximum]))
    if tight:
        # Money leaves at once, and most of it is turned away wherever it asks.
        sliders |= {"moved_share": 1.0, "lag": 0.0, "patience": draw(st.sampled_from([0.0, 0.3, 1.0]))}
    horizon = draw(st.one_of(st.none(), st.integers(1, 24)))
    form, capacity = draw(st.sampled_from(list(FORMS))), draw(st.integers(0, 3)) > 0 or tight
    return Scenario(
        parameters=sliders,
        customers=customers,
        vendors=vendors,
        horizon_months=horizon,
        form=form,
        capacity=capacity,
    )


@quick
@given(st.data())
def test_engine_and_reference_agree_on_random_markets(data: st.DataObject) -> None:
    market = data.draw(markets())
    assert_agreement(market, data.draw(scenarios(market)))


@quick
@given(st.data())
def test_engine_and_reference_agree_when_rivals_are_excluded(data: st.DataObject) -> None:
    market = data.draw(markets())
    assert_agreement(market, data.draw(scenarios(market, excluded=1)))


@quick
@given(st.data())
def test_engine_and_reference_agree_when_capacity_binds(data: st.DataObject) -> None:
    market = data.draw(markets())
    run = assert_agreement(market, data.draw(scenarios(market, tight=True)))
    event("binds" if run.migration.turned_away.any() else "does not bind")


@pytest.mark.parametrize("capacity", [True, False])
@pytest.mark.parametrize("form", FORMS)
@few
@given(st.data(), st.booleans())
def test_engine_and_reference_agree_in_every_form(
    form: str, capacity: bool, data: st.DataObject, excluded: bool
) -> None:
    market = data.draw(markets())
    scenario = data.draw(scenarios(market, excluded=int(excluded)))
    run = assert_agreement(market, replace(scenario, form=form, capacity=capacity))
    assert capacity or not run.migration.turned_away.any()


@pytest.mark.slow
@many
@given(st.data(), st.booleans(), st.booleans(), st.booleans())
def test_engine_and_reference_agree_on_many_markets_up_to_the_limits_of_the_equations(
    data: st.DataObject, wide: bool, tight: bool, excluded: bool
) -> None:
    market = data.draw(markets(wide=wide))
    assert_agreement(market, data.draw(scenarios(market, excluded=int(excluded), tight=tight)))


# The tiny market ------------------------------------------------------------------------------------------------


def test_engine_and_reference_agree_on_every_scenario_of_the_tiny_market() -> None:
    for scenario in read_scenarios(FOLDER, TINY).values():
        assert_agreement(TINY, scenario)


@pytest.mark.parametrize("name", sorted(TINY.parameters))
def test_engine_and_reference_agree_at_both_ends_of_every_slider(name: str) -> None:
    for value in (TINY.parameters[name].minimum, TINY.parameters[name].maximum):
        assert_agreement(TINY, Scenario(parameters={name: value}))


@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_engine_and_reference_agree_with_every_slider_at_the_same_end(end: str) -> None:
    assert_agreement(TINY, Scenario(parameters={name: getattr(p, end) for name, p in TINY.parameters.items()}))


def test_nothing_can_be_chosen_when_every_rival_is_out_and_nothing_else_is_wanted() -> None:
    vendors = {"bolt": {"excluded": True}, "crane": {"excluded": True}}
    sliders = {"built_in_house": 0.0, "not_spent": 0.0, "evidence_spread": 0.0}
    run = assert_agreement(TINY, Scenario(vendors=vendors, parameters=sliders))
    np.testing.assert_allclose(run.migration.unplaced, run.sample.displaced, rtol=1e-12)
    assert run.sample.displaced.sum() > 0


def small_market(revenues: Mapping[str, float], wallets: Mapping[tuple[str, str], float]) -> Market:
    """Return the tiny market with a fourth vendor, Dray, other run rates, and known wallets."""
    vendors = [*TINY.tables["vendors"].iter_rows(named=True)]
    dray = {"vendor_id": "dray", "name": "Dray", "nest": "platform", "independent": True, **OURS}
    rows = {v: [] for v in ("revenues", "spend")}
    figure = {"distribution": "fixed", "basis": "run_rate", "period_end": KNOWN, "known_from": KNOWN, "used": True}
    for name, amounts in (("revenues", revenues), ("spend", wallets)):
        for key, amount in amounts.items():
            usd = dict.fromkeys(("low_usd_per_year", "central_usd_per_year", "high_usd_per_year"), amount)
            whose = {"vendor_id": key} if name == "revenues" else {"customer_id": key[0], "vendor_id": key[1]}
            row_id = {"revenue_id" if name == "revenues" else "spend_id": f"row-{len(rows[name])}"}
            rows[name].append(row_id | whose | usd | figure | OURS | {"origin_id": "ours"})
    spend = [row for row in TINY.tables["spend"].iter_rows(named=True) if row["used"]] + rows["spend"]
    changed = {"vendors": [*vendors, dray], "revenues": rows["revenues"], "spend": spend, "claims": [], "outcomes": []}
    return replace(TINY, tables=TINY.tables | tabled(changed)).known_by(TINY.as_of)


LEAVES = {"north": {"exit": 1.0}}


def test_known_wallets_lead_the_way_when_no_rival_has_revenue() -> None:
    market = small_market({"acme": 1200, "bolt": 0, "crane": 0, "dray": 0}, {("north", "bolt"): 100})
    assert_agreement(market, Scenario(customers=LEAVES))


def test_what_a_customer_pays_an_excluded_rival_still_counts_in_its_wallet() -> None:
    wallets = {("north", "bolt"): 100.0, ("north", "crane"): 500.0}
    market = small_market({"acme": 1200, "bolt": 600, "crane": 600, "dray": 600}, wallets)
    assert_agreement(market, Scenario(customers=LEAVES, vendors={"crane": {"excluded": True}}))


def test_a_nest_that_is_removed_almost_whole_keeps_its_digits() -> None:
    market = small_market({"acme": 1e10, "bolt": 10, "crane": 1e6, "dray": 1e6}, {})
    assert_agreement(market, Scenario(customers=LEAVES, parameters={"size_pull": 2.0, "nest_correlation": 0.8}))


# The reference itself -------------------------------------------------------------------------------------------


def test_reference_gives_the_diversion_that_pyblp_publishes() -> None:
    share = {"1": 0.434527062, "2": 0.159853573, "3": 0.159853573, "4": 0.058806843}
    nest = {"1": "a", "2": "a", "3": "b", "4": "b"}
    diverted, outside = removal(share, 0.186958949, {"1"}, nest, 0.5)
    assert diverted == pytest.approx({"2": 0.625836059, "3": 0.147457069, "4": 0.054246424}, abs=1e-8)
    assert outside == pytest.approx(0.172460447, abs=1e-8)


def test_reference_gives_the_published_diversion_of_two_options_at_once() -> None:
    share = {"1": 0.25, "2": 0.20, "3": 0.15, "4": 0.10, "5": 0.10}
    nest = {"1": "a", "2": "a", "3": "b", "4": "b", "5": "c"}
    diverted, outside = removal(share, 0.20, {"1", "3"}, nest, 0.5)
    assert diverted == pytest.approx({"2": 0.489297277, "4": 0.271405446, "5": 0.079765759}, abs=1e-8)
    assert outside == pytest.approx(0.159531518, abs=1e-8)


def test_reference_spreads_what_does_not_fit_over_what_is_open() -> None:
    facts = Facts(
        incumbent="acme", customers=["c"], remainder="c", rivals=["1", "2", "3"], months=1,
        nest={"1": "a", "2": "b", "3": "c", IN_HOUSE: "d"}, independent={}, conflict={}, needs={}, offers={}, serves={},
        stance={}, excluded=set(), firms={"c": 1.0}, vendor_firms={}, trend={}, months_before=0.0,
    )  # fmt: skip
    choices = {"c": {"1": 0.5, "2": 0.3, "3": 0.2, IN_HOUSE: 0.0, NOT_SPENT: 0.0}}
    shares = {"c": {"1": 0.0, "2": 0.0, "3": 0.0, "acme": 0.0}}
    facts.nest["acme"] = "a"
    room = {"1": 30.0, "2": 1e9, "3": 1e9, IN_HOUSE: 0.0}
    flow = place(facts, {"c": 100.0}, choices, shares, room, patience=0.0, rho=0.5)["c"]
    assert [flow["1"], flow["2"], flow["3"], flow[UNPLACED]] == pytest.approx([30, 42, 28, 0])
    narrow = {"1": 30.0, "2": 20.0, "3": 10.0, IN_HOUSE: 0.0}
    shut = place(facts, {"c": 100.0}, choices, shares, narrow, 0.4, 0.5)["c"]
    assert shut[UNPLACED] == pytest.approx(40)
