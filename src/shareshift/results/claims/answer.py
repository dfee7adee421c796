"""Do the claims add up? Every frame of the answer from one run, for the command line and the page alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from shareshift.basics.formats import percent
from shareshift.model.draws.streams import Draws
from shareshift.results.claims.believing import Belief, believe
from shareshift.results.claims.claim import Key, Measured
from shareshift.results.claims.claims_table import claims_table, distributions_table
from shareshift.results.claims.credibility import contradictions_table, default_beliefs
from shareshift.results.claims.inputs_moved import inputs_moved_table
from shareshift.results.claims.measuring import measure_claims
from shareshift.results.claims.posterior import beliefs_table, posterior_table
from shareshift.results.claims.programme import programme_table
from shareshift.results.claims.reaching import reach_words
from shareshift.results.claims.subscription import Subscription, subscriptions
from shareshift.results.claims.subscription_tables import oversubscription_bins, oversubscription_table, stack_table
from shareshift.results.projection import Projection


def _table(make: "Callable[[ClaimsAnswer], pl.DataFrame]") -> cached_property[pl.DataFrame]:
    return cached_property(make)


@dataclass(frozen=True, kw_only=True)
class ClaimsAnswer:
    """What a run says of the claims; every table is computed when it is first asked for."""

    run: Projection = field(repr=False)
    measured: tuple[Measured, ...] = field(repr=False)
    subscribed: tuple[Subscription, ...] = field(repr=False)
    belief: Belief
    left_out: Mapping[Key, str]
    held: Draws | None = field(default=None, repr=False)

    claims = _table(lambda answer: claims_table(answer.run, answer.measured))
    claim_distributions = _table(lambda answer: distributions_table(answer.run, answer.measured))
    oversubscription = _table(lambda answer: oversubscription_table(answer.run, answer.subscribed))
    oversubscription_bins = _table(lambda answer: oversubscription_bins(answer.run, answer.subscribed))
    claimed_stack = _table(lambda answer: stack_table(answer.run, answer.subscribed))
    programme = _table(lambda answer: programme_table(answer.run, answer.subscribed, answer.measured))
    contradictions = _table(lambda answer: contradictions_table(answer.run, answer.measured))
    beliefs = _table(lambda answer: beliefs_table(answer.run, answer.measured, answer.belief, answer.left_out))
    posterior = _table(lambda answer: posterior_table(answer.run, answer.belief))
    inputs_moved = _table(lambda answer: inputs_moved_table(answer.run, answer.belief, answer.held))

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table by the name of its file."""
        names = [name for name, part in vars(ClaimsAnswer).items() if isinstance(part, cached_property)]
        return {name: getattr(self, name) for name in names}

    @property
    def remarks(self) -> list[str]:
        """What a reader must know: claims that fail everywhere, refusals, a conflict, how many draws carry the rest."""
        belief = self.belief
        failing = {item.claim.key: words for item in self.measured if (words := reach_words(item))}
        sentences = [f"{'/'.join(key)}: {why}" for key, why in {**belief.refused, **failing}.items()]
        if belief.conflict:
            return [*sentences, belief.conflict]
        share = percent(belief.effective_share)
        carried = f"believing leaves {belief.effective_draws:,.0f} effective simulations, {share}"
        warning = ", too few to read the posterior closely" if belief.few_draws else ""
        return [*sentences, carried + warning]


def claims_answer(
    run: Projection, held: Draws | None = None, credibilities: Mapping[Key, float] | None = None
) -> ClaimsAnswer:
    """Answer for one run; believes `credibilities`, or by default what `default_beliefs` says.

    `held` are the draws of the run, to spare drawing the inputs again. Raises `ClaimError` for a claim that mixes
    measures and for credibilities that are none.
    """
    measured = measure_claims(run)
    default, left_out = default_beliefs(measured)
    chosen = default if credibilities is None else credibilities
    return ClaimsAnswer(
        run=run,
        measured=measured,
        subscribed=subscriptions(measured),
        belief=believe(measured, chosen, run.draws),
        left_out=left_out if credibilities is None else {},
        held=held,
    )
