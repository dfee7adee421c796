"""`shareshift forms`: how much of every range is the choice of model, and how much the data."""

from shareshift.cli.choices import OneScenarioChoice, asks
from shareshift.cli.output import say


@asks(OneScenarioChoice)
def forms_command(choice: OneScenarioChoice) -> None:
    """Run a scenario in every form of the model on the same draws, and split each range into model and data."""
    from shareshift.model.draws.streams import Draws
    from shareshift.results.compare.forms import forms_spread

    market, scenario = choice.read()
    results = choice.results("forms", market, [scenario])
    say(f"running {scenario.title} in every form: {choice.draws:,} simulations, seed {choice.seed}")
    found = forms_spread(market, scenario, Draws(choice.draws, choice.seed))
    results.write(found.tables, scenario=scenario)
    for sentence in found.skipped:
        say(sentence)
