"""What statistics reads of commendations."""

from marshmallow import fields

from services.chassis.schemas import EventData


class CommendationState(EventData):
    """What statistics keeps of a commendation."""

    department = fields.String(required=True)
    kind = fields.String(required=True)
    received_on = fields.Date(required=True)
    withdrawn = fields.Boolean(required=True)
