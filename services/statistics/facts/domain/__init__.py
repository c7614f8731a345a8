"""Words and pure rules of facts."""
