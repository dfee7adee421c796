"""`shareshift compare`: two to four scenarios on the same draws, without a browser."""

from typing import Annotated

import typer

from shareshift.cli.options import (
    AsOfOption,
    DrawsOption,
    Folder,
    OutOption,
    SeedOption,
    choose_scenario,
    read_up_to,
    say,
    write_file,
)
from shareshift.export import write_csv
from shareshift.market.parameters import DEFAULT_DRAWS

Scenarios = Annotated[
    list[str],
    typer.Argument(
        metavar="A B [C D]",
        help="Two to four of the market's own scenarios or TOML files; A is the reference.",
        show_default=False,
    ),
]


def compare_command(
    market: Folder,
    scenarios: Scenarios,
    out: OutOption,
    draws: DrawsOption = DEFAULT_DRAWS,
    seed: SeedOption = 0,
    as_of: AsOfOption = None,
) -> None:
    """Set two to four scenarios side by side on the same draws, and say which inputs explain the differences."""
    from shareshift.model.draws.streams import Draws
    from shareshift.results.compare.answer import check_count, compare, explain

    check_count(len(scenarios))
    checked = read_up_to(market, as_of)
    chosen = [choose_scenario(market, checked, name, []) for name in scenarios]
    say(f"comparing {', '.join(scenario.title for scenario in chosen)}: {draws:,} draws, seed {seed}")
    held = Draws(draws, seed)
    found = compare(checked, chosen, held)
    tables = found.tables | {"compare_explained": explain(checked, chosen, held)}
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        write_file(out / f"{name}.csv", write_csv(frame))
    for number, scenario in enumerate(chosen, start=1):
        write_file(out / f"scenario-{number}.toml", scenario.to_toml().encode())
    if note := found.horizon_note:
        say(note)
