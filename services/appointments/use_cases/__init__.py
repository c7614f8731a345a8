"""One function for each command, question, job and fact of appointments."""
