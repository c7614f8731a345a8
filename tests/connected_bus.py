"""A client of the bus that has its connection before a test calls the first service."""

from services.chassis.bus import Bus
from tests.waiting import until


def connected_bus(amqp_uri: str) -> Bus:
    """Return a connected client: by itself the first call waits a second for the connection and then gives up."""
    bus = Bus(amqp_uri)
    bus._link.start()
    until(lambda: bus.connected, what="the client is connected to the broker")
    return bus
