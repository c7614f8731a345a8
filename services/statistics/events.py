"""The facts statistics publishes: none so far, it only hears."""
