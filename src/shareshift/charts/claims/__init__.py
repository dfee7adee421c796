"""Charts of what vendors claim, one question per file; what a claim comes to is computed in `results.claims`."""
