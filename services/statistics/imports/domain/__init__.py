"""Words and pure rules of imports."""
