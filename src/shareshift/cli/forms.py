"""`shareshift forms`: how much of every range is the choice of model, and how much the data."""

from shareshift.cli.options import (
    AsOfOption,
    DrawsOption,
    Folder,
    OutOption,
    ScenarioOption,
    SeedOption,
    SetOption,
    read_choice,
    say,
    write_file,
)
from shareshift.export import write_csv
from shareshift.market.parameters import DEFAULT_DRAWS


def forms_command(
    market: Folder,
    out: OutOption,
    scenario: ScenarioOption = "baseline",
    changes: SetOption = None,
    draws: DrawsOption = DEFAULT_DRAWS,
    seed: SeedOption = 0,
    as_of: AsOfOption = None,
) -> None:
    """Run a scenario in every form of the model on the same draws, and split each range into model and data."""
    from shareshift.model.draws.streams import Draws
    from shareshift.results.compare.forms import forms_spread

    checked, chosen = read_choice(market, as_of, scenario, changes or [])
    say(f"running {chosen.title} in every form: {draws:,} draws, seed {seed}")
    found = forms_spread(checked, chosen, Draws(draws, seed))
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in found.tables.items():
        write_file(out / f"{name}.csv", write_csv(frame))
    write_file(out / "scenario.toml", chosen.to_toml().encode())
    for sentence in found.skipped:
        say(sentence)
