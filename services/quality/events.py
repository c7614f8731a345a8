"""The facts quality publishes. None holds what somebody wrote."""

from collections.abc import Mapping
from typing import Any

from services.chassis.outbox import Event

# quality.commendation.<verb>: recorded corrected withdrawn.


def commendation_event(verb: str, data: Mapping[str, Any], *, version: int) -> Event:
    """Say that a commendation was recorded, or what became of it, with its whole state afterwards."""
    return Event(type=f"quality.commendation.{verb}", subject=data["id"], sequence=version, data=data)
