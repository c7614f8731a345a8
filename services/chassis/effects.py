"""Whom a change would touch, before anybody makes it: one question of every service that promises people something.

    class Dispatch(Promising):
        touches = {"item": Touches(ItemChange(), effects.of_item), "crew": Touches(CrewChange(), effects.of_crew)}

A service answers for the kinds of change that reach what it has promised, with counts of its own, and for the others
with nothing. Nothing is locked: it is the number of this moment.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from services.chassis.caller import Caller
from services.chassis.errors import Forbidden
from services.chassis.schemas import Code, Request
from services.chassis.service import Service, load_request, question

MOST_EXAMPLES = 3
# What is counted; each service counts its own.
BOOKINGS, WAITING, TICKETS, CASES, VISITS, SESSIONS = KINDS = (
    "bookings", "waiting", "tickets", "cases", "visits", "sessions",
)  # fmt: skip
_CLOCK = validate.Regexp(r"(?:[01]\d|2[0-3]):[0-5]\d\Z", error="A time of day is HH:MM.")


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Something that was promised: the number that people know it by, and its day where it has one."""

    number: str
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Touched:
    """The promises of a kind that a change reaches: how many there are, and some of them."""

    count: int
    some: Sequence[Promise]


Found = Mapping[str, Touched]


def touched(promises: Iterable[Promise]) -> Touched:
    """Return all promises of a kind that a change reaches."""
    found = list(promises)
    return Touched(count=len(found), some=found[:MOST_EXAMPLES])


def counted(rows: Sequence[Mapping[str, Any]]) -> Touched:
    """Return what rows `{number, day, count}` say, a few of all of them, each with how many there are in all."""
    some = [Promise(number=row["number"], day=row["day"]) for row in rows[:MOST_EXAMPLES]]
    return Touched(count=rows[0]["count"] if rows else 0, some=some)


def told(found: Found) -> dict[str, Any]:
    """Return what a change reaches as it goes over the bus: a number for each kind, and examples of all."""
    examples = [
        {"kind": kind, "number": each.number, "on": each.day and each.day.isoformat()}
        for kind, of_kind in found.items()
        for each in of_kind.some
    ]
    return {**{kind: each.count for kind, each in found.items()}, "examples": examples}


class NotYourChange(Forbidden):
    """Your role does not make this change."""

    code = "role_missing"


class ItemChange(Request):
    """From which day on an item is done by which department; by none when it ends."""

    item = Code(required=True)
    from_ = fields.Date(data_key="from", required=True)
    department = Code(allow_none=True, load_default=None)


class DaysChange(Request):
    """Days on which the hall would not work."""

    days = fields.List(fields.Date(), required=True, validate=validate.Length(1, 366))


class Pause(Request):
    """A break between opening and closing."""

    starts = fields.String(required=True, validate=_CLOCK)
    ends = fields.String(required=True, validate=_CLOCK)


class Opening(Request):
    """The hours of a weekday, of the whole hall when no department is named."""

    department = Code(allow_none=True, load_default=None)
    weekday = fields.Integer(required=True, validate=validate.Range(1, 7))
    opens = fields.String(required=True, validate=_CLOCK)
    closes = fields.String(required=True, validate=_CLOCK)
    breaks = fields.List(fields.Nested(Pause), load_default=list, validate=validate.Length(max=10))

    @validates_schema
    def in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse times that do not follow one another."""
        pauses = sorted((each["starts"], each["ends"]) for each in data["breaks"])
        edges = [data["opens"], *(edge for pause in pauses for edge in pause), data["closes"]]
        if any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValidationError("The hours do not follow one another.", "closes")


class HoursChange(Request):
    """What all opening hours of the hall would be from a day on."""

    hours = fields.List(fields.Nested(Opening), required=True, validate=validate.Length(max=1000))
    from_ = fields.Date(data_key="from", required=True)


class DepartmentChange(Request):
    """From which day on a department takes appointments and visits people, or does not; or that it leaves the hall."""

    department = Code(required=True)
    from_ = fields.Date(data_key="from", required=True)
    ends = fields.Boolean(load_default=False)
    offers = fields.Boolean(allow_none=True, load_default=None)


class WindowChange(Request):
    """From which queues a window calls, now; from none when it is closed."""

    window = Code(required=True)
    queues = fields.List(Code(), load_default=list, validate=validate.Length(max=100))


class ClosureChange(Request):
    """From when to when the hall, a department or a window would be closed, and of the hall which days wholly."""

    department = Code(allow_none=True, load_default=None)
    window = Code(allow_none=True, load_default=None)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    days = fields.List(fields.Date(), load_default=list, validate=validate.Length(max=400))


@dataclass(frozen=True, kw_only=True)
class Touches:
    """How a service answers for a kind of change: `find(store, caller, **change)`, asked by who may make it."""

    takes: Request
    find: Callable[..., Found]
    roles: Sequence[str] = ("manager",)


class _Change(Request):
    change = Code(required=True)
    about = fields.Dict(required=True)


class Promising(Service):
    """A service that has promised people something."""

    touches: ClassVar[Mapping[str, Touches]]

    @question(_Change())
    def effects(self, store: Any, request: Mapping[str, Any]) -> dict[str, Any]:
        """Whom would a change touch, of those to whom this service has promised something?"""
        known = self.touches.get(request["change"])
        return {} if known is None else answer(known, store, self.caller, request["about"])


def answer(known: Touches, store: Any, caller: Caller, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a change reaches.

    Raises:
        NotYourChange: the caller may not make it.
        Invalid: it is no such change.
    """
    if not caller.has(*known.roles):
        raise NotYourChange
    return told(known.find(store, caller, **load_request(known.takes, dict(about))))
