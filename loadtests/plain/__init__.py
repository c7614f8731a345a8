"""A plain Nameko service, to compare with: default RPC, `@http`, one process each, nothing of the hall's own code."""
