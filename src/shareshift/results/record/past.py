"""What `shareshift calibrate` found of past migrations for this version, as it travels with the package."""

from importlib.resources import files

import polars as pl


def left_one_out() -> pl.DataFrame:
    """Return how the model did on past migrations, each with the defaults that the others alone give it."""
    return _kept("left_one_out")


def claims_record() -> pl.DataFrame:
    """Return what became of claims in past migrations; see `verdicts`."""
    return _kept("claims_record")


def _kept(name: str) -> pl.DataFrame:
    return pl.read_csv(files("shareshift.results.record").joinpath(f"{name}.csv").read_bytes())
