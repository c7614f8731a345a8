"""Closures: when the hall, a department or a window does not serve."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.schemas.common import Answer, Code, Input, Moment, Page, Text, list_of

SCOPES = ("hall", "department", "window")
STATES = ("coming", "running", "past", "called_off")


class Closure(Answer):
    """A stretch of time in which the hall, a department or a window does not serve though the calendar says so."""

    id = fields.String(required=True)
    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))
    department = fields.String(allow_none=True)
    window = fields.String(allow_none=True)
    starts_at = fields.String(required=True, metadata={"format": "date-time"})
    ends_at = fields.String(
        required=True, metadata={"format": "date-time", "description": "As it was announced."}
    )
    until = fields.String(
        required=True,
        metadata={
            "format": "date-time",
            "description": "When it ends or has ended; its start when called off.",
        },
    )
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    reason = fields.String(required=True)
    reason_en = fields.String(required=True)
    recorded_at = fields.String(metadata={"format": "date-time"})
    recorded_by = fields.String(allow_none=True, metadata={"description": "Told to staff alone."})
    ended_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    ended_by = fields.String(allow_none=True, metadata={"description": "Told to staff alone."})


ClosureList = list_of(Closure, name="ClosureList")


class ClosureQuery(Page):
    """Which closures."""

    state = fields.String(validate=validate.OneOf(STATES))
    department = Code()
    window = Code()


class _What(Input):
    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))
    department = Code(metadata={"description": "Which one, where the scope is a department."})
    window = Code(metadata={"description": "Which one, where the scope is a window."})
    starts_at = Moment(required=True, metadata={"description": "What has begun already begins now."})
    ends_at = Moment(required=True)
    reason_en = Text(most=200, least=0)

    @validates_schema(skip_on_field_errors=True)
    def one_place(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a place that is not what the scope says, or none where it wants one."""
        for place in ("department", "window"):
            if (place in data) != (data["scope"] == place):
                raise ValidationError("Named where it is what is closed, and there alone.", place)


class NewClosure(_What):
    """What is closed, from when to when, and why."""

    reason = Text(most=200, required=True)


class ClosureEffectsQuery(_What):
    """What would be closed, from when to when; the words touch nobody."""

    reason = Text(most=200)
