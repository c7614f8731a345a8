"""The rules of identity, pure: accounts, passwords, codes, phones, tokens."""
