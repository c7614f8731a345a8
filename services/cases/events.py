"""The facts cases publishes."""

from collections.abc import Mapping
from typing import Any

from services.chassis.outbox import Event

# cases.case.<verb>: accepted correction_requested resumed retimed decided delivered rejected. Retimed: the calendar has
# changed, and with it the due date or the days left.


def case_event(verb: str, data: Mapping[str, Any], *, version: int) -> Event:
    """Say what became of a case, with its whole state afterwards."""
    return Event(type=f"cases.case.{verb}", subject=data["number"], sequence=version, data=data)


# cases.joint_case.<verb>: opened advanced closed withdrawn. Advanced: a step, a material or an urging came to it.


def joint_event(verb: str, data: Mapping[str, Any], *, version: int) -> Event:
    """Say what became of a joint case, with its whole state afterwards."""
    return Event(type=f"cases.joint_case.{verb}", subject=data["number"], sequence=version, data=data)
