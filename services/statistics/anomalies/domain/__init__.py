"""Words and pure rules of anomalies."""
