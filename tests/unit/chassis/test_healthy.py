"""What a container's health check says."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deploy.local.ports import free_port
from services.chassis import healthy


class _Listener(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(self.server.status if self.path == "/healthz" else 404)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), _Listener) as server:
        monkeypatch.setenv("METRICS_PORT", str(server.server_port))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_process_that_answers_is_well(listener: HTTPServer) -> None:
    listener.status = 200  # type: ignore[attr-defined]
    healthy.main()


def test_one_that_answers_with_a_fault_is_not(listener: HTTPServer) -> None:
    listener.status = 500  # type: ignore[attr-defined]
    with pytest.raises(SystemExit, match="500"):
        healthy.main()


@pytest.mark.parametrize("port", [None, "no port", "nobody's"])
def test_one_that_does_not_listen_is_not(port: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("METRICS_PORT", raising=False)
    if port is not None:
        monkeypatch.setenv("METRICS_PORT", str(free_port()) if port == "nobody's" else port)
    with pytest.raises(SystemExit, match="no answer"):
        healthy.main()
