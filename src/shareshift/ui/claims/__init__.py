"""The page of claims: each claim, all of them at once, and what believing them does."""
