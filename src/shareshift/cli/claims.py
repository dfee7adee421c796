"""`shareshift claims`: do the claims of a market add up?"""

from shareshift.cli.choices import FormChoice, asks, say


@asks(FormChoice)
def claims_command(choice: FormChoice) -> None:
    """Test the claims of a market: each alone, all against the money there is, and what believing them does."""
    from shareshift.model.draws.streams import Draws
    from shareshift.results.claims.answer import claims_answer
    from shareshift.results.projection import project

    market, scenario = choice.read()
    say(f"testing the claims under {scenario.title}: {choice.draws:,} simulations, seed {choice.seed}")
    held = Draws(choice.draws, choice.seed)
    answer = claims_answer(project(market, scenario, choice.draws, choice.seed, held=held), held)
    choice.write(answer.tables)
    for sentence in answer.remarks:
        say(sentence)
