"""Cases."""

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Code, Input, Text, list_of

OUTCOMES = ("granted", "refused")
ORIGINS = ("walk_in", "phone", "web", "extended", "on_site")


class Case(Answer):
    """Business accepted at a window or at the applicant's place."""

    number = fields.String(required=True)
    item = fields.String(required=True)
    department = fields.String(required=True)
    state = fields.String(required=True)
    accepted_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    due_on = fields.String(
        allow_none=True,
        metadata={
            "format": "date",
            "description": "Worked out anew when the hall's calendar changes; null while the clock stands still.",
        },
    )
    days_left = fields.Integer(
        allow_none=True,
        metadata={
            "description": "Working days left while the clock stands still (`correction`); below 0 for what was late "
            "already. Null while it runs."
        },
    )
    decided_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    outcome = fields.String(
        allow_none=True,
        validate=validate.OneOf(OUTCOMES),
        metadata={"description": "What was decided; null while it is not. Both count as decided."},
    )
    on_time = fields.Boolean(allow_none=True)
    origin = fields.String(required=True, validate=validate.OneOf(ORIGINS))
    ticket = fields.String(allow_none=True)
    onsite_order = fields.String(allow_none=True, metadata={"description": "Accepted on this on-site order."})


CaseList = list_of(Case, name="CaseList")


class NewCase(Input):
    """Accept a case for a ticket that is being served."""

    item = Code(required=True)
    applicant_ref = Text(
        most=64,
        allow_none=True,
        metadata={"description": "The department's own reference; no personal data."},
    )
    joint_case = Code(
        allow_none=True,
        metadata={
            "description": "The joint case this is a step of: one of the hall's, as `J2026-00012`, whose step of this "
            "item is ready; any other code names one that is kept elsewhere."
        },
    )


class Decision(Input):
    """What was decided."""

    outcome = fields.String(validate=validate.OneOf(OUTCOMES), load_default="granted")
    reason = Text(
        most=200,
        allow_none=True,
        metadata={"description": "Needed by a refusal; names nobody."},
    )


class Reason(Input):
    """Why."""

    reason = Text(most=200, required=True)
