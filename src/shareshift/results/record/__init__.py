"""What was forecast against what came: proper scores, the outcomes they can be taken on, and naive rivals.

Here belongs the judging of forecasts after the fact. What makes them, and what tests claims before it, does not.
"""
