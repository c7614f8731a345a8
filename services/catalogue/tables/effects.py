"""Whom the tables of a hall would touch by what they change, before they are sent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.catalogue.tables.hall import Hall, Record
from services.catalogue.tables.sending import Call

# Services that have promised people something.
PROMISING = ("appointments", "ticketing", "cases", "dispatch")
MOST_DAYS_OFF = 366


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that tables change for people: its kind as services know it, its subject, and what they are asked."""

    kind: str
    subject: str
    about: Record
    said: str


def changes(
    hall: Hall, *, today: date, offered: Iterable[tuple[str, str]], before: Hall | None = None
) -> Iterator[Change]:
    """Yield days off to come, opening hours, departments that take no appointments, items that move or end.

    Args:
        hall: what the tables say.
        today: the hall's business date.
        offered: the items that there are, each with its department.
        before: what there is, so that only what differs from it is a change.
    """
    calendar, departments = (before.calendar, before.departments) if before else ([], [])
    since = {"from": today.isoformat()}
    off = sorted(set(_days_off(hall.calendar)) - set(_days_off(calendar)))
    coming = [day for day in off if day >= today.isoformat()][:MOST_DAYS_OFF]
    if coming:
        said = f"{len(coming)} days off to come"
        yield Change(kind="days", subject=str(len(coming)), about={"days": coming}, said=said)
    if hall.hours and (before is None or _by_day(hall.hours) != _by_day(before.hours)):
        hours = {"hours": [_opening(row) for row in hall.hours], **since}
        yield Change(kind="hours", subject="", about=hours, said="the opening hours")
    without = {row["code"] for row in departments if not row["offers_three_services"]}
    for row in hall.departments:
        if not row["offers_three_services"] and row["code"] not in without:
            about = {"department": row["code"], "offers": False, **since}
            said = f"no appointments and visits of {row['code']}"
            yield Change(kind="department", subject=row["code"], about=about, said=said)
    yield from _items(hall, offered, since)


def _items(hall: Hall, offered: Iterable[tuple[str, str]], since: Record) -> Iterator[Change]:
    wanted = {row["code"]: row["department"] for row in hall.items}
    for item, department in offered:
        if wanted.get(item) != department:
            becomes = f"move to {wanted[item]}" if item in wanted else "end"
            about = {"item": item, "department": wanted.get(item), **since}
            yield Change(kind="item", subject=item, about=about, said=f"the {becomes} of {item}")


def touched(change: Change, *, call: Call) -> Record:
    """Return how many people a change touches, by what they were promised, with examples."""
    found: Record = {}
    examples: list[Any] = []
    for service in PROMISING:
        answer = dict(call(service, "effects", {"change": change.kind, "about": change.about}))
        examples += answer.pop("examples", [])
        found |= answer
    return {**found, "examples": examples}


def touches_anybody(found: Mapping[str, Any]) -> bool:
    """Tell whether a change touches anybody at all."""
    return any(count for name, count in found.items() if name != "examples")


def _days_off(calendar: Iterable[Record]) -> list[str]:
    return [str(row["day"]) for row in calendar if not row["working"]]


def _by_day(hours: Iterable[Record]) -> list[tuple[Any, ...]]:
    return sorted(
        (row["department"] or "", row["weekday"], str(sorted(row.items(), key=str))) for row in hours
    )


def _opening(row: Record) -> Record:
    """Return opening hours as events have them."""
    pause = row["break_starts"] and {"starts": row["break_starts"], "ends": row["break_ends"]}
    times = {name: row[name] for name in ("department", "weekday", "opens", "closes")}
    return times | {"breaks": [pause] if pause else []}
