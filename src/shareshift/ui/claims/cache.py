"""What the claims come to, kept between reruns: frames only, one run at most per rerun, and that run let go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl
import streamlit as st

from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.results.claims.answer import ClaimsAnswer, claims_answer
from shareshift.results.claims.believing import FEW_DRAWS, as_if_true
from shareshift.results.claims.claim import Key
from shareshift.results.claims.credibility import default_beliefs
from shareshift.results.claims.inputs_moved import inputs_moved_table
from shareshift.results.claims.measuring import measure_claims
from shareshift.results.claims.targets import claim_chances, find_targets
from shareshift.results.claims.targets_table import targets_table
from shareshift.results.claims.verdicts import verdicts
from shareshift.results.projection import Projection, project
from shareshift.results.targets import Scan
from shareshift.scenario.scenario import Scenario
from shareshift.ui.shell.cache import Key as RunKey
from shareshift.ui.shell.cache import session_draws

Beliefs = tuple[tuple[str, str, float], ...]


@dataclass(frozen=True, kw_only=True)
class Tested:
    """The claims against one scenario; `defaults` is how far each is believed unless the reader says otherwise."""

    scenario: str
    claims: pl.DataFrame
    distributions: pl.DataFrame
    oversubscription: pl.DataFrame
    stack: pl.DataFrame
    programme: pl.DataFrame
    contradictions: pl.DataFrame
    verdicts: pl.DataFrame
    defaults: Mapping[Key, float]
    left_out: Mapping[Key, str]


@dataclass(frozen=True, kw_only=True)
class Believed:
    """What believing came to."""

    beliefs: pl.DataFrame
    posterior: pl.DataFrame
    inputs_moved: pl.DataFrame
    believed: Mapping[Key, float]
    refused: Mapping[Key, str]
    conflict: str | None
    effective_draws: float
    draws: int

    @property
    def few_draws(self) -> bool:
        """Whether so few draws carry the posterior that it should not be read closely."""
        return self.effective_draws < FEW_DRAWS * self.draws


class Asked:
    """One scenario of the page for the length of one rerun; it runs when something asks that is not kept."""

    def __init__(self, market: Market, scenario: Scenario) -> None:
        """Take the reader's own draws; nothing runs yet."""
        self.market, self.scenario, self.held = market, scenario, session_draws()

    @property
    def key(self) -> RunKey:
        """What decides over every number of the run."""
        return self.market.digest, self.market.as_of, self.scenario.key, self.held.count, self.held.seed

    @cached_property
    def run(self) -> Projection:
        """The whole run; its arrays are large, so it lives no longer than this rerun."""
        return project(self.market, self.scenario, self.held.count, self.held.seed, held=self.held)

    def answer(self, beliefs: Beliefs | None) -> ClaimsAnswer:
        """Return the answer of the engine; None believes what the grades say."""
        chosen = None if beliefs is None else {(claim, reading): value for claim, reading, value in beliefs}
        return claims_answer(self.run, self.held, chosen)

    def table(self, name: str, beliefs: Beliefs | None) -> bytes:
        """Return one file of the answer, as `shareshift claims` writes it."""
        return write_csv(self.answer(beliefs).tables[name])


def tested(asked: Asked) -> Tested:
    """Return the claims against a scenario; raises `ClaimError` for claims that mix measures."""
    return _tested(asked, asked.key)


@st.cache_resource(show_spinner=False, max_entries=32)
def _tested(_asked: Asked, key: RunKey) -> Tested:  # noqa: ARG001
    answer = _asked.answer(())
    defaults, left_out = default_beliefs(answer.measured)
    outcomes = _asked.market.tables["outcomes"]
    return Tested(
        scenario=_asked.scenario.title,
        claims=answer.claims,
        distributions=answer.claim_distributions,
        oversubscription=answer.oversubscription,
        stack=answer.claimed_stack,
        programme=answer.programme,
        contradictions=answer.contradictions,
        verdicts=verdicts(answer.measured, outcomes, _asked.market.as_of, date.today()),
        defaults=defaults,
        left_out=left_out,
    )


def believed(asked: Asked, beliefs: Beliefs | None) -> Believed:
    """Return prior and posterior under the reader's credibilities, or under those of the grades."""
    return _believed(asked, asked.key, beliefs)


@st.cache_resource(show_spinner=False, max_entries=32)
def _believed(_asked: Asked, key: RunKey, beliefs: Beliefs | None) -> Believed:  # noqa: ARG001
    answer = _asked.answer(beliefs)
    return Believed(
        beliefs=answer.beliefs,
        posterior=answer.posterior,
        inputs_moved=answer.inputs_moved,
        believed=answer.belief.believed,
        refused=answer.belief.refused,
        conflict=answer.belief.conflict,
        effective_draws=answer.belief.effective_draws,
        draws=answer.run.draws,
    )


def inputs_for(asked: Asked, claim: Key) -> pl.DataFrame:
    """Return what the inputs would have to be for one claim to hold, or for the draws that come nearest to it."""
    return _inputs_for(asked, asked.key, *claim)


@st.cache_resource(show_spinner=False, max_entries=64)
def _inputs_for(_asked: Asked, key: RunKey, claim_id: str, reading: str) -> pl.DataFrame:  # noqa: ARG001
    measured = next(item for item in measure_claims(_asked.run) if item.claim.key == (claim_id, reading))
    return inputs_moved_table(_asked.run, as_if_true(measured), _asked.held)


def even_odds(asked: Asked, claim: Key) -> pl.DataFrame:
    """Return what every slider in view can do for one claim; about fifty small runs, the scan kept for the next."""
    return _even_odds(asked, asked.key, *claim)


@st.cache_resource(show_spinner=False, max_entries=64)
def _even_odds(_asked: Asked, key: RunKey, claim_id: str, reading: str) -> pl.DataFrame:
    kept = st.session_state.get("claims-scan")
    if kept is None or kept[0] != key:
        kept = st.session_state["claims-scan"] = (key, Scan(_asked.market, _asked.scenario, claim_chances))
    found = find_targets(kept[1], (claim_id, reading))
    return targets_table(_asked.market, _asked.scenario, found)
