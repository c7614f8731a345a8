"""Extended sessions and overtime."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.schemas.common import Answer, Code, Day, Input, Moment, Page, list_of

SESSION_STATES = ("planned", "open", "closed", "cancelled")
_TIME = {"format": "date-time"}


class StaffOvertime(Answer):
    """One person's overtime in a session."""

    staff = fields.String(required=True)
    minutes = fields.Integer(required=True)


class Session(Answer):
    """A department stays open past closing, at noon or on a rest day."""

    id = fields.String(required=True)
    department = fields.String(required=True)
    windows = fields.List(fields.String(), required=True)
    staff = fields.List(fields.String(), required=True)
    starts_at = fields.String(required=True, metadata=_TIME)
    ends_at = fields.String(required=True, metadata=_TIME)
    state = fields.String(required=True, validate=validate.OneOf(SESSION_STATES))
    opened_at = fields.String(allow_none=True, metadata=_TIME)
    closed_at = fields.String(allow_none=True, metadata=_TIME)
    overtime_minutes = fields.Integer(required=True)
    overtime = fields.List(fields.Nested(StaffOvertime), required=True)


class Overtime(Answer):
    """A stretch of overtime of one person on one business date."""

    id = fields.String(required=True)
    session = fields.String(required=True)
    staff = fields.String(required=True)
    department = fields.String(required=True)
    business_date = fields.String(required=True, metadata={"format": "date"})
    starts_at = fields.String(required=True, metadata=_TIME)
    ends_at = fields.String(required=True, metadata=_TIME)
    minutes = fields.Integer(required=True)


SessionList = list_of(Session, name="SessionList")
OvertimeList = list_of(Overtime, name="OvertimeList")


class NewSession(Input):
    """Plan an extended session."""

    department = Code(required=True)
    windows = fields.List(Code(), validate=validate.Length(1, 100), required=True)
    staff = fields.List(Code(), validate=validate.Length(1, 400), required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a session that ends before it begins."""
        if datetime.fromisoformat(data["ends_at"]) <= datetime.fromisoformat(data["starts_at"]):
            raise ValidationError("Must be after `starts_at`.", "ends_at")


class _Dates(Page):
    """These dates, both included."""

    class Meta(Page.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(required=True), "to": Day(required=True)}  # noqa: RUF012

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a range that ends before it begins."""
        if data["to"] < data["from"]:
            raise ValidationError("May not be before `from`.", "to")


class SessionQuery(_Dates):
    """Sessions on these dates."""

    department = Code()


class OvertimeQuery(_Dates):
    """Overtime on these dates."""

    department = Code()
    staff = Code()
