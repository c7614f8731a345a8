"""Machine clients."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.chassis import db
from services.identity.domain.clients import Client


class Clients(db.Store):
    """Machine clients. Each method is given the hall."""

    def clients(self, hall: str) -> list[dict[str, Any]]:
        """Return all machine clients, and whether the account that answers for each is open, closed ones last."""
        return self.rows("clients", hall=hall)

    def client(self, hall: str, code: str) -> Client | None:
        """Return a machine client."""
        return _client(self.row("client", hall=hall, code=code))

    def lock_client(self, hall: str, code: str) -> Client | None:
        """Return a machine client, held until the transaction ends."""
        return _client(self.row("lock_client", hall=hall, code=code))

    def add_client(self, hall: str, client: Client, *, at: datetime) -> bool:
        """Make a client; False when there is one of this code."""
        return self.row("add_client", hall=hall, at=at, **_row_of(client)) is not None

    def save_client(self, hall: str, client: Client) -> None:
        """Change a client."""
        self.run("save_client", hall=hall, closed=client.closed, **_row_of(client))

    def revoke_client(self, hall: str, code: str, *, username: str, at: datetime) -> tuple[int, datetime]:
        """Refuse a client's tokens; returns how often that was done, and those of up to when."""
        row = self.row("revoke_client", hall=hall, code=code, username=username, at=at)
        if row is None:
            raise LookupError(f"client {code} is held but has no row")
        return row["revocations"], row["refused_before"]


def _client(row: Mapping[str, Any] | None) -> Client | None:
    return Client(**{**row, "scopes": frozenset(row["scopes"])}) if row else None


def _row_of(client: Client) -> dict[str, Any]:
    names = ("code", "name", "owner", "quota", "secret_hash")
    return {**{name: getattr(client, name) for name in names}, "scopes": sorted(client.scopes)}
