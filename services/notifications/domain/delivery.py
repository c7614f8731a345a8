"""A message to one person, and the rules of when it is due and how often it is tried."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

# The states of a message, and where each goes.
TRANSITIONS: Mapping[str, frozenset[str]] = {
    "due": frozenset({"sent", "failed", "dropped"}),
    "failed": frozenset({"due"}),
    "sent": frozenset(),
    "dropped": frozenset(),
}
MOST_TRIES = 5
_DAY_BEFORE_AT = time(18)
_HOUR_BEFORE = timedelta(hours=1)

# Appointments in these states take place; a message of another state is out of date once one of those came later.
LIVE = frozenset({"held", "booked", "waitlisted", "offered"})
# Messages that say that an appointment will take place.
OF_LIVE = ("booked", "rescheduled", "offered", "reminder_day", "reminder_hour")


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A message. `source` and `source_id` say whom it is for: a person known by appointment, ticket or code request.

    `values` holds what is filled into its text; no name, phone or code is among them. `sealed` holds phone and code of
    a one-time code between its being taken and its being sent. `channel` is by what it was sent.
    """

    hall: str
    id: str
    kind: str
    cause: str
    source: str
    source_id: str
    language: str
    values: Mapping[str, Any]
    due_at: datetime
    expires_at: datetime | None
    state: str = "due"
    text: str | None = None
    phone: str | None = None
    tries: int = 0
    sent_at: datetime | None = None
    fault: str | None = None
    sealed: str | None = None
    channel: str | None = None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom a message goes to, in clear; never stored. `code` is that of a one-time code."""

    phone: str
    name: str = ""
    language: str | None = None
    code: str | None = None


class IllegalTransition(ValueError):
    """A message does not go from this state to that."""


def moved(delivery: Delivery, state: str, **changes: Any) -> Delivery:
    """Return the message in another state.

    Raises:
        IllegalTransition: it cannot go there.
    """
    if state not in TRANSITIONS[delivery.state]:
        raise IllegalTransition(f"{delivery.state} -> {state}")
    return replace(delivery, state=state, version=delivery.version + 1, **changes)


def reminders(starts_at: datetime, *, booked_at: datetime, zone: tzinfo) -> dict[str, datetime]:
    """Return when to remind of an appointment: at 18:00 of the day before, and an hour before.

    A moment that had passed when the appointment was booked is left out.
    """
    local = starts_at.astimezone(zone)
    day_before = datetime.combine(local.date() - timedelta(days=1), _DAY_BEFORE_AT, tzinfo=zone)
    moments = {"reminder_day": day_before, "reminder_hour": starts_at - _HOUR_BEFORE}
    return {kind: due for kind, due in moments.items() if due > booked_at}


def pause_s(tries: int, *, base_s: float) -> float:
    """Return the seconds to wait after the n-th failed try: twice as long each time."""
    return base_s * 2.0 ** (tries - 1)
