"""Gunicorn's gevent worker with a bound for the connections of one address."""

from collections import Counter
from contextlib import closing
from ipaddress import ip_address
from socket import socket
from typing import TYPE_CHECKING, Any

from gunicorn.workers.ggevent import GeventWorker

from gateway.wire_errors import write_problem

if TYPE_CHECKING:  # gunicorn loads this before gevent patches what it finds: the less is loaded, the better
    from gateway.settings import Settings


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
        if self._held[address] >= settings.connections_per_address and not _is_proxy(settings, address):
            with closing(client):
                write_problem(client, 429, "", "")
            return
        self._held[address] += 1
        try:
            super().handle(listener, client, addr)
        finally:
            self._held[address] -= 1
            if not self._held[address]:
                del self._held[address]


def _is_proxy(settings: "Settings", address: str) -> bool:
    try:
        return any(ip_address(address) in network for network in settings.trusted_proxies)
    except ValueError:  # a socket in the file system: only what runs on this machine gets there
        return True
