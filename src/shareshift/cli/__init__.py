"""The command line: one file per command, their shared options once.

Here belongs what reads arguments and prints. Whatever a command finds out is found out by the rooms above it.
"""
