"""One function for each command, question and fact of quality."""
