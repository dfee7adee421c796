"""Every answer, table by table and sentence by sentence, changes only on purpose.

A table is held by one number per column, to which every cell adds by its place: enough to see that a cell changed, and
the same on every processor. The sentences are held word by word.

To accept new answers: run with --accept-golden, read the difference, commit it with the reason, and run again.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from shareshift.export.bundle.contents import bundle_tables
from shareshift.market.market import Market, read_market
from shareshift.model.draws.streams import Draws
from shareshift.results import sentences as words
from shareshift.results.claims.answer import ClaimsAnswer, claims_answer
from shareshift.results.compare.answer import Comparison, compare
from shareshift.results.compare.explaining import explain
from shareshift.results.compare.forms import FormsSpread, forms_spread
from shareshift.results.labels import unmet_words
from shareshift.results.overview import incumbent_months, leaders_of
from shareshift.results.projection import Projection, project
from shareshift.results.record import sentences as record_words
from shareshift.results.record.score import Score, score_run
from shareshift.scenario.scenario import Scenario, read_scenarios
from shareshift.ui.claims import sentences as claims_words
from shareshift.ui.claims.tested import cards_of
from shareshift.ui.claims.words import titles_of
from shareshift.ui.compare import sentences as compare_words
from shareshift.ui.money import capacity_sentences, forms_sentences
from support.places import BUNDLED, GOLDEN, TINY

FOLDERS = {path.name: path for path in (TINY, BUNDLED)}
SCENARIOS = {TINY.name: ("baseline", "exodus"), BUNDLED.name: ("baseline", "full_exodus", "rivals_hit_capacity")}
DRAWS, SEED, SCORED_ON = 256, 0, date(2026, 6, 30)
# Below this a number counts for little: rounding differs by processor, and so does the error of what does not vary.
SMALL, NEAR = 1e-3, 1e-4

Row = tuple[str, str, int, str]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Everything that a market is asked."""

    run: Projection
    claims: ClaimsAnswer
    compared: Comparison
    explained: pl.DataFrame
    forms: FormsSpread
    score: Score

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        return {
            **bundle_tables(self.run),
            "leaders": leaders_of(self.run),
            **self.claims.tables,
            **self.compared.tables,
            "compare_explained": self.explained,
            **self.forms.tables,
            **self.score.tables,
        }


@cache
def answers(name: str) -> Answers:
    market, held = read_market(FOLDERS[name]), Draws(DRAWS, SEED)
    own = read_scenarios(FOLDERS[name], market)
    scenarios = [own[scenario] for scenario in SCENARIOS[name]]
    run = project(market, Scenario(), DRAWS, SEED, held=held)
    return Answers(
        run=run,
        claims=claims_answer(run, held),
        compared=compare(market, scenarios, held),
        explained=explain(market, scenarios, held),
        forms=forms_spread(market, Scenario(), held),
        score=score_run(run, SCORED_ON),
    )


def mark_of(column: pl.Series) -> str:
    """Return what holds a column: numbers by size and place, everything else by its very words."""
    if not column.dtype.is_float():
        said = "\n".join(str(cell) for cell in column.to_list())
        return hashlib.sha256(said.encode()).hexdigest()[:16]
    numbers = np.nan_to_num(column.fill_null(-1e12).to_numpy(), nan=-1e13, posinf=1e20, neginf=-1e20)
    sizes = np.sign(numbers) * np.log10(1 + np.abs(numbers) / SMALL)
    return f"{sizes @ (1 + np.arange(1, len(sizes) + 1) / len(sizes)):.6f}" if len(sizes) else "0"


def rows_of(tables: Mapping[str, pl.DataFrame]) -> list[Row]:
    return [
        (table, column, frame.height, mark_of(frame[column]))
        for table, frame in tables.items()
        for column in frame.columns
    ]


def told(name: str) -> Iterator[str]:
    """Yield every sentence of every page, one a line."""
    found = answers(name)
    yield from _of_money(found.run)
    yield from _of_claims(found.claims)
    yield from _of_compared(found, found.run.market)
    gains = found.forms.ranked()
    yield from (forms_sentences.forms_finding(gains, found.run.market.names), *found.forms.skipped)
    yield forms_sentences.forms_note(gains, found.run.market.names)
    yield from (record_words.score_sentence(found.score), record_words.record_line(found.score))
    yield record_words.misses_sentence(found.score, found.run.market.names)


def _of_money(run: Projection) -> Iterator[str]:
    market, names = run.market, run.market.names
    yield words.lead_sentences(run.summary, run.gains, market, run.months)
    for figure in words.five_figures(run.summary, run.gains, leaders_of(run), market):
        yield f"{figure.label}: {figure.value} ({figure.interval}), {figure.note}"
    yield words.incumbent_finding(incumbent_months(run), names[market.incumbent])
    yield words.shares_finding(run.shares, names)
    yield words.gains_finding(run.gains)
    yield words.ribbons_finding(run.flows_to_date(run.months[-1]), names)
    yield words.concentration_sentence(run.concentration, market)
    yield words.contradiction_warning(run.summary) or "No warning."
    yield capacity_sentences.rooms_finding(run.capacity, names)
    yield capacity_sentences.rooms_note(run.capacity, run.spill, names, unmet_words(market))
    yield capacity_sentences.worth_sentence(run.capacity, names, run.months[-1]) or "Nothing is worth anything."


def _of_claims(found: ClaimsAnswer) -> Iterator[str]:
    names, cards = found.run.market.names, cards_of(found.claims)
    titles = titles_of(cards, names)
    yield claims_words.lead(cards, found.oversubscription, names)
    yield from (f"{head} {text}" for head, text in claims_words.programme_sentences(found.programme, titles))
    yield from claims_words.contradiction_sentences(found.contradictions, titles)
    yield claims_words.stack_finding(found.oversubscription)
    yield from claims_words.left_out_sentences(found.claimed_stack, titles)
    yield claims_words.odds_finding(cards)
    yield claims_words.posterior_finding(found.posterior, names[found.run.market.incumbent])
    yield claims_words.inputs_sentence(found.inputs_moved, "If these claims are believed")
    yield from found.remarks
    for row in found.claims.iter_rows(named=True):
        part, share = row["probability"], row["needed_capture_share"]
        needs = "nothing named" if share is None else f"{share:.4g} of the pool"
        chance = "is not tested" if part is None else f"holds in {part:.4f}"
        yield f"{row['claim_id']}/{row['reading']}: {chance}, needs {needs}, stopped by {row['stopped_by']}"


def _of_compared(found: Answers, market: Market) -> Iterator[str]:
    compared, names = found.compared, market.names
    yield compare_words.lead(compared, market.incumbent, names)
    yield compare_words.figures_finding(compared)
    yield compare_words.gains_finding(compared, market.incumbent, names)
    yield compare_words.paths_finding(compared, market.incumbent, names)
    for title in compared.titles[1:]:
        ranks, orders = (frame.filter(scenario=title) for frame in (compared.ranks, compared.orders))
        yield compare_words.ranks_finding(ranks, names)
        yield from compare_words.flip_sentences(orders, names, (compared.titles[0], title))
        yield compare_words.inputs_finding(compared.inputs.filter(scenario=title), title)


@pytest.mark.parametrize("name", FOLDERS)
def test_every_table_of_every_answer_is_the_accepted_one(name: str, request: pytest.FixtureRequest) -> None:
    found = pl.DataFrame(rows_of(answers(name).tables), schema=["table", "column", "rows", "mark"], orient="row")
    accepted = accepted_text(f"{name}.answers.csv", found.write_csv(), request)
    expected = pl.read_csv(StringIO(accepted), schema=found.schema)
    assert found.drop("mark").rows() == expected.drop("mark").rows()
    changed = [
        f"{mine[0]}.{mine[1]}: {mine[3]}, accepted {theirs[3]}"
        for mine, theirs in zip(found.rows(), expected.rows(), strict=True)
        if mine[3] != theirs[3] and not _near(mine[3], theirs[3])
    ]
    assert changed == []


@pytest.mark.parametrize("name", FOLDERS)
def test_every_sentence_is_the_accepted_one(name: str, request: pytest.FixtureRequest) -> None:
    found = [" ".join(sentence.split()) for sentence in told(name)]
    assert found == accepted_text(f"{name}.sentences.txt", "\n".join([*found, ""]), request).splitlines()


def accepted_text(file: str, now: str, request: pytest.FixtureRequest) -> str:
    path: Path = GOLDEN / file
    if request.config.getoption("--accept-golden"):
        path.write_text(now, encoding="utf-8", newline="\n")
        pytest.fail("golden answers rewritten; read the diff and run again", pytrace=False)
    assert path.exists(), f"{path.name} is missing; run with --accept-golden, read it and commit it"
    return path.read_text("utf-8")


def _near(mine: str, theirs: str) -> bool:
    try:
        return abs(float(mine) - float(theirs)) <= NEAR
    except ValueError:
        return False


@pytest.mark.parametrize("change", [1.001, -1.0])
def test_a_single_changed_cell_is_seen(change: float) -> None:
    values = [1e9, 0.25, 0.0, 3e5] * 50
    for at in (0, 1, 3, 199):
        other = [value * change if place == at else value for place, value in enumerate(values)]
        assert not _near(mark_of(pl.Series(values)), mark_of(pl.Series(other)))
    assert not _near(mark_of(pl.Series(values)), mark_of(pl.Series([*values[1:], values[0]])))
    assert _near(mark_of(pl.Series([value * (1 + 1e-12) + 1e-13 for value in values])), mark_of(pl.Series(values)))
