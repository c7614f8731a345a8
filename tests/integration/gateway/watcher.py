"""Reading a stream of server-sent events beside a test."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.waiting import DEADLINE_S, until


@dataclass
class Watcher:
    """A stream being read by a thread."""

    events: list[tuple[int, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    raw: list[str] = field(default_factory=list)
    ended: bool = False
    connection: socket.socket | None = None

    def hang_up(self) -> None:
        """End the connection, which ends the reading thread."""
        self.ended = True
        if self.connection is not None:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    @property
    def shows(self) -> str:
        return self.events[-1][1] if self.events else ""

    @property
    def last_id(self) -> int:
        return self.events[-1][0]

    def until_shown(self, content: str, *, position: int | None = None) -> None:
        """Wait until the newest on the stream is this, and under the id of this event if one is given."""
        until(
            lambda: self.shows == content and position in (None, self.last_id),
            what=f"the stream shows {content} of event {position}",
            seen=lambda: self.events[-3:],
        )


@contextmanager
def watch(url: str, headers: dict[str, str], shown: Callable[[Any], str]) -> Iterator[Watcher]:
    """Read a stream by a thread until the block ends.

    Args:
        url: of the stream.
        headers: sent with the request.
        shown: gives from an event's data what a test looks at.
    """
    watcher = Watcher()
    client = httpx.Client(timeout=DEADLINE_S)
    thread = threading.Thread(target=_read, args=(client, url, headers, watcher, shown), daemon=True)
    thread.start()
    until(lambda: watcher.events or watcher.ended, what=f"{url} shows something")
    try:
        yield watcher
    finally:
        watcher.hang_up()
        thread.join(DEADLINE_S)
        client.close()


def _read(
    client: httpx.Client, url: str, headers: dict[str, str], watcher: Watcher, shown: Callable[[Any], str]
) -> None:
    seen_id = 0
    with suppress(httpx.HTTPError), client.stream("GET", url, headers=headers) as answer:
        watcher.connection = answer.extensions["network_stream"].get_extra_info("socket")
        watcher.headers.update(answer.headers)
        for line in answer.iter_lines():
            watcher.raw.append(line)
            if line.startswith("id: "):
                seen_id = int(line[4:])
            elif line.startswith("data: "):
                watcher.events.append((seen_id, shown(json.loads(line[6:]))))
            if watcher.ended:
                return
    watcher.ended = True
