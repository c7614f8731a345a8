"""Whom a change would touch, before anybody makes it."""

import re
from typing import Any

from marshmallow import fields, validate

from gateway.schemas.appointments import TimeOfDay
from gateway.schemas.common import Answer, Code, Day, Input, Whole

_CODES = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"


class Effects(Answer):
    """How many people a change touches, as of this moment; those whose promise falls are told once it is made."""

    bookings = fields.Integer(metadata={"description": "Appointments that lose their place and are told."})
    waiting = fields.Integer(
        metadata={"description": "Wishes on the waitlist that can be met there no more."}
    )
    tickets = fields.Integer(metadata={"description": "People with a number; they are served all the same."})
    cases = fields.Integer(metadata={"description": "Open cases, which are carried on."})
    visits = fields.Integer(metadata={"description": "On-site orders to which nobody can come as promised."})


class ItemEffectsQuery(Input):
    """What becomes of an item: from which day (today when left out), and the department then; it ends without one."""

    effective_from = Day()
    department = Code()


class DaysEffectsQuery(Input):
    """Days on which the hall would not work, the last of them included; one day without `to`."""

    class Meta(Input.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(required=True), "to": Day()}  # noqa: RUF012


class AbsenceEffectsQuery(DaysEffectsQuery):
    """Who would not be there; the whole crew when no member is named."""

    member = Code()


class PlanEffectsQuery(Input):
    """What of a slot plan changes; what is left out stays. With `from` alone: it makes no slots from that day on."""

    class Meta(Input.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day()}  # noqa: RUF012

    items = fields.String(
        validate=validate.Regexp(re.compile(rf"(?:{_CODES}(?:,{_CODES}){{0,699}})?\Z")),
        metadata={"description": "Codes of items, by commas; empty for all of the department's."},
    )
    weekdays = fields.String(
        validate=validate.Regexp(re.compile(r"[1-7](?:,[1-7]){0,6}\Z")),
        metadata={"description": "1 Monday to 7 Sunday, by commas."},
    )
    starts = TimeOfDay()
    ends = TimeOfDay()
    slot_minutes = Whole(least=5, most=480, strict=False)
    capacity = Whole(least=1, most=1000, strict=False)
    valid_from = Day()
    valid_to = fields.String(
        validate=validate.Regexp(re.compile(r"(?:20\d{2}-\d{2}-\d{2})?\Z")),
        metadata={"description": "The last day; empty for no end."},
    )


def plan_changes(query: dict[str, Any]) -> dict[str, Any]:
    """Return a query's changes as the service takes them."""
    changes = dict(query)
    if "items" in changes:
        changes["items"] = [code for code in changes["items"].split(",") if code]
    if "weekdays" in changes:
        changes["weekdays"] = [int(day) for day in changes["weekdays"].split(",")]
    if "valid_to" in changes:
        changes["valid_to"] = changes["valid_to"] or None
    return changes
