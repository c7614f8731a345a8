"""A TCP relay before the broker that a test can cut, so that the broker seems away to one client alone."""

import contextlib
import socket
import threading
from collections.abc import Callable


class CuttableRelay:
    """Listens on a free port and passes bytes on to the broker."""

    def __init__(self, host: str, port: int) -> None:
        """Relay to an address."""
        self._target = (host, port)
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._cuts = 0
        # Bound and never listening: it keeps the port from being given to another program while the relay is cut.
        self._holder = socket.socket()
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._holder.bind(("127.0.0.1", 0))
        self.port: int = self._holder.getsockname()[1]

    def __enter__(self) -> "CuttableRelay":
        """Begin to relay."""
        self.mend()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop."""
        self.end()

    def mend(self) -> None:
        """Listen, on the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener, self._cuts), daemon=True).start()

    def cut(self) -> None:
        """Refuse new connections and end those there are."""
        with self._lock:
            self._cuts += 1
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        self.drop_connections()

    def end(self) -> None:
        """Cut it for good."""
        self.cut()
        self._holder.close()

    def drop_connections(self) -> None:
        """End the connections there are."""
        with self._lock:
            ended, self._open = self._open, []
        _close(*ended)

    def _accept(self, listener: socket.socket, cuts: int) -> None:
        while True:
            try:
                client, (_, number) = listener.accept()
                server = socket.create_connection(self._target)
            except OSError:
                return
            with self._lock:
                if cuts != self._cuts:  # cut while we reached for the broker
                    _close(client, server)
                    return
                self._open += [client, server]
            for source, sink, passes in (
                (client, server, self._from_client(number)),
                (server, client, self._from_server(number)),
            ):
                threading.Thread(target=self._pump, args=(source, sink, passes), daemon=True).start()

    def _from_client(self, _number: int) -> Callable[[bytes], bool]:
        """Return what looks at the bytes of the client with this port, and says whether they are passed on."""
        return lambda _data: True

    def _from_server(self, _number: int) -> Callable[[bytes], bool]:
        """The same for what the server tells that client."""
        return lambda _data: True

    def _pump(self, source: socket.socket, sink: socket.socket, passes: Callable[[bytes], bool]) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if passes(data):
                    sink.sendall(data)
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def _close(*ended: socket.socket) -> None:
    for each in ended:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
