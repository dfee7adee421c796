"""The version, as results, files and links carry it."""

__version__ = "0.3.0"
