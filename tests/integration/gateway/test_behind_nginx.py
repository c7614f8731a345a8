"""The gateway behind nginx, set up as the operators' document says; where nginx is installed."""

import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from deploy.local.ports import free_port
from tests.integration.gateway.conftest import FakeHall
from tests.integration.gateway.responder import Responder
from tests.integration.gateway.watcher import watch
from tests.processes import Process, clean_environment
from tests.shared import ROOT
from tests.waiting import DEADLINE_S

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL = shutil.which("openssl")
READS = 3
TEMPORARY = "".join(
    f"{kind}_temp_path {kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
)

pytestmark = pytest.mark.skipif(None in (NGINX, OPENSSL), reason="nginx or openssl is not installed here")


def _documented(changes: dict[str, str]) -> str:
    """Return the document's own server, with what is particular to a machine changed."""
    document = (ROOT / "docs" / "operators" / "proxy.md").read_text("utf-8")
    found = re.search(r"```nginx\n(.*?)```", document, re.DOTALL)
    assert found is not None
    server = found[1]
    for told, here in changes.items():
        assert told in server, f"the document's server has no {told!r} any more"
        server = server.replace(told, here)
    return server


def _certificate(folder: Path) -> Path:
    """Make a certificate for this machine with its key, `hall.pem` and `hall.key`."""
    made = folder / "hall.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=hall.example", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", folder / "hall.key", "-out", made],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def proxied(
    running_services: Callable[..., Any],
    responder: Responder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Where a gateway is reached that trusts nginx before it."""
    stack = running_services("gateway", HALL_TRUSTED_PROXIES="127.0.0.1", HALL_LIMIT_READS=str(READS))
    port, certificate = free_port(), _certificate(tmp_path)
    server = _documented(
        {
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "/etc/ssl/hall.pem": str(certificate),
            "/etc/ssl/hall.key": str(tmp_path / "hall.key"),
            "http://127.0.0.1:8000": f"http://{urlsplit(stack.url).netloc}",
        }
    )
    # It compresses what it may, as many an installation does.
    http = f"access_log off; gzip on; {TEMPORARY} {server}"
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; master_process off; pid nginx.pid; events {{}} http {{ {http} }}"
    )
    command = [str(NGINX), "-p", f"{tmp_path}/", "-c", "nginx.conf", "-e", "nginx.log"]
    nginx = Process(None, command, clean_environment(), tmp_path / "nginx.out", lambda: _listens(port))
    nginx.start()
    try:
        nginx.wait_ready()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        yield f"https://127.0.0.1:{port}"
    finally:
        nginx.kill()


def test_a_stream_comes_through_event_by_event(
    proxied: str, fake_hall: FakeHall, responder: Responder
) -> None:
    fake_hall.content = "A001"
    url, called = f"{proxied}/api/v1/boards/Z1/events", "ticketing.ticket.called"
    with watch(url, {"Accept-Encoding": "gzip"}, lambda board: board["calling"][0]["number"]) as watcher:
        assert watcher.shows == "A001"
        for position, number in enumerate(("A002", "A003"), start=7):
            fake_hall.content = number
            responder.emit(called, {"zone": "Z1", "id": "t"}, position=position)
            watcher.until_shown(number, position=position)
        assert "content-encoding" not in watcher.headers
        assert watcher.headers["content-type"].startswith("text/event-stream")


def test_each_visitor_has_limits_of_their_own_and_none_by_saying_who_they_are(proxied: str) -> None:
    def asks(address: str, **headers: str) -> int:
        with httpx.Client(
            transport=httpx.HTTPTransport(local_address=address), timeout=DEADLINE_S
        ) as visitor:
            return visitor.get(f"{proxied}/api/v1/departments", headers=headers).status_code

    assert [asks("127.0.0.2") for _ in range(READS + 1)] == [200] * READS + [429]
    assert asks("127.0.0.2", **{"X-Forwarded-For": "203.0.113.9"}) == 429
    assert asks("127.0.0.3") == 200
