"""One function for each question and fact of reports."""
