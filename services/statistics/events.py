"""The facts statistics publishes. None holds a free text: an explanation may name whom it is about."""

from collections.abc import Mapping
from typing import Any

from services.chassis.outbox import Event

# statistics.anomaly.<verb>: detected assigned explained confirmed dismissed fed_back.


def anomaly_event(state: str, data: Mapping[str, Any], *, version: int) -> Event:
    """Say that an unusual movement was found, or what became of it, with its whole state afterwards."""
    return Event(type=f"statistics.anomaly.{state}", subject=data["id"], sequence=version, data=data)
