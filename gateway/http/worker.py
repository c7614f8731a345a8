"""Gunicorn's gevent worker with a bound for the connections of one address."""

from collections import Counter
from contextlib import closing, suppress
from ipaddress import ip_address
from socket import SHUT_WR, socket
from typing import TYPE_CHECKING, Any

from gunicorn.workers.ggevent import GeventWorker

from gateway.http.wire_errors import write_problem
from services.chassis.caller import network_of

if TYPE_CHECKING:  # gunicorn loads this before gevent patches what it finds: the less is loaded, the better
    from gateway.settings import Settings

# How long the request of who is refused may take to come in, in seconds, and how much of it is read, in bytes.
LINGER_S = 1.0
LARGEST_READ = 64 * 1024


class Worker(GeventWorker):  # type: ignore[misc]
    """Refuses the connections of an address that holds too many; a trusted proxy may hold any number."""

    _held: Counter[str]

    def init_process(self) -> None:
        """Begin with no connections."""
        self._held = Counter()
        super().init_process()

    def handle(self, listener: Any, client: socket, addr: Any) -> None:
        """Serve a connection, or refuse it."""
        address = str(addr[0]) if isinstance(addr, tuple) else ""
        settings: Settings = self.wsgi.extensions["hall"].settings
        network = network_of(address)
        if self._held[network] >= settings.connections_per_address and not _is_proxy(settings, address):
            with closing(client):
                _refuse(client)
            return
        self._held[network] += 1
        try:
            super().handle(listener, client, addr)
        finally:
            self._held[network] -= 1
            if not self._held[network]:
                del self._held[network]


def _refuse(client: socket) -> None:
    """Answer, and read what was on its way: closed with something unread it is reset, and the answer lost with it."""
    write_problem(client, 429, "", "")
    with suppress(OSError):
        client.shutdown(SHUT_WR)
        client.settimeout(LINGER_S)
        client.recv(LARGEST_READ)


def _is_proxy(settings: "Settings", address: str) -> bool:
    try:
        return any(ip_address(address) in network for network in settings.trusted_proxies)
    except ValueError:  # a socket in the file system: only what runs on this machine gets there
        return True
