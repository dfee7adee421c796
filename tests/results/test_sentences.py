"""The sentences say what the frames say, also where nothing moves."""

import re
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from shareshift.market.market import Market, read_market
from shareshift.results.overview import incumbent_months, leaders_of
from shareshift.results.projection import Projection, project
from shareshift.results.sentences import (
    concentration_sentence,
    contradiction_warning,
    five_figures,
    gains_finding,
    incumbent_finding,
    lead_sentences,
    ribbons_finding,
    shares_finding,
)
from shareshift.scenario.scenario import Scenario, read_scenarios
from support.places import BUNDLED


@pytest.fixture(scope="module")
def run(tiny: Market) -> Projection:
    return project(tiny, Scenario(), 64)


@pytest.fixture(scope="module")
def still(tiny: Market) -> Projection:
    """Nobody leaves."""
    return project(tiny, Scenario(parameters={"moved_share": 0.0, "evidence_spread": 0.0}), 64)


def test_the_lead_names_the_incumbent_the_period_and_the_biggest_winner(run: Projection) -> None:
    words = lead_sentences(run.summary, run.gains, run.market, run.months)
    assert run.market.names[run.market.incumbent] in words
    assert f"{run.months[-1]:%B %Y}" in words
    winner = run.gains[1:].sort("mean_displaced_gain_usd")["vendor_id"][-1]
    assert run.market.names[winner] in words


def test_the_lead_stops_after_the_first_sentence_when_nothing_moves(still: Projection) -> None:
    words = lead_sentences(still.summary, still.gains, still.market, still.months)
    assert words.endswith("$0 ($0) is displaced.")


def test_there_are_five_figures_each_with_its_range(run: Projection) -> None:
    figures = five_figures(run.summary, run.gains, leaders_of(run), run.market)
    assert len(figures) == 5
    assert all(figure.interval and "$" in figure.value for figure in figures)


def test_a_net_effect_always_has_its_sign(run: Projection) -> None:
    summary = run.summary.with_columns(pl.col("p5_value").abs(), pl.col("mean_value").abs())
    figures = five_figures(summary, run.gains, leaders_of(run), run.market)
    assert [figure.value[0] == "+" for figure in figures] == [False, True, False, False, False]


def test_a_rival_is_first_only_where_it_alone_wins_the_most(run: Projection) -> None:
    won = run.migration.to_options[:, :-1, :-1].sum(axis=0)
    shares = dict(leaders_of(run).iter_rows())
    for at, rival in enumerate(run.inputs.rivals):
        others = np.delete(won, at, axis=0).max(axis=0)
        assert shares[rival] == pytest.approx((won[at] > others).mean())
    assert sum(shares.values()) <= 1


def test_a_pool_of_many_is_no_largest_gainer(preset: Projection) -> None:
    assert preset.market.pools == {"other_vendors"}
    assert "other_vendors" not in leaders_of(preset)["vendor_id"].to_list()
    words = lead_sentences(preset.summary, preset.gains, preset.market, preset.months)
    figures = five_figures(preset.summary, preset.gains, leaders_of(preset), preset.market)
    assert "Other vendors" not in words + figures[2].label


def test_where_nobody_wins_anything_nobody_is_first(still: Projection) -> None:
    assert leaders_of(still)["share_of_draws"].to_list() == [0, 0]
    figures = five_figures(still.summary, still.gains, leaders_of(still), still.market)
    assert (figures[2].label, figures[2].note) == ("Largest gainer: nobody", "no rival wins anything")


def test_rivals_that_are_alike_are_named_together_and_none_is_first(tiny: Market) -> None:
    vendors, revenues = tiny.tables["vendors"], tiny.tables["revenues"]
    alike = vendors.with_columns(nest=pl.lit("a"), independent=True, segments=pl.lit("text", pl.String))
    amounts_ = [pl.lit(600.0).alias(f"{end}_usd_per_year") for end in ("low", "central", "high")]
    fixed = revenues.with_columns(*amounts_, distribution=pl.lit("fixed"))
    parameters = {"momentum_spread": 0.0, "growth_spread": 0.0, "loyalty": 0.0, "neutrality": 0.0, "fit": 0.0}
    scenario = Scenario(parameters={key: value for key, value in parameters.items() if key in tiny.parameters})
    market = replace(tiny, tables={**tiny.tables, "vendors": alike, "revenues": fixed})
    run = project(market, replace(scenario, capacity=False), 32)
    words = lead_sentences(run.summary, run.gains, market, run.months)
    assert "Bolt and Crane each " in words
    figures = five_figures(run.summary, run.gains, leaders_of(run), market)
    assert (figures[2].label, figures[2].note) == ("Largest gainer: several alike", "Bolt and Crane")


@pytest.mark.parametrize(("months", "words"), [(1, "in January 2025, "), (2, "from January 2025 to February 2025, ")])
def test_a_period_of_one_month_is_that_month(tiny: Market, months: int, words: str) -> None:
    run = project(tiny, Scenario(horizon_months=months), 16)
    assert words in lead_sentences(run.summary, run.gains, run.market, run.months)


def test_findings_survive_a_scenario_in_which_nothing_moves(still: Projection) -> None:
    names = still.market.names
    assert ribbons_finding(still.flows_to_date(still.months[0]), names).startswith("Nothing has moved")
    assert gains_finding(still.gains) == "Rivals gain from growth alone"
    assert incumbent_finding(incumbent_months(still), "Acme").startswith("Acme earns")
    assert "share of the market" in shares_finding(still.shares, names)


def amounts(words: str) -> list[float]:
    """Return the amounts that a sentence names, in USD, each as far as its digits go."""
    scale = {"bn": 1e9, "m": 1e6, "": 1.0}
    found = re.findall(r"\$([\d,]+(?:\.\d+)?)(bn|m|)", words)
    return [float(number.replace(",", "")) * scale[unit] for number, unit in found]


@pytest.fixture(scope="module", params=sorted(path.stem for path in (BUNDLED / "scenarios").glob("*.toml")))
def preset(request: pytest.FixtureRequest) -> Projection:
    market = read_market(BUNDLED)
    return project(market, read_scenarios(BUNDLED, market)[request.param], 256)


def test_the_incumbents_finding_is_what_its_picture_shows(preset: Projection) -> None:
    months = incumbent_months(preset)
    words = incumbent_finding(months, "Scale AI")
    change = months["mean_revenue_usd"] - months["mean_no_event_revenue_usd"]
    total, last = float(change.sum()), float(change[-1])
    assert ("more than" in words, "less than" in words) == (total > 0, total < 0)
    assert words.endswith(f"a month {'more' if last > 0 else 'less'} in {preset.months[-1]:%B %Y}")
    assert amounts(words) == pytest.approx([abs(total), abs(last)], rel=0.06)


def test_the_shares_finding_sets_the_last_month_with_the_event_against_it_without(preset: Projection) -> None:
    words = shares_finding(preset.shares, preset.market.names)
    last = preset.shares.filter(vendor_id="scale", month=preset.months[-1]).row(0, named=True)
    told = [float(number) / 100 for number in re.findall(r"([\d.]+)%", words)]
    expected = [last["mean_share"], last["mean_no_event_share"]]
    digits = 0.005 if "." not in words else 0.0005
    assert told == pytest.approx(expected[: len(told)], abs=digits * 1.001)
    assert len(set(told)) == len(told), "two shares that read alike are told as one"


def test_the_gains_finding_adds_up_its_table(preset: Projection) -> None:
    rivals = preset.gains[1:]
    won, grown = (float(rivals[f"mean_{name}_gain_usd"].sum()) for name in ("displaced", "market_growth"))
    assert amounts(gains_finding(preset.gains)) == pytest.approx([won, abs(grown)], rel=0.06)


def test_the_finding_of_the_streams_names_the_largest_on_both_sides(preset: Projection) -> None:
    flows, arrivals = preset.to_date(preset.months[-1])
    words = ribbons_finding(flows, preset.market.names)
    largest = arrivals.sort("mean_arrived_usd")["destination_id"][-1]
    assert words.endswith(f"goes to {preset.market.names[largest]}")
    sent = flows.group_by("customer_id").agg(pl.col("mean_cumulative_flow_usd").sum())
    customer, most = sent.sort("mean_cumulative_flow_usd").row(-1)
    assert f"comes from {preset.market.names[customer]};" in words
    assert words.startswith("Most") == (most > flows["mean_cumulative_flow_usd"].sum() / 2)


def test_what_arrives_is_what_is_sent(preset: Projection) -> None:
    for month in (preset.months[0], preset.months[-1]):
        flows, arrivals = preset.to_date(month)
        assert arrivals["mean_arrived_usd"].sum() == pytest.approx(flows["mean_cumulative_flow_usd"].sum())


def test_no_sentence_depends_on_the_order_of_rows(preset: Projection) -> None:
    shuffled = replace(preset.market, tables={n: f.reverse() for n, f in preset.market.tables.items()})
    again = project(shuffled, preset.scenario, 256)
    for run, other in ((preset, again), (again, preset)):
        assert lead_sentences(run.summary, run.gains, run.market, run.months) == lead_sentences(
            other.summary, other.gains, other.market, other.months
        )
    assert five_figures(preset.summary, preset.gains, leaders_of(preset), preset.market) == five_figures(
        again.summary, again.gains, leaders_of(again), again.market
    )


def test_concentration_states_its_base(run: Projection) -> None:
    words = concentration_sentence(run.concentration, run.market)
    assert "all vendors in the table" in words
    assert "small firms" not in words


def test_a_pool_leaves_concentration_between_two_ends_the_lower_first(preset: Projection) -> None:
    words = concentration_sentence(preset.concentration, preset.market)
    assert words.endswith("The lower figures take Other vendors as many small firms, the higher as one.")
    pairs = re.findall(r"([\d,]+)–([\d,]+)", words)
    assert len(pairs) == 3
    assert all(float(low.replace(",", "")) < float(high.replace(",", "")) for low, high in pairs)
    pool = preset.shares.filter(vendor_id="other_vendors")["mean_share"].to_numpy()
    gap = preset.concentration["mean_hhi"] - preset.concentration["mean_lowest_hhi"]
    assert (gap.to_numpy() > 1e4 * pool**2).all(), "on average a square is more than the square of the average"


@pytest.mark.parametrize(("share", "warned"), [(0.05, False), (0.051, True)])
def test_contradicting_sources_are_announced_above_one_draw_in_twenty(
    run: Projection, share: float, warned: bool
) -> None:
    contradicting = pl.col("figure") == "sources_contradict"
    value = pl.when(contradicting).then(pl.lit(share)).otherwise(pl.col("mean_value")).alias("mean_value")
    assert (contradiction_warning(run.summary.with_columns(value)) is not None) is warned


def test_the_extra_row_of_the_summary_is_the_sum_of_its_two_parts_on_average(run: Projection) -> None:
    means = dict(run.summary.select("figure", "mean_value").iter_rows())
    assert means["in_house_and_not_spent"] == pytest.approx(means["in_house"] + means["not_spent"])
