"""How far to trust a projection, in sentences, and a word for what the model makes of a claim."""

from dataclasses import dataclass

import polars as pl

from shareshift.basics.formats import money_range
from shareshift.export.bundle.evidence import assumptions_of
from shareshift.market.market import Market
from shareshift.results.record.score import Score
from shareshift.results.record.sentences import record_line
from shareshift.scenario.scenario import Scenario


@dataclass(frozen=True)
class Verdict:
    """A word for a claim, and the most probable claim that it is said of."""

    label: str
    most: float


VERDICTS = (
    Verdict("Cannot hold", 0.0),
    Verdict("Hardly", 0.2),
    Verdict("Doubtful", 0.45),
    Verdict("Open", 0.55),
    Verdict("Plausible", 0.8),
    Verdict("Fits", 1.0),
)


def verdict(probability: float) -> Verdict:
    """Return the word for a claim that holds in so many of the simulations."""
    return next(one for one in VERDICTS if probability <= one.most)


def trust_sentence(forms: pl.DataFrame, market: Market, record: Score) -> str:
    """Return what hangs on the form of the model, how many inputs are assumed, and the record; of the baseline."""
    single = forms.filter(~pl.col("vendor_id").is_in(list(market.pools)))
    row = (forms if single.is_empty() else single).row(0, named=True)
    name = market.names.get(row["vendor_id"], row["vendor_id"])
    low, high = row["lowest_mean_value"], row["highest_mean_value"]
    assumed, rows = assumed_inputs(market)
    parts = [
        f"By form of the model {name} wins {money_range(low, high)} on average.",
        f"Of {rows} inputs {assumed} are our assumptions.",
        record_line(record),
    ]
    return " ".join(part for part in parts if part)


def assumed_inputs(market: Market) -> tuple[int, int]:
    """Return how many of the sliders and figures in use nobody has published, and how many there are of both."""
    judged = assumptions_of(market, Scenario())
    assumed = judged.filter(pl.col("source_id") == "assumption").height
    used = pl.col("used") & (pl.col("known_from") <= market.as_of)
    figures = sum(market.tables[name].filter(used).height for name in ("revenues", "spend"))
    return assumed, market.tables["parameters"].height + figures
