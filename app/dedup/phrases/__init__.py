"""What newsrooms print around a story, as tables by language: agencies, calendars, stock phrases.

Owns words, never decisions: which passage a phrase makes is said here, whether a line is that
passage is judged in ``app.dedup.line_roles``. Phrases stand in lower case.
"""
