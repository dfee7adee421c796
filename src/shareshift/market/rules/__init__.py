"""Rules that one table alone cannot break, each a function from the tables to faults; `all_rules` lists them.

Here belongs what rows must be to each other and to market.toml. What one cell may hold stands in the schemas.
"""
