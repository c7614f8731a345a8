"""`/metrics` and `/healthz` of a service process, for Prometheus and container health checks."""

from collections.abc import Iterable
from typing import Any

import eventlet
from eventlet import wsgi
from prometheus_client import make_wsgi_app

_metrics = make_wsgi_app()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer `/healthz` with ok and everything else with the metrics."""
    if environ["PATH_INFO"] == "/healthz":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"ok\n"]
    body: Iterable[bytes] = _metrics(environ, start_response)
    return body


def serve(port: int, *, address: str = "127.0.0.1") -> None:
    """Listen beside the service; the process ends when the port is taken.

    Raises:
        OSError: the port is taken.
    """
    listener = eventlet.listen((address, port))
    eventlet.spawn_n(wsgi.server, listener, application, log_output=False)
