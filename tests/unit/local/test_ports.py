"""A free port is given to one asker alone."""

import socket
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from deploy.local import ports


def test_those_who_ask_at_once_get_different_ports(monkeypatch):
    monkeypatch.setattr(ports, "_RANGE", range(31_000, 31_500))
    together = Barrier(8)

    def ask(_: int) -> tuple[int, ...]:
        together.wait()
        return ports.free_ports(5)

    with ThreadPoolExecutor(8) as pool:
        given = [port for found in pool.map(ask, range(8)) for port in found]

    assert len(set(given)) == len(given) == 40


def test_a_server_may_listen_on_a_port_that_was_given():
    port = ports.free_port()

    assert ports.is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not ports.is_free(port)


def test_no_port_is_given_where_all_are_taken(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        monkeypatch.setattr(ports, "_RANGE", range(taken, taken + 1))
        with pytest.raises(OSError, match="no free port"):
            ports.free_port()
