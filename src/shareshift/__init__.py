"""Where a shaken vendor's money goes: sourced claims in, a distribution over destinations out."""

__version__ = "0.2.0"
