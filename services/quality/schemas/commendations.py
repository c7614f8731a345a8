"""Commendations: what is asked, answered and told."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.chassis.schemas import Code, Dates, Reply, Request, Wording
from services.quality.domain.commendations import KINDS


class RecordCommendation(Request):
    """A letter, banner or plaque."""

    department = Code(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    received_on = fields.Date(required=True)
    note = Wording(most=500, least=0, load_default="")


class CommendationId(Request):
    """One commendation."""

    id = fields.UUID(required=True)


class CorrectCommendation(CommendationId):
    """What is to be changed, and why; what is left out stays."""

    reason = Wording(required=True)
    department = Code()
    kind = fields.String(validate=validate.OneOf(KINDS))
    received_on = fields.Date()
    note = Wording(most=500, least=0)

    @validates_schema
    def changes_something(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse a correction of nothing."""
        if not data.keys() - {"id", "reason"}:
            raise ValidationError("Nothing is to be changed.")


class WithdrawCommendation(CommendationId):
    """Why it does not count."""

    reason = Wording(required=True)


class ListCommendations(Dates):
    """Which commendations."""

    department = Code(load_default=None, allow_none=True)
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(KINDS))


class CommendationReply(Reply):
    """A commendation."""

    id = fields.String()
    department = fields.String()
    kind = fields.String()
    received_on = fields.Date()
    note = fields.String()
    recorded_by = fields.String()
    recorded_at = fields.AwareDateTime()
    version = fields.Integer()
    withdrawn_at = fields.AwareDateTime(allow_none=True)


class CommendationChange(Reply):
    """What a commendation was before a change."""

    version = fields.Integer()
    department = fields.String()
    kind = fields.String()
    received_on = fields.Date()
    note = fields.String()
    reason = fields.String()
    changed_by = fields.String()
    changed_at = fields.AwareDateTime()


class CommendationHistory(CommendationReply):
    """A commendation with its changes."""

    history = fields.List(fields.Nested(CommendationChange))


class CommendationEvent(Reply):
    """What others are told of a commendation."""

    id = fields.String()
    department = fields.String()
    kind = fields.String()
    received_on = fields.Date()
    withdrawn = fields.Function(lambda commendation: commendation.withdrawn_at is not None)
