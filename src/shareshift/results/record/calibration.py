"""From past migrations to the model's defaults: what would have scored best, one case left out at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import polars as pl

from shareshift.basics.places import home
from shareshift.market.market import Market, read_market
from shareshift.market.parameter_records import PARAMETERS
from shareshift.results.claims.measuring import measure_claims
from shareshift.results.claims.verdicts import verdicts
from shareshift.results.projection import project
from shareshift.results.record.score import MODEL, Score, score_run

# What past migrations can tell, with the central values that are tried; the width of a range goes with its centre.
TRIED: Mapping[str, tuple[float, ...]] = {
    "size_pull": (0.2, 0.4, 0.6, 0.8, 1.0),
    "fit": (0.5, 1.0, 1.5, 2.0),
    "neutrality": (0.4, 0.8, 1.2, 1.6),
    "nest_correlation": (0.05, 0.2, 0.4),
    "momentum_spread": (0.3, 0.5, 0.7, 1.0),
    "slack": (0.2, 0.5, 1.0),
    "capacity_growth": (0.06, 0.12, 0.2),
    "growth_spread": (0.15, 0.25, 0.4, 0.6),
    "level_error": (0.05, 0.1, 0.15),
    "small_growth": (0.05, 0.12, 0.2),
}
SWEEPS = 2
DRAWS = 512
# Log score that one step away from the default costs: few cases shall not move what is thought by much.
STEP_COST = 0.05
Centres = Mapping[str, float]
# The log score of a case, by its name, under some centres.
Told = Callable[[str, Centres], float]


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What the library says: `centres` over all cases, and how each case scores when only the others are known.

    `cases` has one row per case and forecaster: rows, those inside the ranges, mean CRPS and log score; `claims` one
    per claim of a case whose outcome is known, tested with the defaults as they are.
    """

    centres: Centres
    cases: pl.DataFrame
    claims: pl.DataFrame

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table by the name of its file."""
        found = [(name, PARAMETERS[name].default[1], centre) for name, centre in self.centres.items()]
        schema = {"parameter_id": pl.String, "default": pl.Float64, "best": pl.Float64}
        return {"calibration": pl.DataFrame(found, schema=schema, orient="row"), "left_one_out": self.cases} | {
            "claims_record": self.claims
        }


def library() -> Mapping[str, Market]:
    """Return the past migrations that travel with the package, by name; raises `DataError`."""
    folder = home() / "data" / "migrations"
    return {path.name: read_market(path) for path in sorted(folder.iterdir()) if path.is_dir()}


def calibrate(cases: Mapping[str, Market]) -> Calibration:
    """Return the best centres over all cases, and every case's score with those of the others; deterministic."""
    told, rows = _told_once(cases), []
    for left_out, market in cases.items():
        others = [name for name in cases if name != left_out]
        found = score(market, best_centres(others, told), draws=4 * DRAWS)
        rows.append(found.summary.select(pl.lit(left_out).alias("case"), pl.all()))
    return Calibration(centres=best_centres(list(cases), told), cases=pl.concat(rows), claims=claims_of(cases))


def claims_of(cases: Mapping[str, Market]) -> pl.DataFrame:
    """Return what became of the claims of every case that outcomes tell of; see `verdicts`."""
    found = []
    for case, market in cases.items():
        measured = measure_claims(project(market, draws=4 * DRAWS))
        rows = verdicts(measured, market.tables["outcomes"], market.as_of, _last(market))
        found.append(rows.select(pl.lit(case).alias("case"), pl.all()))
    return pl.concat(found)


def best_centres(names: Sequence[str], told: Told) -> Centres:
    """Return the centres with the best mean log score over some cases, found one parameter at a time."""
    best = {name: PARAMETERS[name].default[1] for name in TRIED}
    reached = _worth(names, told, best)
    for _ in range(SWEEPS):
        for name, tried in TRIED.items():
            for centre in tried:
                worth = _worth(names, told, {**best, name: centre})
                if worth > reached:
                    best, reached = {**best, name: centre}, worth
    return best


def score(market: Market, centres: Centres, draws: int = DRAWS) -> Score:
    """Score a market under other centres of the defaults that it takes; what is its own stays."""
    return score_run(project(with_centres(market, centres), draws=draws), _last(market))


def _last(market: Market) -> date:
    days: list[date] = market.tables["outcomes"]["known_from"].to_list()
    return max(days)


def with_centres(market: Market, centres: Centres) -> Market:
    """Return a market whose defaults have other centres, their ends in proportion and within the limits."""
    rows = [_moved(row, centres) for row in market.tables["parameters"].iter_rows(named=True)]
    frame = pl.DataFrame(rows, schema=market.tables["parameters"].schema)
    return replace(market, tables={**market.tables, "parameters": frame})


def _moved(row: Mapping[str, object], centres: Centres) -> Mapping[str, object]:
    name = str(row["parameter_id"])
    default = PARAMETERS[name].default
    if name not in centres or tuple(row[end] for end in ("low", "central", "high")) != default:
        return row
    factor = centres[name] / default[1]
    least, most = PARAMETERS[name].slider[:2]
    low, central, high = (min(max(end * factor, least), most) for end in default)
    return {**row, "low": low, "central": central, "high": high}


def _worth(names: Sequence[str], told: Told, centres: Centres) -> float:
    return sum(told(name, centres) for name in names) / len(names) - STEP_COST * sum(_steps(centres))


def _told_once(cases: Mapping[str, Market]) -> Told:
    # Whichever case is left out, most of what is tried is the same.
    @cache
    def told(name: str, centres: tuple[tuple[str, float], ...]) -> float:
        summary = score(cases[name], dict(centres)).summary
        return max(float(summary.row(by_predicate=pl.col("forecaster") == MODEL, named=True)["log_score"]), -20.0)

    return lambda name, centres: told(name, tuple(centres.items()))


def _steps(centres: Centres) -> Iterator[float]:
    for name, centre in centres.items():
        tried, default = TRIED[name], PARAMETERS[name].default[1]
        yield abs(centre - default) / ((tried[-1] - tried[0]) / (len(tried) - 1))
