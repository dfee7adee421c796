"""What every other room may use: errors, months, the words a cell may hold, numbers in words, threads.

Here belongs what knows nothing of vendors, customers or money. What knows of a market, a run or a screen does not.
"""
