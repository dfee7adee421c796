"""Charts of how scenarios differ, one question per file; the differences are computed in `results.compare`."""
