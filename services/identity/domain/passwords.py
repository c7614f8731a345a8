"""Passwords: kept as Argon2id hashes."""

from functools import cache
from hmac import compare_digest
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB, two passes, one lane: the first choice of OWASP's Password Storage Cheat Sheet. RFC 9106's low-memory profile
# costs seven times as much, and 363 clerks sign in within the minute before the hall opens.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

LEAST, MOST = 12, 128
LEAST_DIFFERENT = 5
# What is typed along a row of keys or counted up; backwards it is the same.
_ROWS = ("01234567890" * 12, "1234567890" * 13, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def is_plain(password: str, *, username: str) -> bool:
    """Tell whether a password is among the first that somebody tries who knows the account.

    That is one of digits alone, as phones and birthdays are, of few different characters, in a row of keys, or with the
    account's name in it (NIST SP 800-63B, 5.1.1.2, names repetitions, sequences and the name of the account).
    """
    typed = password.casefold()
    rows = (row for each in _ROWS for row in (each, each[::-1]))
    return (
        typed.isdecimal()
        or len(set(typed)) < LEAST_DIFFERENT
        or username.casefold() in typed
        or any(typed in row for row in rows)
    )


def hash_of(password: str) -> str:
    """Return the hash to keep of a password; takes some 35 ms."""
    return _hasher.hash(password)


def is_right(password_hash: str, password: str) -> bool:
    """Tell whether a password fits a hash; takes some 35 ms."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def nobodys_hash() -> str:
    """Return the hash of a password that nobody knows, to take the same time for accounts that do not exist."""
    return hash_of(token_urlsafe(32))


def same(one: str, other: str) -> bool:
    """Compare secrets in a time that tells nothing about them."""
    return compare_digest(one.encode(), other.encode())
