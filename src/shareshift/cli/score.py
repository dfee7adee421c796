"""`shareshift score`: what a projection said against what came."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import polars as pl
import typer

from shareshift.cli.choices import ScenarioChoice, asks
from shareshift.cli.output import say


@dataclass(frozen=True, kw_only=True)
class ScoreChoice(ScenarioChoice):
    """A run of one scenario, and the day on which it is scored."""

    scored_on: Annotated[
        datetime | None,
        typer.Option("--scored-on", formats=["%Y-%m-%d"], metavar="DATE", help="Count what had come by then; today."),
    ] = None


@asks(ScoreChoice)
def score_command(choice: ScoreChoice) -> None:
    """Score a projection on the market's outcomes, beside naive forecasters on the same rows."""
    from shareshift.results.projection import project
    from shareshift.results.record.score import FORECASTERS, MODEL, score_run
    from shareshift.results.record.sentences import score_sentence

    market, scenario = choice.read()
    day = date.today() if choice.scored_on is None else choice.scored_on.date()
    results = choice.results("score", market, [scenario], scored_on=day.isoformat())
    say(f"scoring {scenario.title} as of {market.as_of}: {choice.draws:,} simulations, seed {choice.seed}")
    found = score_run(project(market, scenario, choice.draws, choice.seed), day)
    results.write(found.tables)
    for row in found.rows.filter(pl.col("forecaster") == MODEL).iter_rows(named=True):
        where = "inside" if row["inside_90"] else "above" if row["observed"] > row["p95"] else "below"
        ends = f"P5 {row['p5']:,.4g}, P50 {row['p50']:,.4g}, P95 {row['p95']:,.4g}"
        say(" ".join(filter(None, (f"{row['title']}: {row['observed']:,.4g}, {where} ({ends})", row["mark"]))))
    for row in found.summary.iter_rows(named=True):
        numbers = f"{row['inside_90']} of {row['rows']} inside, CRPS {row['crps_log']:.3f}, log {row['log_score']:.2f}"
        say(f"{FORECASTERS[row['forecaster']]}: {numbers}")
    if found.silent:
        say(f"nothing was published of {len(found.silent)} rivals: {', '.join(found.silent)}")
    say(f"{found.unscored.height} outcomes could not be scored; not_scored.csv says why")
    say(score_sentence(found))
