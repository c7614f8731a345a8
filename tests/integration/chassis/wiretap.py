"""A relay before the broker that counts what a service asks of it, and can cut the outbox relay's way alone."""

from collections import Counter
from collections.abc import Callable
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
CONFIRM_SELECT, CONFIRM_SELECTED = b"\x00\x55\x00\x0a", b"\x00\x55\x00\x0b"
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

    def _from_client(self, number: int) -> Callable[[bytes], bool]:
        stream = bytearray()

        def passes(data: bytes) -> bool:
            stream.extend(data)
            self._read(stream, number)
            # The request for confirm mode itself passes, so that its answer comes.
            return CONFIRM_SELECT in data or not self._swallows("events", number)

        return passes

    def _from_server(self, number: int) -> Callable[[bytes], bool]:
        return lambda data: CONFIRM_SELECTED in data or not self._swallows("confirms", number)

    def _swallows(self, what: str, number: int) -> bool:
        return self.swallow == what and number in self._confirming

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
