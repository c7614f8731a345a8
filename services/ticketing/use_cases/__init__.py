"""What ticketing does: one function for each command and question."""
