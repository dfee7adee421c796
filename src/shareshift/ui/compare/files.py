"""The files of a comparison, each made when its button is pressed."""

from collections.abc import Callable

import polars as pl

from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.results.compare.answer import Comparison
from shareshift.scenario.scenario import Scenario
from shareshift.ui.compare.cache import explained_file

File = tuple[str, Callable[[], bytes]]


def files_of(market: Market, found: Comparison) -> list[File]:
    """Return the files that `shareshift compare` writes, by name."""
    files: list[File] = [(f"{name}.csv", _table(frame)) for name, frame in found.tables.items()]
    files.append(("compare_explained.csv", lambda: explained_file(market, found.scenarios)))
    numbered = enumerate(found.scenarios, start=1)
    return [*files, *((f"scenario-{number}.toml", _scenario(scenario)) for number, scenario in numbered)]


def _table(frame: pl.DataFrame) -> Callable[[], bytes]:
    return lambda: write_csv(frame)


def _scenario(scenario: Scenario) -> Callable[[], bytes]:
    return lambda: scenario.to_toml().encode()
