"""How much of a difference each input explains: one at a time from either end, and the rest as interaction.

Changing one input at a time from the reference gives the first-order effects of a finite change, putting one at a
time back from the scenario the total effects (Borgonovo 2010, European Journal of Operational Research 200); they
differ by what acts only together with other inputs. On common draws the parts add up to the whole in every draw, not
only on average.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.alike import alike_scenarios
from shareshift.results.compare.inputs import group_label
from shareshift.results.compare.outcome import Outcome, run_outcome
from shareshift.results.compare.settings import changes_between, grouped, on_the_way
from shareshift.results.counting.statistics import summarise
from shareshift.results.rows import columns, headed
from shareshift.scenario.scenario import Scenario

Progress = Callable[[float], None]
INTERACTION, WHOLE = "interaction", "whole"
WAYS = ("one_at_a_time", "put_back")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the difference in every draw; both arrays are (measures, draws + 1), in each measure's unit.

    `one_at_a_time` is what setting the input alone as the scenario has it adds to the reference; `put_back` what is
    lost when the input alone is put back in the scenario.
    """

    part: str
    input_id: str | None
    label: str
    one_at_a_time: Floats = field(repr=False)
    put_back: Floats = field(repr=False)


def explain(
    market: Market,
    scenarios: Sequence[Scenario],
    held: Draws,
    which: Sequence[int] | None = None,
    progress: Progress = lambda _: None,
) -> pl.DataFrame:
    """Return how much of the differences to the first scenario each input explains; see `explained_frame`.

    `scenarios` are those of the comparison, as all of them decide over the months in common; `which` of them, by
    position, or all but the first. `progress` hears the share done. Raises `ScenarioError` as `compare` does.
    """
    alike = alike_scenarios(market, scenarios)
    chosen = range(1, len(scenarios)) if which is None else which
    reference = run_outcome(market, alike.scenarios[0], held)
    frames = []
    for done, number in enumerate(chosen):
        ends = (alike.scenarios[0], alike.scenarios[number])
        outcomes = (reference, run_outcome(market, ends[1], held))
        parts = parts_of(market, ends, outcomes, held, partial(_tell, progress, done, len(chosen)))
        frame = explained_frame(reference, parts, held.scramblings)
        frames.append(headed(frame, scenario=alike.titles[number], reference=alike.titles[0]))
    return pl.concat(frames)


def parts_of(
    market: Market,
    ends: tuple[Scenario, Scenario],
    outcomes: tuple[Outcome, Outcome],
    held: Draws,
    progress: Progress = lambda _: None,
) -> Iterator[Part]:
    """Yield the part of every input, then the interaction, then the whole difference of scenario less reference.

    `ends` are the reference and the scenario, over the same months, and `outcomes` what they came to on `held`.
    Two runs per input, or per kind of input where more than twelve differ; `progress` hears the share done.
    """
    reference, scenario = ends
    whole = outcomes[1].values - outcomes[0].values
    groups = grouped(market, changes_between(market, reference, scenario))
    rest = [whole.copy(), whole.copy()]
    # All runs from one end come before those from the other, so that neighbours differ in few inputs.
    alone = []
    for position, group in enumerate(groups):
        moved = run_outcome(market, on_the_way(market, reference, scenario, group.changes), held)
        alone.append(moved.values - outcomes[0].values)
        progress((position + 1) / (2 * len(groups)))
    for position, group in enumerate(groups):
        kept = run_outcome(market, on_the_way(market, scenario, reference, group.changes), held)
        back = outcomes[1].values - kept.values
        progress((len(groups) + position + 1) / (2 * len(groups)))
        rest[0] -= alone[position]
        rest[1] -= back
        yield Part(
            part="input",
            input_id=group.group_id,
            label=group_label(market, group),
            one_at_a_time=alone[position],
            put_back=back,
        )
    together = "Interaction"
    yield Part(part=INTERACTION, input_id=None, label=together, one_at_a_time=rest[0], put_back=rest[1])
    yield Part(part=WHOLE, input_id=None, label="Whole difference", one_at_a_time=whole, put_back=whole)


def explained_frame(outcome: Outcome, parts: Iterable[Part], scramblings: int) -> pl.DataFrame:
    """Return one row per measure, vendor and part, with the statistics of both ways.

    In the column `part` stands input, interaction or whole; inputs and interaction add up to the whole, in means
    as in every draw. The columns are `mean_one_at_a_time`, `mean_put_back` and so on, in the row's unit.
    """
    frames = []
    for part in parts:
        words = [pl.lit(getattr(part, name), pl.String).alias(name) for name in ("part", "input_id", "label")]
        found = dict(outcome.keys)
        for way in WAYS:
            found |= columns(summarise(getattr(part, way), scramblings), f"{{}}_{way}")
        frames.append(pl.DataFrame(found).select(*outcome.keys, *words, pl.exclude(*outcome.keys)))
    order = pl.int_range(pl.len()).mod(len(outcome.measures)).alias("order")
    return pl.concat(frames).with_columns(order).sort("order", maintain_order=True).drop("order")


def _tell(progress: Progress, done: int, of: int, share: float) -> None:
    progress((done + share) / of)
