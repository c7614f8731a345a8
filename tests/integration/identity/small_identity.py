"""What the tests of identity share: a time that is moved, and identity as its service uses it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

from services.chassis.caller import Caller
from services.chassis.db import Database
from services.identity.store import Store
from services.identity.use_cases import accounts, signing_in, tokens

PASSWORD = "correct horse battery"


class MovedTime:
    """A time that stands still until it is moved."""

    def __init__(self) -> None:
        """Start."""
        self.shows = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.shows

    def move(self, **delta: float) -> None:
        """Let time pass."""
        self.shows += timedelta(**delta)


def caller(
    username: str | None = None, *roles: str, address: str | None = "10.0.0.1", **other: Any
) -> Caller:
    """Return a caller."""
    return Caller(hall="main", username=username, roles=frozenset(roles), address=address, **other)


@dataclass
class Desk:
    """Identity, called as its service calls it."""

    database: Database[Store]
    # The database's administrator, who may do what the service's role may not.
    master_dsn: str
    admin: Caller = field(default_factory=lambda: caller("boss", "admin"))

    def do(self, use_case: Callable[..., Any], by: Caller, **request: Any) -> Any:
        """Run a use case where each statement is a transaction of its own."""
        with self.database.autocommit() as store:
            return use_case(store, by, **request)

    def command(self, use_case: Callable[..., Any], by: Caller, **request: Any) -> Any:
        """Run a use case in one transaction."""
        with self.database.transaction() as store:
            return use_case(store, by, **request)

    def load(self, *usernames: str, department: str = "market") -> Any:
        """Load clerks."""
        rows = [{"username": name, "name": name, "department": department} for name in usernames]
        return self.command(accounts.load_accounts, self.admin, clerks=rows)

    def hire(self, username: str) -> None:
        """Load a clerk and set the password."""
        self.load(username)
        self.do(accounts.set_password, self.admin, username=username, password=PASSWORD)

    def sign_in(self, username: str, password: str = PASSWORD, *, address: str | None = "10.0.0.1") -> Any:
        """Sign in; returns the answer."""
        by = caller(address=address)
        return self.do(signing_in.issue_token, by, username=username, password=password)

    def claims(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Verify a token by the published keys and return its claims."""
        found = self.do(tokens.public_keys, caller())["keys"]
        keys = {key["kid"]: OKPKey.import_key(key) for key in found}
        header = jwt.decode(
            answer["access_token"], lambda obj: keys[obj.headers()["kid"]], algorithms=["Ed25519"]
        )
        claims: dict[str, Any] = header.claims
        return claims

    def published(self) -> list[dict[str, Any]]:
        """Take the events out of the outbox, in order."""
        with self.database.connect() as connection:
            rows = connection.execute("SELECT id, body FROM outbox ORDER BY id").fetchall()
            connection.execute("DELETE FROM outbox")
        return [row["body"] for row in rows]

    def query(self, statement: str) -> list[dict[str, Any]]:
        """Look into the database."""
        with self.database.connect() as connection:
            return connection.execute(statement).fetchall()
