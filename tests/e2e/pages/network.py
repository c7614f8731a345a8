"""A network of its own for a browser, whose interface can be taken away and given back.

Two network namespaces are joined by a pair of interfaces: the browser is in one, the hall seems to be in the other.
They belong to processes and to nothing else, so they end with the test however it ends. What comes to the hall's side
is passed on to the gateway: the socket that listens there is handed over to the test, which opens connections here.

Run as a program, this keeps both namespaces: `python -m tests.e2e.pages.network SOCKET`, in a namespace of its own.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.waiting import DEADLINE_S

HALL, BROWSER = "10.77.0.1", "10.77.0.2"
PORT = 8000
PIECE = 65_536
ROOT = Path(__file__).parents[3]


def _entering(pid: int) -> list[str]:
    """Return how a command is run in a process's network; without root its users are entered too."""
    users = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    return ["nsenter", "--target", str(pid), *users, "--net"]


def _leaving() -> list[str]:
    """Return how a command is run in a network of its own; without root it needs users of its own for that."""
    users = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *users, "--net"]


class NoNetwork(Exception):
    """This machine lets us have no network of our own."""


class Network:
    """The browser's network: the hall's address in it, and its interface, which is `there` or away."""

    url = f"http://{HALL}:{PORT}"

    def __init__(self, keeper: socket.socket, hall: str) -> None:
        """Take over the hall's side from the keeper.

        Args:
            keeper: where it is told what to do.
            hall: the root of the gateway that is meant.
        """
        self._keeper = keeper
        told, sockets, _, _ = socket.recv_fds(keeper, PIECE, 1)
        if not told:
            raise NoNetwork
        self._browser = int(told)
        self._listener = socket.socket(fileno=sockets[0])
        self._hall = (urlsplit(hall).hostname, urlsplit(hall).port)
        self._open: list[socket.socket] = []
        self.there = True
        self._ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    def command(self, program: str, folder: Path) -> Path:
        """Write a command that runs a program in the browser's network."""
        script = folder / "browser"
        script.write_text(f'#!/bin/sh\nexec {" ".join(_entering(self._browser))} -- {program} "$@"\n')
        script.chmod(0o755)
        return script

    def give(self) -> None:
        """Give the interface back, if it is away."""
        if not self.there:
            self._tell(b"give")
        self.there = True

    def take(self) -> None:
        """Take the interface away, and forget what was under way on it."""
        self._tell(b"take")
        self.there = False
        while self._open:
            _close(self._open.pop())

    def _tell(self, what: bytes) -> None:
        self._keeper.send(what)
        assert self._keeper.recv(PIECE) == what, "the keeper of the network has ended"

    def _accept(self) -> None:
        while not self._ended:
            # What one caller meets ends nothing for the next.
            with suppress(OSError):
                caller, _ = self._listener.accept()
                called = socket.create_connection(self._hall)
                self._open += [caller, called]
                for ends in ((caller, called), (called, caller)):
                    threading.Thread(target=_pass_on, args=ends, daemon=True).start()

    def close(self) -> None:
        """End what is passed on."""
        self._ended = True
        _close(self._listener)
        while self._open:
            _close(self._open.pop())


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    for end in (source, target):
        _close(end)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def own_network(hall: str) -> Iterator[Network]:
    """Make a network in which the hall is reached, with its interface there."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with (
        ours,
        subprocess.Popen(
            [*_leaving(), sys.executable, "-m", "tests.e2e.pages.network", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"},
            cwd=ROOT,
        ) as keeper,
    ):
        theirs.close()
        network = Network(ours, hall)
        try:
            yield network
        finally:
            network.close()
            ours.close()
            keeper.wait(timeout=DEADLINE_S)


def _ip(*words: str, inside: int | None = None) -> None:
    entering = [] if inside is None else ["nsenter", "--target", str(inside), "--net"]
    subprocess.run([*entering, "ip", *words], check=True)


def _give(browser: int) -> None:
    _ip("link", "add", "hall0", "type", "veth", "peer", "name", "browser0", "netns", str(browser))
    for name, address, inside in (("hall0", HALL, None), ("browser0", BROWSER, browser)):
        _ip("address", "add", f"{address}/24", "dev", name, inside=inside)
        _ip("link", "set", name, "up", inside=inside)


def _take() -> None:
    _ip("link", "delete", "hall0")


def keep(test: socket.socket) -> None:
    """Hold both namespaces and their interfaces until the test has ended."""
    told_when_there = ["unshare", "--net", "sh", "-c", "echo there; exec cat"]
    with subprocess.Popen(told_when_there, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as browser:
        browser.stdout.readline()
        _give(browser.pid)
        listener = socket.create_server((HALL, PORT))
        socket.send_fds(test, [str(browser.pid).encode()], [listener.fileno()])
        while what := test.recv(PIECE):
            _give(browser.pid) if what == b"give" else _take()
            test.send(what)


if __name__ == "__main__":
    keep(socket.socket(fileno=int(sys.argv[1])))
