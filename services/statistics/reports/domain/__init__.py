"""Words and pure rules of reports."""
