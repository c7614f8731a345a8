"""How long a client may take to send what it announced."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RD

from flask import request
from gevent import Timeout

from gateway.http.problems import Problem

BODY_S = 15.0
# What a file may take beside that: lines slower than this are not for files.
LEAST_BYTES_PER_S = 64 * 1024


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """End the reading of a body that does not arrive, and its connection with it.

    Args:
        seconds: it has, however often a byte comes.

    Raises:
        Problem: 408.
    """
    limit = Timeout(seconds)
    try:
        with limit:
            yield
    except Timeout as over:
        if over is not limit:
            raise
        # Whoever is this slow would take as long for the rest, which is read before the next request.
        with suppress(KeyError, OSError):
            request.environ["gunicorn.socket"].shutdown(SHUT_RD)
        raise Problem(408) from None
