"""A service for the tests of the chassis: keeps words, hears words, and fails when it is told to.

Owns notes and what it heard. Hears echo.note.made and other.word.said. Publishes echo.note.made.
"""
