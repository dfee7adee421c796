"""`shareshift compare`: two to four scenarios on the same draws, without a browser."""

from dataclasses import dataclass
from typing import Annotated

import typer

from shareshift.cli.choices import RunChoice, asks, find_scenario, say


@dataclass(frozen=True, kw_only=True)
class CompareChoice(RunChoice):
    """A run of several scenarios."""

    scenarios: Annotated[
        list[str],
        typer.Argument(
            metavar="A B [C D]",
            help="Two to four of the market's own scenarios or TOML files; A is the reference.",
            show_default=False,
        ),
    ]


@asks(CompareChoice)
def compare_command(choice: CompareChoice) -> None:
    """Set two to four scenarios side by side on the same draws, and say which inputs explain the differences."""
    from shareshift.model.draws.streams import Draws
    from shareshift.results.compare.alike import check_count
    from shareshift.results.compare.answer import compare
    from shareshift.results.compare.explaining import explain

    check_count(len(choice.scenarios))
    market = choice.read_market()
    scenarios = [find_scenario(choice.market, market, name) for name in choice.scenarios]
    titles = ", ".join(scenario.title for scenario in scenarios)
    say(f"comparing {titles}: {choice.draws:,} simulations, seed {choice.seed}")
    held = Draws(choice.draws, choice.seed)
    found = compare(market, scenarios, held)
    tables = found.tables | {"compare_explained": explain(market, scenarios, held)}
    choice.write(tables, **{f"scenario-{number}": scenario for number, scenario in enumerate(scenarios, start=1)})
    if note := found.horizon_note:
        say(note)
