"""The files of a comparison, each made when its button is pressed."""

from collections.abc import Callable
from functools import partial

from shareshift.charts.lettering import fitted
from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.results.compare.answer import Comparison
from shareshift.scenario.scenario import Scenario
from shareshift.ui.compare.cache import explained_file

# The name of a file, the words on its button, and what makes it.
File = tuple[str, str, Callable[[], bytes]]
# Pixels for a scenario's title on a button.
ROOM = 200
FILES = {
    "compare_figures": "Headline figures",
    "compare_vendors": "Gains and shares per vendor",
    "compare_shares": "Shares by month",
    "compare_revenue": "Revenue by month",
    "compare_ranks": "Ranks",
    "compare_orders": "Who is ahead of whom",
    "compare_inputs": "Inputs that differ",
    "compare_explained": "What each input explains",
}


def files_of(market: Market, found: Comparison) -> list[File]:
    """Return the files that `shareshift compare` writes, by name."""
    made = {name: partial(write_csv, frame) for name, frame in found.tables.items()}
    made["compare_explained"] = partial(explained_file, market, found.scenarios)
    files: list[File] = [(f"{name}.csv", f"{FILES.get(name, name)} (CSV)", make) for name, make in made.items()]
    numbered = enumerate(zip(found.scenarios, found.titles, strict=True), start=1)
    return [
        *files,
        *(
            (f"scenario-{number}.toml", f"Scenario {fitted(title, ROOM)} (TOML)", _toml(scenario))
            for number, (scenario, title) in numbered
        ),
    ]


def _toml(scenario: Scenario) -> Callable[[], bytes]:
    return lambda: scenario.to_toml().encode()
