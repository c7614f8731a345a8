"""What the catalogue tells the others; each event carries the whole state of its subject."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.chassis.outbox import Event

DEPARTMENT = ("code", "name", "name_en", "offers_three_services")
ZONE = ("code", "name", "name_en")
QUEUE = ("code", "prefix", "name", "name_en", "department", "zone", "max_wait_s", "rates")
WINDOW = ("code", "name", "name_en", "department", "zone", "queues")
ITEM = (
    "code",
    "name",
    "name_en",
    "department",
    "queue",
    "kind",
    "time_limit_days",
    "service_seconds",
    "chains",
    "state",
    "effective_from",
    "revision",
)
CLOSURE = ("id", "department", "window", "starts_at", "reason", "reason_en")

# What of an item counts by the day: where it is done, whether it is offered, and what is promised of it.
TERM = ("effective_from", "state", "department", "queue", "time_limit_days", "service_seconds")


def _published(aggregate: str, fields: Sequence[str], of: object, *, sequence: int) -> Event:
    data = {field: getattr(of, field) for field in fields}
    return Event(
        type=f"catalogue.{aggregate}.published", subject=str(data["code"]), sequence=sequence, data=data
    )


def department_published(department: object, *, sequence: int) -> Event:
    """A department is new or has changed."""
    return _published("department", DEPARTMENT, department, sequence=sequence)


def zone_published(zone: object, *, sequence: int) -> Event:
    """A zone is new or has changed."""
    return _published("zone", ZONE, zone, sequence=sequence)


def queue_published(queue: object, *, sequence: int) -> Event:
    """A queue is new or has changed."""
    return _published("queue", QUEUE, queue, sequence=sequence)


def window_published(window: object, *, sequence: int) -> Event:
    """A window is new or has changed."""
    return _published("window", WINDOW, window, sequence=sequence)


def item_published(item: object, *, sequence: int) -> Event:
    """An item is new, has changed or is withdrawn, from today on."""
    return _published("item", ITEM, item, sequence=sequence)


def item_dated(code: str, course: Sequence[object], *, sequence: int) -> Event:
    """What an item is from each of some days on, past and announced, all of them; the days are in order."""
    terms = [{field: getattr(each, field) for field in TERM} for each in course]
    return Event(
        type="catalogue.item.dated", subject=code, sequence=sequence, data={"code": code, "terms": terms}
    )


def hours_published(hall: str, hours: Sequence[Mapping[str, Any]], *, time_zone: str, sequence: int) -> Event:
    """The opening hours of a hall, all of them."""
    return Event(
        type="catalogue.hours.published",
        subject=hall,
        sequence=sequence,
        data={"hours": list(hours), "time_zone": time_zone},
    )


def calendar_published(year: int, days: Sequence[Mapping[str, Any]], *, sequence: int) -> Event:
    """The days of a year that differ from the plain rule of working days."""
    return Event(
        type="catalogue.calendar.published",
        subject=str(year),
        sequence=sequence,
        data={"year": year, "days": list(days)},
    )


def closure_published(closure: Any, *, days: Sequence[date], sequence: int) -> Event:
    """A closure is announced, ended early, or called off: then it ends as it begins.

    Args:
        closure: as it is.
        days: those of which it leaves the hall nothing.
        sequence: how often it was told.
    """
    data = {
        **{field: getattr(closure, field) for field in CLOSURE},
        "ends_at": closure.until,
        "days": list(days),
    }
    return Event(type="catalogue.closure.published", subject=closure.id, sequence=sequence, data=data)
