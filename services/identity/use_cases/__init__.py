"""What can be asked of identity, and what can be done to it."""
