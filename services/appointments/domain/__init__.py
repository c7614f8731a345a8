"""The rules of appointments."""
