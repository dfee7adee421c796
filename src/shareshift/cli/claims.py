"""`shareshift claims`: do the claims of a market add up?"""

from shareshift.cli.choices import ScenarioChoice, asks
from shareshift.cli.output import say


@asks(ScenarioChoice)
def claims_command(choice: ScenarioChoice) -> None:
    """Test the claims of a market: each alone, all against the money there is, and what believing them does."""
    from shareshift.model.draws.streams import Draws
    from shareshift.results.claims.answer import claims_answer
    from shareshift.results.projection import project

    market, scenario = choice.read()
    results = choice.results("claims", market, [scenario])
    say(f"testing the claims under {scenario.title}: {choice.draws:,} simulations, seed {choice.seed}")
    held = Draws(choice.draws, choice.seed)
    answer = claims_answer(project(market, scenario, choice.draws, choice.seed, held=held), held)
    results.write(answer.tables)
    for sentence in answer.remarks:
        say(sentence)
