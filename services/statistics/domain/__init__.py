"""Words and pure rules of statistics."""
