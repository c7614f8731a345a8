"""How the gateway reaches the services: the RPC client that the services themselves use."""

from services.chassis.bus import (
    Bus,
    BusAway,
    BusError,
    BusUnreachable,
    CallTimedOut,
    RemoteProblem,
    Reply,
    ServiceAway,
)

__all__ = [
    "Bus",
    "BusAway",
    "BusError",
    "BusUnreachable",
    "CallTimedOut",
    "RemoteProblem",
    "Reply",
    "ServiceAway",
]
