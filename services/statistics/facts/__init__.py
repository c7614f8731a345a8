"""What was heard: the newest state of each thing, and the archive."""
