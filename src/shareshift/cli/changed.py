"""`shareshift changed`: which rows became known between two dates, and what each group of them moves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from shareshift.basics.errors import ScenarioError
from shareshift.cli.choices import ScenarioChoice, asks
from shareshift.cli.output import say


@dataclass(frozen=True, kw_only=True)
class ChangedChoice(ScenarioChoice):
    """A run of one scenario on the evidence of two dates."""

    before: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DATE", help="The earlier of the two dates.")
    ]
    after: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], metavar="DATE", help="The later of the two dates.")
    ]


@asks(ChangedChoice)
def changed_command(choice: ChangedChoice) -> None:
    """Say what became known between two dates, and by how much each group of rows moves the figures."""
    from shareshift.model.draws.streams import Draws
    from shareshift.results.compare.changed import changed_sentence, what_changed

    if choice.as_of is not None:
        raise ScenarioError("--as-of: this command takes two dates. Give --from and --to.")
    market, scenario = choice.read()
    dates = (choice.before.date(), choice.after.date())
    results = choice.results("changed", market, [scenario], before=str(dates[0]), after=str(dates[1]))
    say(f"{scenario.title} as known on {dates[0]} and on {dates[1]}: {choice.draws:,} simulations, seed {choice.seed}")
    found = what_changed(market, scenario, dates, Draws(choice.draws, choice.seed))
    results.write(found.tables, scenario=scenario)
    say(changed_sentence(found))
