"""Charts of the page of claims, one question per file."""
