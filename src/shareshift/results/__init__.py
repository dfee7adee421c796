"""What a run answers: its tables and statistics, the claims tested, scenarios compared, and the lead in words.

Here belong questions asked of one or many runs. What a run is stands in the model; how an answer is drawn or written
to a file in charts and export.
"""
