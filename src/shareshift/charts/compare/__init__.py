"""Charts of the comparison, one question per file."""
