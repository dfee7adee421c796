"""Where a displaced dollar wants to go, and where it goes when options are taken away."""

import math

import numpy as np

from support.reference.facts import IN_HOUSE, NOT_SPENT, Amounts, Facts
from support.reference.vendors import drift, run_rate


def choice_of(facts: Facts, value: Amounts, preference: Amounts, shares: Amounts) -> Amounts:
    """Return where a displaced dollar of this customer wants to go; empty when there is nowhere."""
    in_house, not_spent = value["built_in_house"], value["not_spent"]
    first = first_choices(facts, value, preference, shares)
    if first:
        choice = {k: first[k] * (1 - in_house - not_spent) for k in facts.rivals}
        choice |= {IN_HOUSE: in_house, NOT_SPENT: not_spent}
    else:
        both = in_house + not_spent
        if both == 0:
            return {}
        choice = dict.fromkeys(facts.rivals, 0.0) | {IN_HOUSE: in_house / both, NOT_SPENT: not_spent / both}
    money = sum(choice[k] for k in facts.excluded)
    if money == 0:
        return choice
    again = choose_again(facts, money, choice, shares, (set(), facts.excluded), correlation(facts, value))
    kept = {k: 0.0 if k in facts.excluded else share for k, share in choice.items()}
    return {k: share + again.get(k, 0.0) for k, share in kept.items()} if again or sum(kept.values()) else {}


def correlation(facts: Facts, value: Amounts) -> float:
    """Return rho: nests matter in the nested logit alone."""
    return value["nest_correlation"] if facts.form == "nested_logit" else 0.0


def shares_of(facts: Facts, value: Amounts, spend: float, customer: str) -> tuple[Amounts, Amounts]:
    """Return the customer's shares among rivals, empty where none attracts, and those among all vendors."""
    if facts.form == "diversion_matrix":
        for whose in (customer, "*"):
            row = {k: value[f"diversion:{whose}:{k}"] for k in facts.rivals if f"diversion:{whose}:{k}" in value}
            if row:
                shares = dict.fromkeys(facts.rivals, 0.0) | normalised(row)
                return normalised(row), shares | {facts.incumbent: 0.0}
        raise AssertionError(customer)
    wallet = {k: value.get(f"wallet:{customer}:{k}", 0.0) for k in facts.rivals}
    known, rates = sum(wallet.values()), sum(run_rate(facts, value, k) for k in facts.rivals)
    paid = max(known, spend * rates / value["incumbent_revenue"]) if value["incumbent_revenue"] > 0 else known
    if facts.form in {"fair_share", "equal_split"}:
        known = 0.0
        power = {"fair_share": 1, "equal_split": 0}[facts.form]
        served = {k: serving(facts, customer, k) for k in facts.rivals}
        sizes = {k: (run_rate(facts, value, k) * there) ** power for k, (_, there) in served.items()}
        preference = normalised({k: size if served[k][0] is not None else 0.0 for k, size in sizes.items()})
    else:
        preference = preference_of(facts, value, wallet, known / paid if paid > 0 else 0.0, customer)
    elsewhere, own = (paid, spend) if known > 0 else (rates, value["incumbent_revenue"])
    total = own + elsewhere
    part = own / total if total > 0 else 0.0
    return preference, {k: preference.get(k, 0.0) * (1 - part) for k in facts.rivals} | {facts.incumbent: part}


def first_choices(facts: Facts, value: Amounts, preference: Amounts, shares: Amounts) -> Amounts:
    rho, nest = correlation(facts, value), facts.nest
    if not preference or shares[facts.incumbent] == 0:
        return dict.fromkeys(facts.rivals, 0.0) | preference if preference else {}
    if shares[facts.incumbent] == 1:
        # The limit of the removal as the rivals' shares vanish: the incumbent's nest takes everything.
        near = {k: preference[k] if nest[k] == nest[facts.incumbent] else 0.0 for k in facts.rivals}
        return normalised(near) if rho > 0 and sum(near.values()) > 0 else preference
    return normalised(removal(shares, 0.0, {facts.incumbent}, facts.nest, correlation(facts, value))[0])


def choose_again(
    facts: Facts, money: float, choice: Amounts, shares: Amounts, full: tuple[set[str], set[str]], rho: float
) -> Amounts:
    """Return what money asks of the destinations not full, where it found those full that were not so before.

    `full` has the options that were full before and those that are now. Empty when none is open.
    """
    before, now = full
    if sum(share for k, share in choice.items() if k not in now) == 0:
        return {}
    options = {k: share for k, share in choice.items() if k != NOT_SPENT}
    diverted, outside = removal(options, choice[NOT_SPENT], now, facts.nest, rho)
    if rho > 0:
        earlier, later = best_left(facts, shares, before, rho), best_left(facts, shares, now, rho)
        gain = {k: max(later.get(k, 0.0) - earlier.get(k, 0.0), 0.0) for k in facts.rivals if k not in now}
        to_rivals = sum(diverted[k] for k in gain)
        if sum(gain.values()) > 0:
            diverted |= {k: to_rivals * part for k, part in normalised(gain).items()}
    return {k: money * ratio for k, ratio in (diverted | {NOT_SPENT: outside}).items()}


def best_left(facts: Facts, shares: Amounts, gone: set[str], rho: float) -> Amounts:
    """Return the part of the incumbent's buyers whose best rival is each one, were those gone not there.

    By thinning: with z from 0 to 1, what is gone counts z times. Six-point Gauss rule in the fourth root of z.
    """
    nest, incumbent = facts.nest, facts.incumbent
    size: Amounts = {}
    out: Amounts = {}
    for k, s in shares.items():
        size[nest[k]] = size.get(nest[k], 0.0) + s
        out[nest[k]] = out.get(nest[k], 0.0) + (s if k in gone or k == incumbent else 0.0)
    found = {k: 0.0 for k in facts.rivals if k not in gone and shares[k] > 0}
    points, weights = np.polynomial.legendre.leggauss(6)
    for y, weight in zip((points + 1) / 2, weights / 2, strict=True):
        z = float(y) ** 4
        theta = {g: ((s - out[g]) + out[g] * z) / s if s > 0 else 1.0 for g, s in size.items()}
        alpha = sum(s * theta[g] ** (1 - rho) for g, s in size.items())
        home = nest[incumbent]
        for k in found:
            part = (theta[home] * theta[nest[k]]) ** -rho / alpha**2
            if nest[k] == home:
                part += rho / (1 - rho) * theta[home] ** (-1 - rho) / (size[home] * alpha)
            found[k] += float(weight) * 4 * float(y) ** 3 * shares[k] * part
    return normalised(found)


def preference_of(facts: Facts, value: Amounts, wallet: Amounts, part_known: float, customer: str) -> Amounts:
    attraction, known = {}, {}
    for k in facts.rivals:
        part, there = serving(facts, customer, k)
        score = value["neutrality"] * facts.conflict[customer] * facts.independent[k] + value["fit"] * (part or 0.0)
        score += value["momentum_spread"] * value[f"momentum:{k}"]
        score += value["growth_pull"] * drift(facts, value, k)
        attraction[k] = (value[f"revenue:{k}"] * there) ** value["size_pull"] * math.exp(score)
        if part is None:
            attraction[k] = 0.0
        known[k] = wallet[k]
    attraction, known = normalised(attraction), normalised(known)
    weight = value["loyalty"] * part_known if known else 0.0
    mixed = {k: (1 - weight) * attraction.get(k, 0.0) + weight * known.get(k, 0.0) for k in facts.rivals}
    return normalised(mixed)


def serving(facts: Facts, customer: str, rival: str) -> tuple[float | None, float]:
    """Return which part of a customer's needs a rival serves, None where it cannot, and its size there."""
    if (customer, rival) in facts.serves:
        part, there = facts.serves[customer, rival]
        return part or None, there
    needs = facts.needs[customer]
    return len(needs & facts.offers[rival]) / len(needs) if needs else 0.0, 1.0


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
