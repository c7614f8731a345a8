"""Many open boards: server-sent events, drained by turns or read by a greenlet each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import gevent
from gevent import monkey, socket
from gevent.event import Event
from gevent.pool import Pool

from loadtests.client import Api

PIECE = 65536
# So many streams are read in a row before other greenlets have their turn.
AT_ONCE = 100
EVENT = b"event: board"


class Drain:
    """Reads many streams by turns: a wake-up for all of them instead of one for each event."""

    def __init__(self, every_s: float) -> None:
        """Drain every so many seconds, beginning with the first stream; what comes is heard so much later at most."""
        self._every_s = every_s
        self._streams: dict[int, tuple[Callable[[bytes], None], Event]] = {}
        self._ready: Any = None

    def read(self, stream: socket.socket, heard: Callable[[bytes], None]) -> None:
        """Give `heard` what comes over a stream, until it ends."""
        if self._ready is None:
            self._ready = monkey.get_original("select", "epoll")()
            gevent.spawn(self._drain_for_ever)
        number, ended = stream.fileno(), Event()
        stream.setblocking(False)
        self._streams[number] = (heard, ended)
        self._ready.register(number, 1)
        try:
            ended.wait()
        finally:
            self._ready.unregister(number)
            del self._streams[number]

    def _drain_for_ever(self) -> None:
        while True:
            gevent.sleep(self._every_s)
            ready = [number for number, _ in self._ready.poll(0, len(self._streams) + 1)]
            for first in range(0, len(ready), AT_ONCE):
                for number in ready[first : first + AT_ONCE]:
                    self._drain(number)
                gevent.sleep(0)

    def _drain(self, number: int) -> None:
        heard, ended = self._streams.get(number, (None, None))
        if heard is None or ended is None:
            return  # closed since it was found ready
        try:
            piece = os.read(number, PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if piece:
            heard(piece)
        else:
            ended.set()


@dataclass
class Events:
    """Cuts a stream into events."""

    rest: bytes = b""

    def cut(self, piece: bytes) -> list[bytes]:
        """Return the data of the events that a piece completes."""
        *events, self.rest = (self.rest + piece).split(b"\n\n")
        return [data for event in events if (data := event.partition(b"data: ")[2])]


@dataclass
class Boards:
    """Open streams and what came over them."""

    open: int = 0
    events: int = 0
    lost: int = 0

    def figures(self) -> dict[str, Any]:
        """Return what is told of them."""
        return {"open": self.open, "events": self.events, "lost": self.lost}


def board_of(zone: str, *, every_s: int = 0) -> str:
    """Return the path of a zone's board that tells of changes every so many seconds at most."""
    return f"/boards/{zone}/events?every={every_s}"


def open_stream(api: Api, path: str) -> socket.socket:
    """Open a stream, from the client's address and with its token if it has one.

    Args:
        api: the client.
        path: below the API's own.

    Raises:
        OSError: the hall does not answer, or otherwise than with a stream.
    """
    stream = socket.create_connection(
        (api.host, api.port), timeout=30, source_address=(api.source, 0) if api.source else None
    )
    authorization = [f"Authorization: Bearer {api.token}"] if api.token else []
    lines = (
        f"GET /api/v1{path} HTTP/1.1",
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


def _read(stream: socket.socket, boards: Boards, drain: Drain) -> None:
    def heard(piece: bytes) -> None:
        boards.events += piece.count(EVENT)

    drain.read(stream, heard)
    boards.lost += 1


@contextmanager
def open_boards(api: Api, zones: list[str], *, count: int) -> Iterator[Boards]:
    """Keep `count` boards open over all zones inside the block."""
    boards, drain = Boards(), Drain(1.0)
    opened = list(
        Pool(50).imap_unordered(lambda n: open_stream(api, board_of(zones[n % len(zones)])), range(count))
    )
    boards.open = len(opened)
    readers = [gevent.spawn(_read, stream, boards, drain) for stream in opened]
    try:
        yield boards
    finally:
        gevent.killall(readers)
        for stream in opened:
            stream.close()
