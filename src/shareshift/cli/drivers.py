"""`shareshift drivers`: what decides a figure, and what to check next."""

from dataclasses import dataclass
from typing import Annotated

import typer

from shareshift.cli.choices import ScenarioChoice, asks
from shareshift.cli.output import say


@dataclass(frozen=True, kw_only=True)
class DriversChoice(ScenarioChoice):
    """A run of one scenario, and the figure of it that is asked about."""

    figure: Annotated[
        str, typer.Option("--figure", metavar="FIGURE", help="A headline figure, or gain:VENDOR for what a rival wins.")
    ] = "displaced"
    target: Annotated[
        float | None,
        typer.Option("--target", metavar="VALUE", help="Which sliders bring the figure's mean there, in its unit."),
    ] = None


@asks(DriversChoice)
def drivers_command(choice: DriversChoice) -> None:
    """Say what decides a figure: each input alone, in common with others, what to check next, and on what it rests."""
    from shareshift.model.draws.streams import Draws
    from shareshift.results.drivers.answer import drivers_of, ranked_drivers
    from shareshift.results.drivers.figures import checked_figure, checked_target, result_label
    from shareshift.results.drivers.indices import Exploration
    from shareshift.results.drivers.reaching import figure_means, reach_tables
    from shareshift.results.drivers.sentences import lead
    from shareshift.results.drivers.study import open_study
    from shareshift.results.targets import Scan

    market, scenario = choice.read()
    figure, target = checked_figure(market, choice.figure), checked_target(choice.target)
    more = {"figure": figure} | ({} if target is None else {"target": repr(target)})
    results = choice.results("drivers", market, [scenario], **more)
    say(f"what decides {figure} under {scenario.title}: {choice.draws:,} simulations, seed {choice.seed}")
    study = open_study(market, scenario, Draws(choice.draws, choice.seed))
    say(f"{len(study.drivers)} uncertain inputs, each at its P10 and its P90")
    found = drivers_of(study)
    runs = Exploration(study=study, figure=figure, drivers=ranked_drivers(study, found, figure))
    say(f"the {len(runs.drivers)} strongest inputs together: {runs.pages.count} runs of {runs.draws:,} simulations")
    while runs.share_done < 1:
        runs.advance()
    tables = found.of(figure).files | {"indices": runs.table()}
    if target is not None:
        say("which sliders reach the target")
        scan = Scan(market, scenario, figure_means, seed=choice.seed)
        tables |= reach_tables(scan, figure, study.units[figure], target)
    results.write(tables)
    say(lead(result_label(market, figure), found.of(figure).check_next))
