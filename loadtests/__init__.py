"""Load tests: clients of the public API and of PostgreSQL; nothing of the hall's own code is used here."""
