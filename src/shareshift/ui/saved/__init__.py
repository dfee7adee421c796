"""A reader's work and where it is kept: who the reader is, the draft of this tab, saved scenarios, the store behind.

Here belongs the state of a reader, without a widget. Asking and showing is in `scenario`.
"""
