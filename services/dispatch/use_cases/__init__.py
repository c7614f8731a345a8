"""One function for each command, question, fact and job of dispatch."""
