"""Calls of statistics by subject, parts of the one Nameko service."""
