"""`shareshift score`: what a projection said against what came."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
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
    frozen: Annotated[
        Path | None,
        typer.Option("--frozen", metavar="FILE|DIR", help="Score frozen projections instead, without a run."),
    ] = None

    @property
    def day(self) -> date:
        """The day on which it is scored."""
        return date.today() if self.scored_on is None else self.scored_on.date()


@asks(ScoreChoice)
def score_command(choice: ScoreChoice) -> None:
    """Score a projection on the market's outcomes, beside naive forecasters; or what was frozen, without a run."""
    if choice.frozen is not None:
        _score_frozen(choice, choice.frozen)
        return
    from shareshift.results.projection import project
    from shareshift.results.record.score import FORECASTERS, MODEL, score_run
    from shareshift.results.record.sentences import score_sentence

    market, scenario = choice.read()
    results = choice.results("score", market, [scenario], scored_on=choice.day.isoformat())
    say(f"scoring {scenario.title} as of {market.as_of}: {choice.draws:,} simulations, seed {choice.seed}")
    found = score_run(project(market, scenario, choice.draws, choice.seed), choice.day)
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


def _score_frozen(choice: ScoreChoice, place: Path) -> None:
    from shareshift.results.record.frozen_files import frozen_files, read_frozen
    from shareshift.results.record.frozen_score import frozen_tables, score_frozen
    from shareshift.results.record.sentences import score_sentence

    market, files = choice.read_market(), frozen_files(place)
    found = [read_frozen(file) for file in files]
    names = {"frozen": "; ".join(one.digest for one in found)}
    results = choice.results("score", market, [], scored_on=choice.day.isoformat(), **names)
    scores = [score_frozen(one, market.tables["outcomes"], choice.day) for one in found]
    results.write(frozen_tables(found, scores))
    for one, score in zip(found, scores, strict=True):
        say(f"{one.title} as of {one.as_of}, frozen on {one.frozen_on} by {one.version}: {score_sentence(score)}")
    if not found:
        say(f"{place} holds no frozen projection; “shareshift freeze” writes one")
