"""From draws to statistics: exact percentiles by selection, or counted in classes where draws are many.

Here belongs what knows arrays of draws only. Which quantities are counted is said in the tables.
"""
