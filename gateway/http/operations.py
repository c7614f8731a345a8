"""What those who run the hall ask, on a listener of its own: `/metrics`, and `/readyz` with all details.

It is a second address of the same workers (`METRICS_PORT` at `METRICS_BIND`), told apart by the socket of a request.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST

from gateway.http import metrics
from gateway.http.fresh import Fresh
from gateway.http.hardening import StartResponse, WsgiApp

METRICS_KEEP_S = 5.0


def beside(public: WsgiApp, *, port: int | None, readiness: Callable[[], dict[str, Any]]) -> WsgiApp:
    """Put the operators' listener beside the public app.

    Args:
        public: what every other listener serves.
        port: of the operators' listener; None when there is none.
        readiness: how the parts of the hall are.
    """
    exposition = Fresh(metrics.exposition, keep_s=METRICS_KEEP_S)

    def answer(path: str) -> tuple[str, str, bytes]:
        if path == "/metrics":
            return "200 OK", CONTENT_TYPE_LATEST, exposition.get()
        if path == "/healthz":
            return "200 OK", "application/json", b'{"status":"ok"}'
        if path == "/readyz":
            found = readiness()
            status = "503 Service Unavailable" if found["missing"] else "200 OK"
            return status, "application/json", json.dumps(found, ensure_ascii=False).encode()
        return "404 Not Found", "text/plain", b"/metrics, /readyz and /healthz are here.\n"

    def operations(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if port is None or environ["SERVER_PORT"] != str(port):
            return public(environ, start_response)
        status, kind, body = answer(environ["PATH_INFO"])
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return operations
