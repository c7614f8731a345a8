"""What can be asked of the catalogue, and what can be done to it."""
