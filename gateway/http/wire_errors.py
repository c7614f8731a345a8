"""Requests that gunicorn cannot read never reach the app; they are answered with a problem all the same."""

import json
from http import HTTPStatus
from socket import socket
from uuid import uuid4

from gunicorn import util

CODES = {
    400: "malformed",
    408: "request_timeout",
    414: "uri_too_long",
    429: "too_many_requests",
    431: "headers_too_large",
}
DETAILS = {429: "This address holds too many connections."}


def install() -> None:
    """Replace gunicorn's HTML error page in this process."""
    util.write_error = write_problem


def write_problem(connection: socket, status: int, _reason: str, _message: str) -> None:
    """Send a problem document and announce the connection's end."""
    code = CODES.get(status, "unexpected" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "malformed")
    phrase = HTTPStatus(status).phrase
    body = json.dumps(
        {
            "type": f"/problems/{code}",
            "title": phrase,
            "status": status,
            "detail": DETAILS.get(status, "The request cannot be read."),
            "code": code,
            "call_id": str(uuid4()),
        }
    ).encode()
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        f"X-Content-Type-Options: nosniff\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(connection, head.encode() + body)
