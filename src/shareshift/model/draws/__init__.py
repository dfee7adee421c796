"""Uncertain numbers: distributions by their quantiles, and named streams of quasi-random draws.

Here belongs how a number is drawn. Which numbers there are is said in the model's inputs.
"""
