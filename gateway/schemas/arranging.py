"""How a hall is arranged: departments, zones, queues, windows, opening hours, days of the calendar."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.schemas.appointments import TimeOfDay
from gateway.schemas.common import Answer, Code, Day, Input, Page, Text, Whole, list_of

PREFIX = "^[A-HJ-NP-Z]{1,2}$"


class _Rate(fields.Float):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(0, 100), **kwargs)


def _code(pattern: str, said: str) -> fields.String:
    """Return a field for a code as the hall's tables have it, so that what is made here can be sent with them."""
    rule = validate.Regexp(pattern.replace("$", r"\Z"), error=said)
    return fields.String(required=True, validate=rule, metadata={"pattern": pattern})


SLUG = ("^[a-z0-9][a-z0-9-]{0,39}$", "Lower case letters, digits and '-', at most 40.")


class DepartmentChange(Input):
    """What of a department changes."""

    name = Text(most=100)
    name_en = Text(most=100)
    offers_three_services = fields.Boolean()


class NewDepartment(DepartmentChange):
    """A department."""

    code = _code(*SLUG)
    name = Text(most=100, required=True)
    name_en = Text(most=100, required=True)
    offers_three_services = fields.Boolean(required=True)


class ZoneChange(Input):
    """What of a zone changes."""

    name = Text(most=100)
    name_en = Text(most=100)


class NewZone(Input):
    """A part of the hall, with a board of its own."""

    code = _code("^[A-Z][A-Z0-9]{0,3}$", "A capital letter, then up to three capitals or digits.")
    name = Text(most=100, required=True)
    name_en = Text(most=100, required=True)


class QueueChange(Input):
    """What of a queue changes; rates say how fast a class gains priority."""

    name = Text(most=100)
    name_en = Text(most=100)
    prefix = fields.String(
        validate=validate.Regexp(PREFIX.replace("$", r"\Z"), error="One or two capital letters, not I or O."),
        metadata={"pattern": PREFIX},
    )
    department = Code()
    zone = Code()
    max_wait_s = Whole(least=60, most=86_400)
    priority_rate = _Rate()
    appointment_rate = _Rate()
    walk_in_rate = _Rate()


class NewQueue(QueueChange):
    """What tickets wait in."""

    code = _code(*SLUG)
    name = Text(most=100, required=True)
    name_en = Text(most=100, required=True)
    prefix = fields.String(
        required=True,
        validate=validate.Regexp(PREFIX.replace("$", r"\Z"), error="One or two capital letters, not I or O."),
        metadata={"pattern": PREFIX},
    )
    department = Code(required=True)
    zone = Code(required=True)
    max_wait_s = Whole(least=60, most=86_400, required=True)
    priority_rate = _Rate(required=True)
    appointment_rate = _Rate(required=True)
    walk_in_rate = _Rate(required=True)


class WindowChange(Input):
    """What of a window changes."""

    name = Text(most=100)
    name_en = Text(most=100)
    department = Code()
    zone = Code()
    queues = fields.List(Code(), validate=validate.Length(1, 50))


class NewCounter(Input):
    """A counter, and the queues that it may call from in order: also those of other departments."""

    code = _code("^[0-9]{2,4}$", "Two to four digits.")
    name = Text(most=100, required=True)
    name_en = Text(most=100, required=True)
    department = Code(required=True)
    zone = Code(required=True)
    queues = fields.List(Code(), required=True, validate=validate.Length(1, 50))


class ArrangedWindow(Answer):
    """A window as it is arranged."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    department = fields.String(required=True)
    zone = fields.String(required=True)
    queues = fields.List(fields.String(), required=True)


class HoursChange(Input):
    """Other opening hours of some weekdays; without times a department has the hall's, and the hall none."""

    department = Code(allow_none=True)
    weekdays = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 7)),
        required=True,
        validate=validate.Length(1, 7),
        metadata={"description": "1 is Monday."},
    )
    opens = TimeOfDay()
    closes = TimeOfDay()
    break_starts = TimeOfDay()
    break_ends = TimeOfDay()


class Hours(Answer):
    """Opening hours on a weekday; no department is the whole hall."""

    department = fields.String(allow_none=True)
    weekday = fields.Integer(required=True)
    opens = fields.String(required=True)
    closes = fields.String(required=True)
    breaks = fields.List(fields.Dict(), required=True)


class DaysChange(Input):
    """Days that are worked, or not, against the plain rule of weekdays; null where it holds again."""

    days = fields.List(Day(), required=True, validate=validate.Length(1, 366))
    working = fields.Boolean(required=True, allow_none=True)
    name = Text(most=100)

    @validates_schema(skip_on_field_errors=True)
    def named(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse days that differ and have no name, which stands on the kiosk."""
        if data["working"] is not None and not data.get("name"):
            raise ValidationError("What are these days called?", "name")


class YearQuery(Page):
    """Which year."""

    year = Whole(least=2000, most=2099, required=True, strict=False)


class CalendarDay(Answer):
    """A day that differs from the plain rule of weekdays."""

    day = fields.String(required=True, metadata={"format": "date"})
    working = fields.Boolean(required=True)
    name = fields.String(required=True)


HoursList = list_of(Hours, name="HoursList")
CalendarDayList = list_of(CalendarDay, name="CalendarDayList")
ArrangedWindowList = list_of(ArrangedWindow, name="ArrangedWindowList")
