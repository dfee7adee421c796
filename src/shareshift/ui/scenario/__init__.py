"""The scenario on screen: sliders beside every page, and the page on which it is described, saved and shared.

Here belongs what asks for a scenario's values or says them. Where they are kept is in `saved`.
"""
