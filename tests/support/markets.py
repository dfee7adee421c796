"""Markets changed on the spot."""

from dataclasses import replace
from types import MappingProxyType

import polars as pl

from shareshift.market.market import Market


def with_table(market: Market, name: str, frame: pl.DataFrame) -> Market:
    """Return a market with one table replaced, unchecked."""
    return replace(market, tables=MappingProxyType({**market.tables, name: frame}))
