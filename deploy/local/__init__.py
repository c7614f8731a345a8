"""The local start: private servers, a supervisor, and the `hall` command."""
