"""Do the claims add up? Every frame of the answer from one run, for the command line and the page alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from shareshift.basics.formats import percent
from shareshift.model.draws.streams import Draws
from shareshift.results.claims.believing import Belief, believe
from shareshift.results.claims.claim import Measured
from shareshift.results.claims.credibility import Key, contradictions, default_beliefs
from shareshift.results.claims.inputs_moved import inputs_moved_table
from shareshift.results.claims.measuring import measure_claims
from shareshift.results.claims.posterior import beliefs_table, posterior_table
from shareshift.results.claims.programme import programme_table
from shareshift.results.claims.subscription import Subscription, subscriptions
from shareshift.results.claims.subscription_tables import oversubscription_bins, oversubscription_table, stack_table
from shareshift.results.claims.tables import claims_table, distributions_table
from shareshift.results.projection import Projection


@dataclass(frozen=True, kw_only=True)
class ClaimsAnswer:
    """What a run says of the claims; every frame is reckoned when it is first asked for."""

    run: Projection = field(repr=False)
    measured: tuple[Measured, ...] = field(repr=False)
    subscribed: tuple[Subscription, ...] = field(repr=False)
    belief: Belief
    left_out: Mapping[Key, str]
    held: Draws | None = field(default=None, repr=False)

    @cached_property
    def claims(self) -> pl.DataFrame:
        """One row per claim and reading; see `claims_table`."""
        return claims_table(self.run, self.measured)

    @cached_property
    def claim_distributions(self) -> pl.DataFrame:
        """One row per claim, reading and bin; see `distributions_table`."""
        return distributions_table(self.run, self.measured)

    @cached_property
    def oversubscription(self) -> pl.DataFrame:
        """One row per basis and deadline; see `oversubscription_table`."""
        return oversubscription_table(self.run, self.subscribed)

    @cached_property
    def oversubscription_bins(self) -> pl.DataFrame:
        """One row per basis, deadline and bin; see `oversubscription_bins`."""
        return oversubscription_bins(self.run, self.subscribed)

    @cached_property
    def claimed_stack(self) -> pl.DataFrame:
        """One row per basis, deadline and claim; see `stack_table`."""
        return stack_table(self.run, self.subscribed)

    @cached_property
    def programme(self) -> pl.DataFrame:
        """One row per basis, deadline and level; see `programme_table`."""
        return programme_table(self.run, self.subscribed, self.measured)

    @cached_property
    def contradictions(self) -> pl.DataFrame:
        """One row per pair of readings that no state of the world makes true together."""
        pairs = contradictions(item.claim for item in self.measured)
        rows = [
            (self.run.scenario.title, one.metric, one.vendor_id, one.customer_id, *one.key, *other.key)
            for one, other in pairs
        ]
        names = ("scenario", "metric", "vendor_id", "customer_id", "claim_id", "reading", "against", "against_reading")
        return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row")

    @cached_property
    def beliefs(self) -> pl.DataFrame:
        """One row per claim and reading: how it was treated, and `why`."""
        frame = beliefs_table(self.run, self.measured, self.belief)
        reasons = [self.left_out.get(key) for key in frame.select("claim_id", "reading").iter_rows()]
        return frame.with_columns(pl.coalesce("why", pl.Series(reasons, dtype=pl.String())).alias("why"))

    @cached_property
    def posterior(self) -> pl.DataFrame:
        """One row per headline figure, before and after; see `posterior_table`."""
        return posterior_table(self.run, self.belief)

    @cached_property
    def inputs_moved(self) -> pl.DataFrame:
        """One row per uncertain input, the most moved first; see `inputs_moved_table`."""
        return inputs_moved_table(self.run, self.belief, self.held)

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table by the name of its file."""
        names = (
            "claims", "claim_distributions", "oversubscription", "oversubscription_bins", "claimed_stack", "programme",
            "contradictions", "beliefs", "posterior", "inputs_moved",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    @property
    def remarks(self) -> list[str]:
        """What a reader must know of the believing: refusals, a conflict, and how many draws carry the posterior."""
        belief = self.belief
        sentences = [f"{'/'.join(key)}: {why}" for key, why in belief.refused.items()]
        if belief.conflict:
            return [*sentences, belief.conflict]
        carried = f"believing leaves {belief.effective_draws:,.0f} effective draws, {percent(belief.effective_share)}"
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
