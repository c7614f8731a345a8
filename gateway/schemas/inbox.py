"""What somebody was given to do."""

from marshmallow import fields, validate

from gateway.schemas.common import Answer, list_of

KINDS = ("follow_up", "anomaly", "action")


class Task(Answer):
    """Something that an account, or its department, was given to do by a day."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(KINDS),
        metadata={
            "description": "follow_up: a negative evaluation; anomaly: to be explained; action: agreed in a meeting."
        },
    )
    id = fields.String(required=True)
    department = fields.String(allow_none=True)
    due_on = fields.String(allow_none=True, metadata={"format": "date"})
    overdue = fields.Boolean(required=True)
    title = fields.String(required=True)
    title_en = fields.String(allow_none=True)
    text = fields.String(allow_none=True)


class Inbox(list_of(Task, name="TaskList")):  # type: ignore[misc]
    """What somebody was given to do, as far as it is known."""

    missing = fields.List(
        fields.String(validate=validate.OneOf(KINDS)),
        required=True,
        metadata={"description": "Kinds whose service does not answer just now."},
    )
