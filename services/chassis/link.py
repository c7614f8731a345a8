"""A connection to RabbitMQ that is made again, for ever, whenever it breaks.

One thread (a greenlet under gunicorn's gevent workers) reads, another keeps the heartbeat. Whatever is written to
the connection goes through `Link.write_lock`, since py-amqp's frames must not be mixed.
"""

import random
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from kombu import Connection

from services.chassis.logs import get_logger

logger = get_logger()

HEARTBEAT_S = 10
CONNECT_TIMEOUT_S = 3
LONGEST_PAUSE_S = 3.0
READ_AHEAD_BYTES = 16384

Setup = Callable[[Any], None]


def pauses() -> Iterator[float]:
    """Yield how long to wait before each next attempt, in seconds, with jitter so that workers spread out."""
    pause = 0.1
    while True:
        yield pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads attempts, guards nothing
        pause = min(pause * 2, LONGEST_PAUSE_S)


class Link:
    """One AMQP connection with one channel, kept up by its own thread."""

    def __init__(self, amqp_uri: str, *, name: str, on_up: Setup, on_down: Callable[[], None]) -> None:
        """Make a link; nothing is connected before `start`.

        Args:
            amqp_uri: where the broker is.
            name: what the log lines and the broker's list of connections call it.
            on_up: given the new channel, declares and consumes; runs before `up` is set.
            on_down: runs each time the connection is lost.
        """
        self.name = name
        self.write_lock = threading.Lock()
        self.up = threading.Event()
        self.failed = threading.Event()
        self.blocked = False
        self.channel: Any = None
        self.connection: Any = None
        self._amqp_uri = amqp_uri
        self._on_up = on_up
        self._on_down = on_down
        self._stopped = threading.Event()
        self._start_lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to connect; a second call changes nothing."""
        if self._threads:
            return
        with self._start_lock:
            if self._threads or self._stopped.is_set():
                return
            self._threads = [
                threading.Thread(target=work, name=f"{self.name}-{work.__name__}", daemon=True)
                for work in (self._read_for_ever, self._beat_for_ever)
            ]
            for thread in self._threads:
                thread.start()

    def stop(self) -> None:
        """Close the connection and end both threads."""
        self._stopped.set()
        self._break_off()
        for thread in self._threads:
            thread.join(timeout=CONNECT_TIMEOUT_S + 1)

    def drop(self) -> None:
        """Give the present connection up, so that a new one is made."""
        self._break_off()

    def _read_for_ever(self) -> None:
        waits = pauses()
        while not self._stopped.is_set():
            try:
                self._connect()
                waits = pauses()
                self._read()
            except Exception as exc:  # the loop's edge: whatever breaks the connection, a new one is made
                self._lost(exc)
            if not self._stopped.is_set():
                self._stopped.wait(next(waits))
        self._lost(None)

    def _connect(self) -> None:
        self.blocked = False
        connection = Connection(
            self._amqp_uri,
            heartbeat=HEARTBEAT_S,
            connect_timeout=CONNECT_TIMEOUT_S,
            transport_options={
                "on_blocked": self._on_blocked,
                "on_unblocked": self._on_unblocked,
                "client_properties": {"connection_name": self.name},
            },
        ).connection
        self.connection = connection
        _read_ahead(connection)
        self.channel = connection.channel()
        self._on_up(self.channel)
        self.failed.clear()
        self.up.set()
        logger.info("bus.up", link=self.name)

    def _read(self) -> None:
        """Take frames until the connection breaks.

        No timeout: setting one for each frame costs more than reading it. `_beat_for_ever` wakes a reader whose
        broker has gone silent.
        """
        blocking_read = self.connection.blocking_read
        while not self._stopped.is_set():
            blocking_read(None)

    def _lost(self, exc: Exception | None) -> None:
        was_up = self.up.is_set()
        self.up.clear()
        self.failed.set()
        connection, self.connection, self.channel = self.connection, None, None
        if connection is not None:
            _discard(connection)
        self._on_down()
        if exc is not None and not self._stopped.is_set():
            logger.warning("bus.lost" if was_up else "bus.unreachable", link=self.name, reason=repr(exc))

    def _beat_for_ever(self) -> None:
        while not self._stopped.wait(HEARTBEAT_S / 4):
            connection = self.connection
            if connection is None or not self.up.is_set():
                continue
            try:
                with self.write_lock:
                    connection.heartbeat_tick()
            except Exception as exc:  # a dead or half-closed connection fails in many ways, all end the same
                logger.warning("bus.silent", link=self.name, reason=repr(exc))
                self._break_off()

    def _break_off(self) -> None:
        """Wake the reader by shutting the socket down; it then finds the connection broken."""
        connection = self.connection
        transport = getattr(connection, "_transport", None)
        sock = getattr(transport, "sock", None)
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def _on_blocked(self, reason: str) -> None:
        self.blocked = True
        logger.warning("bus.blocked", link=self.name, reason=reason)

    def _on_unblocked(self) -> None:
        self.blocked = False
        logger.info("bus.unblocked", link=self.name)


def _read_ahead(connection: Any) -> None:
    """Take what has arrived in one go: py-amqp asks the socket for each header and each end mark, nine times a
    message, and keeps whatever it gets beyond that.
    """
    transport = connection.transport
    if hasattr(transport, "_quick_recv"):
        receive = transport._quick_recv
        transport._quick_recv = lambda wanted: receive(max(wanted, READ_AHEAD_BYTES))


def _discard(connection: Any) -> None:
    """Let go of a connection without talking to a broker that may be gone."""
    transport = getattr(connection, "_transport", None)
    try:
        if transport is not None:
            transport.close()
        connection.collect()
    except (OSError, AttributeError):  # half-made or half-closed already
        logger.debug("bus.discard_failed")
