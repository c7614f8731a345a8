"""Unusual movements and their follow-up."""
