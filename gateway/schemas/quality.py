"""Quality of service: commendations, evaluations, waits."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Code, Day, Input, Page, Text, list_of

COMMENDATIONS = ("letter", "banner", "plaque")
_DATE: dict[str, Any] = {"format": "date"}
_TIME: dict[str, Any] = {"format": "date-time"}
_SHARE = "A share from 0 to 1; null where there is nothing to share."


def share_of(what: str) -> fields.Float:
    """Return the field of a share."""
    return fields.Float(allow_none=True, metadata={"description": f"{what} {_SHARE}"})


class EvaluationFigures(Answer):
    """How the visits of a group were found."""

    group = fields.String(required=True)
    name = fields.String(allow_none=True)
    name_en = fields.String(allow_none=True)
    evaluations = fields.Integer(required=True)
    levels = fields.Dict(
        keys=fields.String(), values=fields.Integer(), metadata={"description": "How many of each level."}
    )
    negative = fields.Integer(required=True, metadata={"description": "Levels 1 and 2."})
    followed_up = fields.Integer(required=True, metadata={"description": "Of the negative ones."})
    satisfaction_rate = share_of("Those that are not negative.")
    follow_up_rate = share_of("Negative ones that were followed up.")


class NewCommendation(Input):
    """A thank-you letter, banner or plaque that a department received."""

    department = Code(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(COMMENDATIONS))
    received_on = Day(required=True)
    note = Text(most=500, least=0, metadata={"description": "Says nothing about persons."})


class CommendationChanges(Input):
    """What is to be set right, and why."""

    reason = Text(most=200, required=True)
    department = Code()
    kind = fields.String(validate=validate.OneOf(COMMENDATIONS))
    received_on = Day()
    note = Text(most=500, least=0)


class Reason(Input):
    """Why."""

    reason = Text(most=200, required=True)


class Commendation(Answer):
    """A commendation."""

    id = fields.String(required=True)
    department = fields.String(required=True)
    kind = fields.String(required=True)
    received_on = fields.String(required=True, metadata=_DATE)
    note = fields.String(required=True)
    recorded_by = fields.String(required=True)
    recorded_at = fields.String(required=True, metadata=_TIME)
    version = fields.Integer(required=True)
    withdrawn_at = fields.String(allow_none=True, metadata=_TIME)


class CommendationChange(Answer):
    """What a commendation was before a change, with why and by whom it was changed."""

    version = fields.Integer(required=True)
    department = fields.String(required=True)
    kind = fields.String(required=True)
    received_on = fields.String(required=True, metadata=_DATE)
    note = fields.String(required=True)
    reason = fields.String(required=True)
    changed_by = fields.String(required=True)
    changed_at = fields.String(required=True, metadata=_TIME)


class CommendationHistory(Commendation):
    """A commendation with its changes."""

    history = fields.List(fields.Nested(CommendationChange), required=True)


CommendationList = list_of(Commendation, name="CommendationList")
EvaluationFiguresList = list_of(EvaluationFigures, name="EvaluationFiguresList")


class Dates(Page):
    """These dates, both included."""

    class Meta(Page.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(required=True), "to": Day(required=True)}  # noqa: RUF012


class CommendationQuery(Dates):
    """Commendations received on these dates."""

    department = Code()
    kind = fields.String(validate=validate.OneOf(COMMENDATIONS))


class EvaluationFigureQuery(Dates):
    """Evaluations of visits on these dates."""

    group = fields.String(required=True, validate=validate.OneOf(["department", "item"]))
