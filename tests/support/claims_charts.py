"""Every chart of the claims, drawn from an answer."""

import altair as alt
import polars as pl

from shareshift.charts.claims import belief as claims_belief
from shareshift.charts.claims import inputs as claims_inputs
from shareshift.charts.claims import odds as claims_odds
from shareshift.charts.claims import place as claims_place
from shareshift.charts.claims import stack as claims_stack
from shareshift.charts.look import Datasets, Look
from shareshift.results.claims.answer import ClaimsAnswer

Drawn = tuple[alt.LayerChart, Datasets]


def odds(found: ClaimsAnswer, look: Look) -> Drawn:
    rows = [
        claims_odds.Odds(group="one", label=row["claim_id"], words=row["likelihood"], probability=row["probability"])
        for row in found.claims.iter_rows(named=True)
    ]
    return claims_odds.draw_odds(look, claims_odds.odds_height(rows)), claims_odds.odds_data(rows)


def stack(found: ClaimsAnswer, look: Look) -> Drawn:
    frame = found.claimed_stack
    return claims_stack.draw_stack(look, claims_stack.stack_height(frame)), claims_stack.stack_data(frame, look)


def strips(found: ClaimsAnswer) -> list[claims_place.Strip]:
    return [
        claims_place.Strip(
            head="Head",
            claimed="claimed",
            model="model",
            mean=row["mean_value"],
            bins=found.claim_distributions.filter(pl.col("claim_id") == row["claim_id"]),
            from_zero=row["metric"] == "won_from_incumbent",
            yes_no=("leaves", "stays") if row["metric"] == "exit" else None,
            holds=row["probability"],
        )
        for row in found.claims.iter_rows(named=True)
    ]


def place(found: ClaimsAnswer, look: Look) -> Drawn:
    shown = strips(found)
    return claims_place.draw_place(look, claims_place.place_height(shown)), claims_place.place_data(shown)


def belief(found: ClaimsAnswer, look: Look) -> Drawn:
    rows = [
        claims_belief.Moved(
            label=row["figure"],
            words="",
            before=(row["prior_mean"], row["prior_p5"], row["prior_p95"]),
            after=(row["posterior_mean"], row["posterior_p5"], row["posterior_p95"]),
        )
        for row in found.posterior.iter_rows(named=True)
    ]
    return claims_belief.draw_belief(look, claims_belief.belief_height(len(rows))), claims_belief.belief_data(rows)


def inputs(found: ClaimsAnswer, look: Look) -> Drawn:
    amounts = [""] * claims_inputs.SHOWN
    return (
        claims_inputs.draw_inputs(look, claims_inputs.inputs_height()),
        claims_inputs.inputs_data(found.inputs_moved, amounts),
    )
