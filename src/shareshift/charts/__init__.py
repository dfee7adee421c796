"""One question per file: the data a chart needs, and the chart itself, drawn once from named data."""
