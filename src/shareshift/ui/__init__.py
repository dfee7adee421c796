"""What pages are made of: cached results, controls and blocks."""
