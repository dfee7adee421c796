"""The tables of one run: money by month, capacity, headline figures, as tidy frames with units in their names.

Here belongs what turns a run's arrays into a frame. Frames about several runs are compared elsewhere.
"""
