"""What is counted of the facts."""
