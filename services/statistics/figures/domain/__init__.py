"""Words and pure rules of figures."""
