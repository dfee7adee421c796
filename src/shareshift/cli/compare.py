"""`shareshift compare`: two to four scenarios on the same draws, without a browser."""

from dataclasses import dataclass
from typing import Annotated

import typer

from shareshift.cli.choices import FormChoice, asks
from shareshift.cli.output import say
from shareshift.cli.scenarios import find_scenario


@dataclass(frozen=True, kw_only=True)
class CompareChoice(FormChoice):
    """A run of several scenarios, all of them with the same sliders moved and in the same form where that is asked."""

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
    scenarios = [choice.asked(find_scenario(choice.market, market, name), market) for name in choice.scenarios]
    results = choice.results("compare", market, scenarios)
    titles = ", ".join(scenario.title for scenario in scenarios)
    say(f"comparing {titles}: {choice.draws:,} simulations, seed {choice.seed}")
    held = Draws(choice.draws, choice.seed)
    found = compare(market, scenarios, held)
    tables = found.tables | {"compare_explained": explain(market, scenarios, held)}
    results.write(tables, **{f"scenario-{number}": scenario for number, scenario in enumerate(scenarios, start=1)})
    if note := found.horizon_note:
        say(note)
