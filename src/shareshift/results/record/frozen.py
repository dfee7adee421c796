"""A projection frozen as a file: what it says of every figure that may ever be published, and a digest of it all.

Nobody can know which figures will come, so it holds percentiles of each vendor's run rate, share and part of the
displaced money, and each customer's chance to have begun to leave, for every month. It is scored from the file alone.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

import numpy as np

from shareshift.basics.months import months_from
from shareshift.model.run import Run
from shareshift.results.record.outcomes import MEASURES, Outcome, Scope, measured, scope_of
from shareshift.results.record.score import billed

# Percentiles that a frozen projection holds; scores take what lies between them as a straight line.
LEVELS = (1, 2.5, *range(5, 100, 5), 97.5, 99)
ENDING = ".frozen.json"
DIGITS = 6
# A metric, a vendor or a customer, and the number of a month from 0.
Key = tuple[str, str, int]


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """What was said, when, and by what: `figures` has percentiles at `LEVELS`, or one chance for an exit.

    `frozen_on` is the day on which the file was made; whatever was known by then is no test of it.
    """

    market: str
    market_digest: str
    title: str
    scenario: str
    draws: int
    seed: int
    version: str
    as_of: date
    frozen_on: date
    start: date
    months: int
    vendors: tuple[str, ...]
    customers: tuple[str, ...]
    figures: Mapping[Key, tuple[float, ...]] = field(repr=False)

    @property
    def scope(self) -> Scope:
        """What it speaks of, and the day up to which it may have known what came."""
        made_on = max(self.as_of, self.frozen_on)
        return Scope(
            start=self.start, months=self.months, made_on=made_on, vendors=self.vendors, customers=self.customers
        )

    @property
    def content(self) -> dict[str, Any]:
        """All of it but the digest, as JSON has it; the last day of each month is when its figures are due."""
        words = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "figures"}
        plain = {name: str(value) if isinstance(value, date) else value for name, value in words.items()}
        rows = [[*key, *values] for key, values in self.figures.items()]
        return {**plain, "levels": list(LEVELS), "due": list(map(str, self.due)), "figures": rows}

    @property
    def due(self) -> list[date]:
        """The last day of each month."""
        following = months_from(self.start, self.months + 1)[1:]
        return [month - timedelta(days=1) for month in following]

    @property
    def digest(self) -> str:
        """A hash of all that it says."""
        return digest_of(json.loads(json.dumps(self.content)))

    @property
    def name(self) -> str:
        """The name of its file, which holds the beginning of its digest."""
        return f"{self.as_of}-{self.market}-{self.digest[:12]}{ENDING}"


def freeze(run: Run, frozen_on: date) -> Frozen:
    """Return a run's projection as it is to be frozen on a day."""
    scope = scope_of(run)
    return Frozen(
        market=run.market.market_id,
        market_digest=run.market.digest,
        title=run.scenario.title,
        scenario=run.scenario.to_toml(),
        draws=run.draws,
        seed=run.seed,
        version=run.version,
        as_of=run.market.as_of,
        frozen_on=frozen_on,
        start=scope.start,
        months=scope.months,
        vendors=scope.vendors,
        customers=scope.customers,
        figures=dict(_figures(run)),
    )


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the hash of what a frozen projection says, as it was read from JSON."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _figures(run: Run) -> Iterator[tuple[Key, tuple[float, ...]]]:
    ends_of_months = [month - timedelta(days=1) for month in months_from(run.months[0], len(run.months) + 1)[1:]]
    for month, day in enumerate(ends_of_months):
        for metric in MEASURES:
            for one in _about(run, metric):
                vendor, customer = ("", one) if metric == "exit" else (one, "")
                of = Outcome(
                    outcome_id="", vendor_id=vendor, customer_id=customer, metric=metric, period_end=day, title="",
                    conflict="", month=month,
                )  # fmt: skip
                draws = measured(run, of, billed(run, of))
                ends = [draws.mean()] if metric == "exit" else np.percentile(draws, LEVELS)
                yield (metric, one, month), tuple(float(f"{end:.{DIGITS}g}") for end in ends)


def _about(run: Run, metric: str) -> tuple[str, ...]:
    whole = {"exit": run.inputs.customers, "part_of_movers": run.inputs.rivals}
    return whole.get(metric, run.vendors)
