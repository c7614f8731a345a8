"""Questions for quarters."""

from marshmallow import fields

from services.chassis.schemas import Request


class GetQuarter(Request):
    """One quarter, as 2026-Q3."""

    period = fields.String(required=True)
