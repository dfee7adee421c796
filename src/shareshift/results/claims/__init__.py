"""Do the claims add up? Questions asked of a projection: each claim, all together, and what believing them does."""
