"""The facts dispatch publishes. None holds a name, a phone number, an address or a place on the map."""

from collections.abc import Mapping
from typing import Any

from services.chassis.outbox import Event

# dispatch.order.<verb>: requested screened declined scheduled assigned reassigned unassigned rescheduled cancelled
# departed arrived done failed displaced (with the days that remain).


def order_event(verb: str, data: Mapping[str, Any], *, version: int) -> Event:
    """Say what became of an order, with its whole state afterwards."""
    return Event(type=f"dispatch.order.{verb}", subject=data["id"], sequence=version, data=data)


def crew_published(data: Mapping[str, Any], *, version: int) -> Event:
    """Say what a crew is now."""
    return Event(type="dispatch.crew.published", subject=data["code"], sequence=version, data=data)


def plan_published(data: Mapping[str, Any]) -> Event:
    """Say that a plan holds from now on."""
    return Event(type="dispatch.plan.published", subject=data["id"], sequence=1, data=data)


def overtime_recorded(data: Mapping[str, Any]) -> Event:
    """Say that a member of a crew worked outside opening hours."""
    return Event(type="dispatch.overtime.recorded", subject=data["id"], sequence=1, data=data)
