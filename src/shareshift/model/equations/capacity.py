"""Rivals cannot grow overnight: how much room there is, and what happens to money that finds none."""

import numpy as np
from numba import njit

from shareshift.basics.arrays import Floats, Indices
from shareshift.model.equations.diversion import divert

# Demand this close to the room is not over it: it is the same number reckoned twice.
ROUNDING = 1e-12
# Draws whose results are written together: as many as share a line of the processor's cache.
LANES = 8


def headroom(run_rate: Floats, slack: Floats, monthly_growth: Floats, growth_factor: Floats) -> Floats:
    """Return what each option can take on in each month, in USD; shape (months, options, draws).

    run_rate / 12 ((1 + slack) (1 + monthly_growth) ** t - growth_factor)+, with `run_rate` (USD per year), `slack` and
    `monthly_growth` (options, draws), and `growth_factor` (months, draws), by which the no-event delivery grows.
    """
    steady = run_rate / 12
    able = steady * (1 + slack)
    room = np.empty((growth_factor.shape[0], *run_rate.shape))
    for month, growth in enumerate(growth_factor):
        able = able * (1 + monthly_growth)
        np.maximum(able - steady * growth, 0.0, out=room[month])
    return room


# One signature, so that it is compiled once and kept beside the module for the next start.
# What is kept holds `divert` as it was then and is renewed with this file alone: change this file with that one.
@njit(
    "(f8[:,::1], i8[::1], f8[:,::1], f8[:,::1], f8[:,::1], f8[:,:,::1], f8[:,::1], "
    "f8[:,::1], f8[:,::1], f8[:,::1], b1, f8[::1], i8[::1], f8[::1], i8[::1], i8, i8, i8, i8, "
    "f8[:,:,::1], f8[:,:,::1], f8[:,::1], f8[:,::1], f8[:,:,:,::1], f8[:,:,::1])",
    cache=True,
    nogil=True,
)
def place(
    leaving: Floats,
    kind: Indices,
    together: Floats,
    factor: Floats,
    growth: Floats,
    choices: Floats,
    outsides: Floats,
    run_rate: Floats,
    slack: Floats,
    monthly_growth: Floats,
    limited: bool,
    patience: Floats,
    membership: Indices,
    rho: Floats,
    period: Indices,
    first: int,
    last: int,
    customer_from: int,
    column_from: int,
    to_options: Floats,
    spilled: Floats,
    stays_unspent: Floats,
    unplaced: Floats,
    flows: Floats,
    followed: Floats,
) -> None:
    """Place the displaced money of all months of some draws, round by round, until nobody is over its room.

    Displaced is `leaving` (customers, draws) USD per month times `factor` (months, draws). Customers of one `kind`
    (customers,) choose alike; `together` (kinds, draws) is what they take away together. `choices` (last - first,
    kinds, options) and `outsides` (last - first, kinds) say where it wants to go. Room is `headroom` of `run_rate`,
    `slack` and `monthly_growth` (options, draws) and `growth` (months, draws), infinite unless `limited`; `patience`
    (draws,) is the part that waits; `membership` (options,) the nest number of each option, from 0, and `rho` (draws,)
    the correlation within nests.

    Filled for the draws from `first` up to `last`, in USD: `to_options` and `spilled` (turned away, in all rounds;
    months, options, draws), `stays_unspent` and `unplaced` (months, draws), and `flows` (periods, customers,
    options + 2, draws), the last two being not spent and unplaced, summed over the months of each `period` (months,),
    which is -1 for months that are not asked for; of these the customers from `customer_from` and the columns from
    `column_from` on, as many as `flows` has.

    `followed` (options, options + 2, draws) is what each option turned away of first choices and where that ended, over
    all months; empty where nobody asks. Money of one kind that waits or chooses again is one pool, in which every
    option that turned it away has its part, so each has that part in all that becomes of the pool. With it, all months
    are of period 0 and `flows`, which is then no sum over months, has no customers.

    Every option over its room is filled to it, all customers alike, and is full from then on. Of the money turned
    away the fraction `patience` waits, once; the rest chooses again among the options that are not full, by joint
    removal of those that are. What finds nothing open is unplaced. Waiting once, not at every door, keeps more room
    from ever meaning more unplaced money.

    Second choices depend on who is full only, which mostly stays the same from one month to the next, so those of
    each round are kept until the set of full options changes.
    """
    months, options, kinds = factor.shape[0], membership.size, together.shape[0]
    periods, members = flows.shape[0], flows.shape[1]
    nests = membership.max() + 1
    total, able, steady = np.empty(options), np.empty(options), np.empty(options)
    asked, left, fill = np.empty(options), np.empty(options), np.empty(options)
    full = np.empty(options, dtype=np.bool_)
    seeking = np.empty(kinds)
    second, second_outside = np.empty((options + 1, kinds, options)), np.empty((options + 1, kinds))
    of_full, held = np.empty((options + 1, options), dtype=np.bool_), np.empty(options + 1, dtype=np.bool_)
    correlation, work = np.empty(nests), np.empty((3, nests))
    # What each period comes to: the months' factors, with each option's fill and without, and what later rounds add.
    rates, filled = np.empty(periods), np.empty((periods, options))
    more = np.empty((periods, kinds, options + 2))
    follows, refused = followed.shape[0] > 0, np.empty(options)
    fate = np.empty((options, options + 2) if follows else (0, 0))
    # Results of a few draws, written out together.
    taken_lanes, away_lanes = np.empty((LANES, months, options)), np.empty((LANES, months, options))
    unspent_lanes, unplaced_lanes = np.empty((LANES, months)), np.empty((LANES, months))
    flow_lanes = np.empty((LANES, periods, members, flows.shape[2]))
    for draw in range(first, last):
        lane = (draw - first) % LANES
        unspent_rate, nowhere_rate = 0.0, 0.0
        total[:] = 0.0
        held[:] = False
        correlation[:] = rho[draw]
        rates[:] = 0.0
        filled[:] = 0.0
        more[:] = 0.0
        fate[:] = 0.0
        choice, outside = choices[draw - first], outsides[draw - first]
        for group in range(kinds):
            money, somewhere = together[group, draw], outside[group]
            for option in range(options):
                total[option] += money * choice[group, option]
                somewhere += choice[group, option]
            unspent_rate += money * outside[group]
            nowhere_rate += 0.0 if somewhere > 0.0 else money
        for option in range(options):
            steady[option] = run_rate[option, draw] / 12.0
            able[option] = steady[option] * (1.0 + slack[option, draw])
        for month in range(months):
            rate, now = factor[month, draw], period[month]
            any_over = False
            for option in range(options):
                able[option] *= 1.0 + monthly_growth[option, draw]
                room = max(able[option] - steady[option] * growth[month, draw], 0.0) if limited else np.inf
                demand = total[option] * rate
                over = demand > room * (1.0 + ROUNDING)
                taken = room if over else demand
                full[option] = over
                any_over |= over
                fill[option] = room / demand if over else 1.0
                left[option] = 0.0 if over else room - demand
                taken_lanes[lane, month, option] = taken
                away_lanes[lane, month, option] = demand - taken
            unspent, nowhere = unspent_rate * rate, nowhere_rate * rate
            if now >= 0:
                rates[now] += rate
                for option in range(options):
                    filled[now, option] += rate * fill[option]
            if any_over:
                if follows:
                    more[:] = 0.0
                    refused[:] = 1.0 - fill
                for group in range(kinds):
                    away = 0.0
                    for option in range(options):
                        if full[option]:
                            away += choice[group, option] * (1.0 - fill[option])
                    away *= together[group, draw] * rate
                    waits = away * patience[draw]
                    nowhere += waits
                    seeking[group] = away - waits
                    if now >= 0:
                        more[now, group, options + 1] += waits
                depth, again = 0, True
                while again:
                    if not held[depth] or (of_full[depth] != full).any():
                        held[depth] = True
                        of_full[depth] = full
                        for group in range(kinds):
                            if together[group, draw] > 0.0:
                                second_outside[depth, group] = divert(
                                    choice[group], outside[group], full, membership, correlation, work,
                                    second[depth, group],
                                )  # fmt: skip
                    asked[:] = 0.0
                    for group in range(kinds):
                        money = seeking[group]
                        if money <= 0.0:
                            continue
                        beyond = second_outside[depth, group]
                        if beyond < 0.0:
                            nowhere += money
                            seeking[group] = 0.0
                            if now >= 0:
                                more[now, group, options + 1] += money
                            continue
                        unspent += money * beyond
                        if now >= 0:
                            more[now, group, options] += money * beyond
                        for option in range(options):
                            asked[option] += money * second[depth, group, option]
                    again = False
                    for option in range(options):
                        over = asked[option] > left[option] * (1.0 + ROUNDING)
                        taken = left[option] if over else asked[option]
                        fill[option] = left[option] / asked[option] if over else 1.0
                        again |= over
                        full[option] |= over
                        taken_lanes[lane, month, option] += taken
                        away_lanes[lane, month, option] += asked[option] - taken
                        left[option] -= taken
                    if now >= 0:
                        for group in range(kinds):
                            if seeking[group] > 0.0:
                                for option in range(options):
                                    came = seeking[group] * second[depth, group, option] * fill[option]
                                    more[now, group, option] += came
                    if again:
                        for group in range(kinds):
                            if seeking[group] > 0.0:
                                away = 0.0
                                for option in range(options):
                                    away += second[depth, group, option] * (1.0 - fill[option])
                                seeking[group] *= away
                    depth += 1
                if follows:
                    for group in range(kinds):
                        away = 0.0
                        for option in range(options):
                            away += choice[group, option] * refused[option]
                        if away > 0.0:
                            for option in range(options):
                                part = choice[group, option] * refused[option] / away
                                for end in range(options + 2):
                                    fate[option, end] += part * more[0, group, end]
            unspent_lanes[lane, month] = unspent
            unplaced_lanes[lane, month] = nowhere
        for option in range(fate.shape[0]):
            for end in range(fate.shape[1]):
                followed[option, end, draw] = fate[option, end]
        for member in range(members):
            group = kind[customer_from + member]
            whole, money = together[group, draw], leaving[customer_from + member, draw]
            part = money / whole if whole > 0.0 else 0.0
            somewhere = outside[group] + choice[group].sum()
            for now in range(periods):
                for column in range(flows.shape[2]):
                    option = column_from + column
                    if option < options:
                        came = money * choice[group, option] * filled[now, option]
                    elif option == options:
                        came = money * outside[group] * rates[now]
                    else:
                        came = 0.0 if somewhere > 0.0 else money * rates[now]
                    flow_lanes[lane, now, member, column] = came + part * more[now, group, option]
        if lane == LANES - 1 or draw == last - 1:
            start = draw - lane
            for month in range(months):
                for option in range(options):
                    for some in range(lane + 1):
                        to_options[month, option, start + some] = taken_lanes[some, month, option]
                        spilled[month, option, start + some] = away_lanes[some, month, option]
                for some in range(lane + 1):
                    stays_unspent[month, start + some] = unspent_lanes[some, month]
                    unplaced[month, start + some] = unplaced_lanes[some, month]
            for now in range(periods):
                for member in range(members):
                    for column in range(flows.shape[2]):
                        for some in range(lane + 1):
                            flows[now, member, column, start + some] = flow_lanes[some, now, member, column]
