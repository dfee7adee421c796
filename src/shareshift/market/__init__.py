"""From a folder of tables to one checked, frozen market: reading, schemas, rules between rows, parameters.

Here belongs whatever says what a table may hold and what it means. What a reader changes is a scenario; what follows
from the numbers is the model's.
"""
