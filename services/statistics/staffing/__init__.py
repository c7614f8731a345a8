"""Advice on how many windows."""
