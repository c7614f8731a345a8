"""Words and pure rules of quality."""
