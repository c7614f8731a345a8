"""The zones' boards: as they are, and live."""

import socket
from collections.abc import Mapping
from typing import Any

from flask import Response, g, request

from gateway.api.routing import Routes
from gateway.asking import ask
from gateway.context import network_of
from gateway.live import Stream
from gateway.runtime import runtime
from gateway.schemas.ticketing import Board, StreamQuery

SEND_BUFFER_BYTES = 16_384

routes = Routes("boards", __name__, description="What is called where, and how long the wait is.")

STREAM_DOC: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": "Last-Event-ID",
            "required": False,
            "schema": {"type": "string"},
            "description": "The last event seen: the stream goes on after it, without a gap.",
        }
    ],
    "responses": {
        "200": {
            "description": "Server-sent events named `board`, each with an `id` and a board as data.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
}


@routes.question("/boards/<code:zone>", Board)
def get_board(zone: str) -> Any:
    """A zone's board as it is now."""
    return ask("ticketing", "get_board", zone=zone)


@routes.question("/boards/<code:zone>/events", None, query=StreamQuery, extra_doc=STREAM_DOC)
def stream_board(query: Mapping[str, Any], zone: str) -> Response:
    """A zone's board as it changes, twice a second at most, or less often for who asks for that."""
    parts = runtime()
    subject, most = _counted_by()
    parts.stream_limits.open(subject, most=most)
    try:
        stream = parts.boards.open(zone, last_position=_last_position(), every_s=query["every"])
    except BaseException:
        parts.stream_limits.close(subject)
        raise
    return _send(stream, subject)


def _send(stream: Stream, subject: str) -> Response:
    limits = runtime().stream_limits
    answer = Response(stream, content_type="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    answer.call_on_close(lambda: limits.close(subject))
    _bound_backlog()
    return answer


def _counted_by() -> tuple[str, int]:
    """Return under which name this client's streams are counted and how many it may have."""
    settings = runtime().settings
    if g.principal is not None and g.principal.roles - {"visitor"}:
        return f"account/{g.principal.username}", settings.streams_per_token
    return f"address/{network_of(g.address)}", settings.streams_per_address


def _last_position() -> int | None:
    given = request.headers.get("Last-Event-ID", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else None


def _bound_backlog() -> None:
    """Keep the kernel from storing old boards by the megabyte for a client that does not read."""
    connection = request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
