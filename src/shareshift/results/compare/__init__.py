"""Questions asked of several projections at once: how they differ, how surely, and which inputs make it so."""
