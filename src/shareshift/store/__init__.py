"""Saved scenarios with their versions, and drafts: one SQLite file, or PostgreSQL where its URL is given.

Here belongs what is kept between visits; what a scenario means does not: contents are plain values. `opening` is the
way in; `records`, `errors` and `changes` load no database library, so a page that stores nothing does not wait for it.
"""
