"""Rows as the domain knows them, and back."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, time
from typing import Any

from services.chassis import wire
from services.dispatch.domain.crew import Absence, Crew
from services.dispatch.domain.order import Order, Person

_ORDER = [field.name for field in fields(Order) if field.name != "person"]
_PERSON = [field.name for field in fields(Person)]
_MASKED = ("name", "phone", "address")
_CREW = [field.name for field in fields(Crew) if field.name not in ("shifts", "breaks", "absences")]


def order_of(row: Mapping[str, Any]) -> Order:
    """Return an order."""
    masked = {name: row[f"{name}_masked"] for name in _MASKED}
    person = Person(**{name: row[name] for name in _PERSON if name not in _MASKED}, **masked)
    plain = {name: row[name] for name in _ORDER}
    plain |= {"id": str(row["id"]), "plan": str(row["plan"]) if row["plan"] else None}
    return Order(**{**plain, "cases": tuple(row["cases"])}, person=person)


def order_row(order: Order) -> dict[str, Any]:
    """Return what of an order is stored."""
    row = {name: getattr(order, name) for name in _ORDER} | {"cases": list(order.cases)}
    return row | {name: getattr(order.person, name) for name in _PERSON}


def crew_of(row: Mapping[str, Any]) -> Crew:
    """Return a crew."""
    shifts = {
        int(weekday): (time.fromisoformat(starts), time.fromisoformat(ends))
        for weekday, (starts, ends) in row["shifts"].items()
    }
    breaks = {
        int(weekday): [(time.fromisoformat(starts), time.fromisoformat(ends)) for starts, ends in pauses]
        for weekday, pauses in row["breaks"].items()
    }
    absences = [_absence(each) for each in row["absences"]]
    return Crew(**{name: row[name] for name in _CREW}, shifts=shifts, breaks=breaks, absences=absences)


def crew_row(crew: Crew) -> dict[str, Any]:
    """Return what of a crew is stored."""
    shifts = {
        str(day): [f"{starts:%H:%M}", f"{ends:%H:%M}"] for day, (starts, ends) in sorted(crew.shifts.items())
    }
    breaks = {
        str(day): [[f"{starts:%H:%M}", f"{ends:%H:%M}"] for starts, ends in pauses]
        for day, pauses in sorted(crew.breaks.items())
    }
    row = {name: getattr(crew, name) for name in _CREW}
    lists = {name: list(row[name]) for name in ("members", "departments", "items", "days_off")}
    return {**row, **lists, "shifts": wire.dumps(shifts), "breaks": wire.dumps(breaks)}


def _absence(row: Mapping[str, Any]) -> Absence:
    days = {name: date.fromisoformat(row[name]) for name in ("first", "last")}
    return Absence(member=row["member"], reason=row["reason"], **days)
