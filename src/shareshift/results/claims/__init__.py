"""Do the claims add up? Each claim tested in every draw, all of them together, and what believing them does.

Here belong questions that claims ask of a run. Which claims there can be is the market's, how they look the charts'.
"""
