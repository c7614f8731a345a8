"""A relay before the broker that counts what a service asks of it, and can cut the outbox relay's way alone."""

import contextlib
import socket
from collections import Counter
from struct import unpack_from

from tests.integration.gateway.relay import CuttableRelay

# AMQP 0-9-1 class and method numbers: https://www.rabbitmq.com/amqp-0-9-1-reference.html
NAMES = {
    (10, 11): "connection",
    (20, 10): "channel.open",
    (40, 10): "exchange.declare",
    (50, 10): "queue.declare",
    (50, 20): "queue.bind",
    (60, 40): "basic.publish",
    (60, 80): "basic.ack",
    (85, 10): "confirm.select",
}
CONFIRM_SELECT = b"\x00\x55\x00\x0a"
METHOD = 1


class Wiretap(CuttableRelay):
    """Passes bytes on and counts the clients' methods by name.

    `swallow="events"` keeps from the broker what a connection with publisher confirms sends once it is in confirm
    mode; `swallow="confirms"` keeps from such a connection what the broker answers from then on.
    """

    def __init__(self, host: str, port: int) -> None:
        """Relay to a broker."""
        super().__init__(host, port)
        self.sent: Counter[str] = Counter()
        self.swallow = ""
        self._confirming: set[int] = set()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        from_client = source.getsockname()[1] == self.port
        client = source if from_client else sink
        number = client.getpeername()[1]
        stream = bytearray()
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if from_client:
                    stream += data
                    self._read(stream, number)
                if not self._keeps(from_client, number, data):
                    sink.sendall(data)
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _keeps(self, from_client: bool, number: int, data: bytes) -> bool:
        if number not in self._confirming:
            return False
        if self.swallow == "events":
            # The request for confirm mode itself passes, so that its answer comes.
            return from_client and CONFIRM_SELECT not in data
        return self.swallow == "confirms" and not from_client and b"\x00\x55\x00\x0b" not in data

    def _read(self, stream: bytearray, number: int) -> None:
        if stream[:4] == b"AMQP":
            del stream[:8]
        while len(stream) >= 8:
            kind, _channel, size = unpack_from(">BHI", stream)
            if len(stream) < size + 8:
                return
            if kind == METHOD and (name := NAMES.get(unpack_from(">HH", stream, 7))):
                self.sent[name] += 1
                if name == "confirm.select":
                    self._confirming.add(number)
            del stream[: size + 8]
