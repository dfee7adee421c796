"""The migration model: from a market and a scenario to the money of every month and draw.

Here belong named inputs, draws, the equations, and their joining. Tables, sentences and questions asked of a run
are results.
"""
