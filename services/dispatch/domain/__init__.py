"""The rules of on-site service."""
