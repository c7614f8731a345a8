"""How a view answers with a stream of server-sent events."""

import socket
from collections.abc import Callable
from typing import Any

from flask import Response, g, request

from gateway.http.runtime import runtime
from gateway.live.streams import Stream
from services.chassis.caller import network_of

SEND_BUFFER_BYTES = 16_384


def stream_doc(event: str, content: str) -> dict[str, Any]:
    """Return how such an answer is described: the name of its events, and what each holds."""
    return {
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
                "description": f"Server-sent events named `{event}`, each with an `id` and {content} as data.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            }
        },
    }


def stream(watch: Callable[[int | None], Stream]) -> Response:
    """Answer with a stream, which counts among the client's.

    Args:
        watch: opens it, given the id of the last event the client has seen; whatever it raises is raised.

    Raises:
        Problem: 429, the client has as many streams as it may.
    """
    limits = runtime().stream_limits
    subject, most = _counted_by()
    limits.open(subject, most=most)
    try:
        opened = watch(_last_position())
    except BaseException:
        limits.close(subject)
        raise
    answer = Response(opened, content_type="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    answer.call_on_close(lambda: limits.close(subject))
    _bound_backlog()
    return answer


def _counted_by() -> tuple[str, int]:
    """Return under which name this client's streams are counted and how many it may have."""
    settings = runtime().settings
    if g.principal is not None and g.principal.counts_alone:
        return f"account/{g.principal.username}", settings.streams_per_token
    return f"address/{network_of(g.address)}", settings.streams_per_address


def _last_position() -> int | None:
    given = request.headers.get("Last-Event-ID", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else None


def _bound_backlog() -> None:
    """Keep the kernel from storing old events by the megabyte for a client that does not read."""
    connection = request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
