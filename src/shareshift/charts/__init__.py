"""One question per file: the data that a chart needs, and the chart itself, drawn once from named data.

Here belongs how results look, on every page and in every file. What computes a result, and what lays out a page or
writes a file, does not.
"""
