"""What goes in and out of statistics, and what it reads of others' facts."""
