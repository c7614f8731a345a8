"""A real HTTP server that takes text messages, or fails as the test says."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from tests.waiting import DEADLINE_S


@dataclass
class SmsServer:
    """What the server was sent, and what it answers: `answers` first, then 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    # Cleared: a message is taken, but its answer waits.
    answering: Event = field(default_factory=Event)

    @property
    def ids(self) -> list[str]:
        """The ids of what was sent."""
        return [each["id"] for each in self.received]


@contextmanager
def sms_server() -> Iterator[SmsServer]:
    """Run a server on a free port of the loopback."""
    known = SmsServer()
    known.answering.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.received.append(json.loads(body))
            known.tokens.append(self.headers["Authorization"])
            known.answering.wait(DEADLINE_S)
            try:
                self.send_response(known.answers.pop(0) if known.answers else 200)
                self.end_headers()
            except BrokenPipeError:
                return

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    known.url = f"http://127.0.0.1:{server.server_port}/messages"
    try:
        yield known
    finally:
        known.answering.set()
        server.shutdown()
        thread.join()
        server.server_close()
