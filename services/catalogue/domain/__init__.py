"""The rules of the catalogue, pure: places, items and their revisions, search, opening hours."""
