"""Rules that one table alone cannot break."""
