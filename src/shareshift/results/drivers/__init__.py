"""What decides a figure: each input alone, in common with others, what learning it would bring, and what to check.

Every input is a function of a uniform number, so all of it is computed from runs on uniforms that are given.
"""
