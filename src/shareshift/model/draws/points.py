"""Randomised quasi-Monte Carlo: every input has its own stream of uniforms, keyed by its name.

The inputs that matter in every market take fixed dimensions of a Sobol sequence (direction numbers of Joe and
Kuo 2008), each scrambled by a random linear matrix and a digital shift (Matousek 1998). Inputs that belong to
one vendor or customer take a Latin hypercube of their own (McKay, Beckman and Conover 1979), whose order is a
Feistel permutation with random round functions (Luby and Rackoff 1988). Every key is a hash of seed, scrambling
and name, so one more customer, vendor or scenario leaves all other draws as they were; and every draw can be
computed without those before it, so a long run needs no long arrays. Only integers and one division are used, so
the bits are the same on every machine.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from shareshift.basics.arrays import Floats
from shareshift.basics.kernels import kernel
from shareshift.market.parameter_records import PARAMETERS

Words = npt.NDArray[np.uint64]
BITS = 32
# Independent scramblings: enough to estimate a standard error, few enough to keep the points even.
SCRAMBLINGS = 16
# Rounds of a permutation; four make a pseudorandom one, twice as many serve where the halves are short.
ROUNDS = 8
# Words of one step of the Philox counter.
PHILOX_WORDS = 4
# The first dimensions of a Sobol sequence are the most even; each parameter's record names its own.
SOBOL_NAMES = (
    "exits",
    "incumbent_revenue",
    *sorted((name for name in PARAMETERS if PARAMETERS[name].sobol), key=lambda name: PARAMETERS[name].sobol or 0),
)


def scramblings(count: int) -> int:
    """Return into how many independent scramblings of equal size `count` draws fall."""
    return next((parts for parts in (SCRAMBLINGS, 8, 4, 2) if count % parts == 0 and count >= 4 * parts), 1)


def windows(count: int, longest: int) -> Iterator[tuple[int, int]]:
    """Yield first and last of windows of at most `longest` draws, none of which holds two scramblings."""
    size = count // scramblings(count)
    for start in range(0, count, size):
        for first in range(start, start + size, longest):
            yield first, min(first + longest, start + size)


def uniforms(name: str, count: int, parts: int, seed: int, first: int, last: int) -> Floats:
    """Return the uniforms from `first` up to `last` of `count` draws, which fall into `parts` scramblings."""
    size = count // parts
    some = range(first // size, -(-last // size))
    place = np.empty(last - first, dtype=np.uint64)
    # The digits beyond the net, or within a stratum, are filled at random, so that no draw sits on a lattice.
    digits = _open_unit(_words(f"{seed}/{name}/digits", first, last))
    if name in SOBOL_NAMES:
        words = _words(f"{seed}/{name}", some.start * (BITS + 1), some.stop * (BITS + 1)).reshape(-1, BITS + 1)
        net = _scrambled(SOBOL_NAMES.index(name), words[:, :BITS])
        _net(net, words[:, BITS] & np.uint64(0xFFFFFFFF), size, first - some.start * size, place)
        return np.asarray((place.astype(np.float64) + digits) * 2.0**-BITS)
    half = max(((size - 1).bit_length() + 1) // 2, 1)
    rounds = ROUNDS << half
    functions = _words(f"{seed}/{name}", some.start * rounds, some.stop * rounds).reshape(-1, ROUNDS, 1 << half)
    mask = np.uint64((1 << half) - 1)
    _permuted(functions & mask, np.uint64(half), size, first - some.start * size, place)
    return np.asarray((place.astype(np.float64) + digits) / size)


def _words(key: str, first: int, last: int) -> Words:
    """Return random words from `first` up to `last` of the stream of a key."""
    digest = hashlib.sha256(key.encode()).digest()
    stream = np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64))
    stream.advance(first // PHILOX_WORDS)
    return stream.random_raw(last - first // PHILOX_WORDS * PHILOX_WORDS)[first % PHILOX_WORDS :]


def _open_unit(words: Words) -> Floats:
    """Map random words into (0, 1), both ends left out."""
    return np.asarray(((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52)


def _scrambled(dimension: int, words: Words) -> Words:
    """Return the direction numbers of one Sobol dimension under random linear scramblings; (scramblings, 32)."""
    place = np.arange(BITS, dtype=np.uint64)
    bit = np.uint64(1) << (np.uint64(BITS - 1) - place)
    # Digit i of a point becomes the parity of itself and a random choice of the digits before it; digit 0 is
    # the highest bit.
    before = ~((bit << np.uint64(1)) - np.uint64(1)) & np.uint64(0xFFFFFFFF)
    rows = (words & before) | bit
    parity = np.bitwise_count(rows[:, :, None] & _directions()[dimension]) & np.uint8(1)
    return np.asarray((parity * bit[:, None]).sum(axis=1, dtype=np.uint64))


@kernel("(u8[:,::1], u8[:], i8, i8, u8[::1])")
def _net(directions: Words, shifts: Words, size: int, first: int, place: Words) -> None:
    """Fill `place` with the points of nets of some size, one after the other, from the `first` on.

    `directions` (nets, 32) and `shifts` (nets,); the points are 32-bit fractions.
    """
    one, zero = np.uint64(1), np.uint64(0)
    point = zero
    for spot in range(place.size):
        net, index = (first + spot) // size, (first + spot) % size
        if spot == 0 or index == 0:
            point, rest, bit = shifts[net], np.uint64(index), 0
            while rest > zero:
                if rest & one:
                    point ^= directions[net, bit]
                rest >>= one
                bit += 1
        else:
            # From one index to the next all bits up to the lowest that is set now change.
            changed, bit = np.uint64(index), 0
            point ^= directions[net, 0]
            while not changed & one:
                changed >>= one
                bit += 1
                point ^= directions[net, bit]
        place[spot] = point


@kernel("(u8[:,:,::1], u8, i8, i8, u8[::1])")
def _permuted(rounds: Words, half: np.uint64, size: int, first: int, place: Words) -> None:
    """Fill `place` with where permutations of 0..size - 1, one after the other, put the indices from the `first` on.

    A Feistel network permutes all words of twice `half` bits; whoever lands beyond the size walks on. `rounds` is
    (permutations, rounds, 2 ** half).
    """
    mask = (np.uint64(1) << half) - np.uint64(1)
    for spot in range(place.size):
        part, word = (first + spot) // size, np.uint64((first + spot) % size)
        while True:
            left, right = word >> half, word & mask
            for turn in range(rounds.shape[1]):
                left, right = right, left ^ rounds[part, turn, right]
            word = (left << half) | right
            if word < np.uint64(size):
                break
        place[spot] = word


@cache
def _directions() -> Words:
    """Return the direction numbers as 32-bit fractions; shape (dimensions, 32)."""
    text = files("shareshift.model.draws").joinpath("sobol_directions.csv").read_text()
    return np.array([[int(word) for word in line.split(",")] for line in text.split()], dtype=np.uint64)
