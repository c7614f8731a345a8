"""Many open boards: server-sent events read by one greenlet each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import gevent
from gevent import socket
from gevent.pool import Pool

from loadtests.client import Api


@dataclass
class Boards:
    """Open streams and what came over them."""

    open: int = 0
    events: int = 0
    lost: int = 0

    def figures(self) -> dict[str, Any]:
        """Return what is told of them."""
        return {"open": self.open, "events": self.events, "lost": self.lost}


def open_stream(api: Api, zone: str) -> socket.socket:
    """Follow a zone's board, from the client's address and with its token if it has one.

    Raises:
        OSError: the hall does not answer, or otherwise than with a stream.
    """
    stream = socket.create_connection(
        (api.host, api.port), timeout=30, source_address=(api.source, 0) if api.source else None
    )
    authorization = [f"Authorization: Bearer {api.token}"] if api.token else []
    lines = (
        f"GET /api/v1/boards/{zone}/events HTTP/1.1",
        f"Host: {api.host}",
        *authorization,
        "\r\n",
    )
    stream.sendall("\r\n".join(lines).encode())
    first = stream.recv(65536)
    if b" 200 " not in first.split(b"\r\n", 1)[0]:
        raise ConnectionError(first[:200].decode(errors="replace"))
    stream.settimeout(None)
    return stream


def _read(stream: socket.socket, boards: Boards) -> None:
    while True:
        chunk = stream.recv(65536)
        if not chunk:
            boards.lost += 1
            return
        boards.events += chunk.count(b"event: board")


@contextmanager
def open_boards(api: Api, zones: list[str], *, count: int) -> Iterator[Boards]:
    """Keep `count` boards open over all zones inside the block."""
    boards = Boards()
    opened = list(Pool(50).imap_unordered(lambda n: open_stream(api, zones[n % len(zones)]), range(count)))
    boards.open = len(opened)
    readers = [gevent.spawn(_read, stream, boards) for stream in opened]
    try:
        yield boards
    finally:
        gevent.killall(readers)
        for stream in opened:
            stream.close()
