"""Gunicorn's answers with head and body in one write: each write wakes the client and costs a system call."""

from typing import Any

from gunicorn.http import wsgi


class _Gathered(bytearray):
    """Stands in for a socket and keeps what is sent."""

    sendall = bytearray.extend


class Response(wsgi.Response):  # type: ignore[misc]
    """Sends the head together with the first part of the body."""

    sock: Any

    def write(self, arg: bytes) -> None:
        """Send a part of the body."""
        if self.headers_sent:
            super().write(arg)
            return
        socket, self.sock = self.sock, _Gathered()
        try:
            super().write(arg)
        finally:
            gathered, self.sock = self.sock, socket
        socket.sendall(gathered)


def install() -> None:
    """Make gunicorn use it in this process."""
    wsgi.Response = Response
