"""Machine clients: programs that use the API in their own name (RFC 6749, 4.4)."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

# What a token may name, so that it fits into a header.
MOST_SCOPES = 50
MOST_CALLS = 60_000


@dataclass(frozen=True, kw_only=True)
class Client:
    """A program of somebody's that uses the API.

    `owner` is the account that answers for it, `scopes` are the codes of the operations it may do, which the gateway
    knows, and `quota` is how many calls it has a minute. `refused_before` is as of an account.
    """

    code: str
    name: str
    owner: str
    scopes: frozenset[str]
    quota: int
    secret_hash: str
    closed: bool = False
    refused_before: datetime | None = None


def new_secret() -> str:
    """Return the secret by which a client signs in, 43 characters: 256 random bits."""
    return token_urlsafe(32)


def client_username(code: str) -> str:
    """Return the name under which a client acts."""
    return f"client:{code}"
