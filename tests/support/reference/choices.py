"""Where a displaced dollar wants to go, and where it goes when options are taken away."""

import math

from support.reference.facts import IN_HOUSE, NOT_SPENT, Amounts, Facts
from support.reference.vendors import drift, run_rate


def choice_of(facts: Facts, value: Amounts, spend: float, customer: str) -> Amounts:
    """Return where a displaced dollar of this customer wants to go; empty when there is nowhere."""
    in_house, not_spent = value["built_in_house"], value["not_spent"]
    if facts.form == "diversion_matrix":
        first = second_choices(facts, value, customer)
    elif facts.form == "fair_share":
        first = normalised({k: 0.0 if k in facts.excluded else run_rate(facts, value, k) for k in facts.rivals})
    else:
        first = first_choices(facts, value, spend, customer)
    if first:
        choice = {k: first[k] * (1 - in_house - not_spent) for k in facts.rivals}
        return choice | {IN_HOUSE: in_house, NOT_SPENT: not_spent}
    both = in_house + not_spent
    if both == 0:
        return {}
    return dict.fromkeys(facts.rivals, 0.0) | {IN_HOUSE: in_house / both, NOT_SPENT: not_spent / both}


def correlation(facts: Facts, value: Amounts) -> float:
    """Return rho: nests matter in the nested logit alone."""
    return value["nest_correlation"] if facts.form == "nested_logit" else 0.0


def second_choices(facts: Facts, value: Amounts, customer: str) -> Amounts:
    """Return the customer's row of the diversion matrix, or everybody's, without the excluded."""
    for whose in (customer, "*"):
        row = {k: value[f"diversion:{whose}:{k}"] for k in facts.rivals if f"diversion:{whose}:{k}" in value}
        if row:
            open_to = normalised({k: share for k, share in row.items() if k not in facts.excluded})
            return dict.fromkeys(facts.rivals, 0.0) | open_to if open_to else {}
    raise AssertionError(customer)


def first_choices(facts: Facts, value: Amounts, spend: float, customer: str) -> Amounts:
    wallet = {k: value.get(f"wallet:{customer}:{k}", 0.0) for k in facts.rivals}
    known, rates = sum(wallet.values()), sum(run_rate(facts, value, k) for k in facts.rivals)
    paid = max(known, spend * rates / value["incumbent_revenue"]) if value["incumbent_revenue"] > 0 else known
    preference = preference_of(facts, value, wallet, known / paid if paid > 0 else 0.0, customer)
    if not preference:
        return {}
    elsewhere, own = (paid, spend) if known > 0 else (rates, value["incumbent_revenue"])
    total = own + elsewhere
    if own == 0:
        return preference  # Nothing can be displaced, so it does not matter.
    incumbent_share, rivals_share = own / total, elsewhere / total
    share = {k: rivals_share * preference[k] for k in facts.rivals}
    rho, nest = correlation(facts, value), facts.nest
    if rivals_share == 0:
        # The limit of the removal as the rivals' shares vanish: the incumbent's nest takes everything.
        near = {k: preference[k] if nest[k] == nest[facts.incumbent] else 0.0 for k in facts.rivals}
        return normalised(near) if rho > 0 and sum(near.values()) > 0 else preference
    return normalised(removal(share | {facts.incumbent: incumbent_share}, 0.0, {facts.incumbent}, nest, rho)[0])


def preference_of(facts: Facts, value: Amounts, wallet: Amounts, part_known: float, customer: str) -> Amounts:
    attraction, known = {}, {}
    for k in facts.rivals:
        shut = k in facts.excluded
        needs = facts.needs[customer]
        match = len(needs & facts.offers[k]) / len(needs) if needs else 0.0
        score = value["neutrality"] * facts.conflict[customer] * facts.independent[k] + value["fit"] * match
        score += value["momentum_spread"] * value[f"momentum:{k}"]
        score += value["growth_pull"] * drift(facts, value, k)
        attraction[k] = 0.0 if shut else value[f"revenue:{k}"] ** value["size_pull"] * math.exp(score)
        known[k] = 0.0 if shut else wallet[k]
    attraction, known = normalised(attraction), normalised(known)
    weight = value["loyalty"] * part_known if known else 0.0
    mixed = {k: (1 - weight) * attraction.get(k, 0.0) + weight * known.get(k, 0.0) for k in facts.rivals}
    return normalised(mixed)


def normalised(amounts: Amounts) -> Amounts:
    """Return amounts scaled to a total of 1; empty when there is nothing to scale."""
    total = sum(amounts.values())
    return {key: amount / total for key, amount in amounts.items()} if total > 0 else {}


def removal(
    share: Amounts, outside: float, removed: set[str], nest: dict[str, str], rho: float
) -> tuple[Amounts, float]:
    """Return the diversion from the removed options to each one left, and to the outside.

    The closed form of the nested logit: shares before in, diversion ratios out.
    """
    size: Amounts = {}
    kept: Amounts = {}
    for k, s in share.items():
        size[nest[k]] = size.get(nest[k], 0.0) + s
        kept[nest[k]] = kept.get(nest[k], 0.0) + (0.0 if k in removed else s)
    # 1 - w of the method, from what is kept: the difference would lose every digit of a nest almost emptied.
    remaining = {g: kept[g] / size[g] if size[g] > 0 else 1.0 for g in size}
    denominator = outside + sum(size[g] * remaining[g] ** (1 - rho) for g in size)
    gone = sum(share[k] for k in removed)
    diverted = {}
    for k, s in share.items():
        if k not in removed:
            after = s * remaining[nest[k]] ** -rho / denominator if s > 0 else 0.0
            diverted[k] = (after - s) / gone
    return diverted, (outside / denominator - outside) / gone
