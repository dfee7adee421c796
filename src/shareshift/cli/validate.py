"""`shareshift validate`: is everything in order with a market's files?"""

import typer

from shareshift.cli.choices import Folder
from shareshift.market.market import read_market
from shareshift.scenario.scenario import read_scenarios


def validate_command(market: Folder) -> None:
    """Check a market's tables and name everything that is wrong with them."""
    checked = read_market(market)
    rows = ", ".join(f"{frame.height} {name}" for name, frame in checked.tables.items())
    for name, scenario in read_scenarios(market, checked).items():
        typer.echo(f"scenario {name}: {scenario.title}")
    typer.echo(f"{checked.title}\n{rows}\ndigest {checked.digest}\nNo faults found.")
