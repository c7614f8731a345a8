"""What goes in and out of quality, and what it reads of others' facts."""
