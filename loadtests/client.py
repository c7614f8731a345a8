"""A client of the public API for load: kept connections, an idempotency key for each change, answers checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from gevent import socket
from geventhttpclient import HTTPClient
from geventhttpclient.connectionpool import ConnectionPool


class Unexpected(Exception):
    """The API answered with another status than a test expects."""


@dataclass(frozen=True)
class Answer:
    """Status and JSON body of an answer."""

    status: int
    body: Any


class _ConnectionsFrom(ConnectionPool):
    """Connections that leave from an address of their own."""

    source = ""

    def _create_tcp_socket(self, family: int, socktype: int, protocol: int) -> socket.socket:
        made = super()._create_tcp_socket(family, socktype, protocol)
        made.bind((self.source, 0))
        return made


class Api:
    """One client with one token; any number of greenlets may use it."""

    def __init__(
        self, url: str, *, token: str = "", connections: int = 32, timeout: float = 30.0, source: str = ""
    ) -> None:
        """Connect when first used.

        Args:
            url: root of the gateway, e.g. http://127.0.0.1:8000.
            token: bearer token, empty for none.
            connections: how many connections are kept.
            timeout: seconds until a call counts as failed.
            source: the address of this client, when it is one of many that are limited by address.
        """
        parts = urlsplit(url)
        self.host, self.port, self.token = parts.hostname or "127.0.0.1", parts.port or 80, token
        self.source = source
        times = {"network_timeout": timeout, "connection_timeout": timeout}
        self._client = HTTPClient(self.host, self.port, concurrency=connections, **times)
        if source:
            pool = _ConnectionsFrom(self.host, self.port, self.host, self.port, size=connections, **times)
            pool.source = source
            self._client._connection_pool = pool

    def get(self, path: str, *, expect: tuple[int, ...] = (200,)) -> Answer:
        """Read."""
        return self._answer(self._client.get(f"/api/v1{path}", headers=self._headers({})), path, expect)

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        holder: str = "",
        expect: tuple[int, ...] = (200, 201, 204),
    ) -> Answer:
        """Change something, under a key of its own; `holder` is the token of a ticket, appointment or order."""
        headers = self._headers({"Content-Type": "application/json", "Idempotency-Key": str(uuid4())})
        if holder:
            headers["X-Holder-Token"] = holder
        return self._answer(
            self._client.post(f"/api/v1{path}", body=json.dumps(body or {}), headers=headers), path, expect
        )

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        return {**more, "Authorization": f"Bearer {self.token}"} if self.token else dict(more)

    def _answer(self, response: Any, path: str, expect: tuple[int, ...]) -> Answer:
        raw = response.read()
        if response.status_code not in expect:
            raise Unexpected(f"{path}: {response.status_code} {raw[:300]!r}")
        return Answer(response.status_code, json.loads(raw) if raw else None)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def sign_in(url: str, username: str, password: str) -> Api:
    """Return a client with the token of an account."""
    open_api = Api(url, connections=1)
    try:
        answer = open_api.post("/auth/token", {"username": username, "password": password})
    finally:
        open_api.close()
    return Api(url, token=answer.body["access_token"])
