"""The page “Track record”: what was said, and what came."""
