"""Joint approval."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.cases import Case
from gateway.schemas.common import Answer, Code, Day, Input, Page, Text, list_of

STATES = ("open", "closed", "withdrawn")
STEP_STATES = ("waiting", "ready", "under_way", "committed", "closed")
MOST_STEPS, MOST_MATERIALS = 40, 100
_DATE: dict[str, Any] = {"format": "date"}
_TIME: dict[str, Any] = {"format": "date-time"}


class PlannedStep(Answer):
    """What one department does, after other steps."""

    step = fields.String(required=True)
    item = fields.String(required=True)
    department = fields.String(required=True)
    after = fields.List(fields.String(), required=True)


class PlannedMaterial(Answer):
    """What is handed in once, and the steps that need it."""

    material = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(allow_none=True)
    needed_by = fields.List(fields.String(), required=True)


class JointProcedure(Answer):
    """How a kind of project is approved by several departments."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(allow_none=True)
    lead = fields.String(required=True, metadata={"description": "The department that opens and closes."})
    preconditioned = fields.Boolean(
        required=True,
        metadata={"description": "A co-handler's written commitment counts as its step's closing."},
    )
    state = fields.String(required=True, validate=validate.OneOf(("active", "withdrawn")))
    steps = fields.List(fields.Nested(PlannedStep), required=True)
    materials = fields.List(fields.Nested(PlannedMaterial), required=True)
    defined_at = fields.String(required=True, metadata=_TIME)
    defined_by = fields.String(allow_none=True)


JointProcedureList = list_of(JointProcedure, name="JointProcedureList")


class NewStep(Input):
    """A step: an item, whose department does it."""

    step = Code(required=True)
    item = Code(required=True)
    after = fields.List(Code(), metadata={"description": "Steps that have to be done before."})


class NewMaterial(Input):
    """A material and the steps that need it."""

    material = Code(required=True)
    name = Text(most=100, required=True)
    name_en = Text(most=200, allow_none=True)
    needed_by = fields.List(Code(), required=True, validate=validate.Length(min=1))


class JointProcedurePlan(Input):
    """How a kind of project is approved from now on."""

    name = Text(most=100, required=True)
    name_en = Text(most=200, allow_none=True)
    lead = Code(required=True, metadata={"description": "A department with a step."})
    preconditioned = fields.Boolean()
    steps = fields.List(fields.Nested(NewStep), required=True, validate=validate.Length(2, MOST_STEPS))
    materials = fields.List(fields.Nested(NewMaterial), validate=validate.Length(max=MOST_MATERIALS))


class NewJointProcedure(JointProcedurePlan):
    """Define how a kind of project is approved."""

    code = Code(required=True)


class NewJointCase(Input):
    """Open a joint case."""

    procedure = Code(required=True)
    project = Text(most=100, required=True, metadata={"description": "No personal data."})
    applicant_ref = Text(
        most=64,
        allow_none=True,
        metadata={"description": "The department's own reference; no personal data."},
    )


class Commitment(Answer):
    """A co-handler's written word that its step will be done."""

    text = fields.String(required=True)
    fulfil_by = fields.String(required=True, metadata=_DATE)
    made_at = fields.String(required=True, metadata=_TIME)
    made_by = fields.String(allow_none=True)


class Urging(Answer):
    """What was written to the department of a step."""

    text = fields.String(required=True)
    urged_at = fields.String(required=True, metadata=_TIME)
    urged_by = fields.String(allow_none=True)


class StepInterval(Answer):
    """A stay of a step in a state."""

    state = fields.String(required=True, validate=validate.OneOf(STEP_STATES))
    entered_at = fields.String(required=True, metadata=_TIME)
    left_at = fields.String(allow_none=True, metadata=_TIME)


class JointStep(PlannedStep):
    """A step of a joint case: its case, a commitment, what its department was written."""

    state = fields.String(required=True, validate=validate.OneOf(STEP_STATES))
    since = fields.String(required=True, metadata=_TIME)
    late = fields.Boolean(
        required=True, metadata={"description": "Past its case's due date or the day of its commitment."}
    )
    waits_for = fields.List(fields.String(), required=True)
    case = fields.Nested(Case, allow_none=True)
    correction = fields.String(
        allow_none=True, metadata={"description": "What the case's applicant was asked to correct."}
    )
    commitment = fields.Nested(Commitment, allow_none=True)
    urgings = fields.List(fields.Nested(Urging), required=True)
    history = fields.List(fields.Nested(StepInterval), required=True)


class JointMaterial(PlannedMaterial):
    """A material of a joint case: `department` is where it was handed in, `reference` where it is filed."""

    handed_in_at = fields.String(allow_none=True, metadata=_TIME)
    handed_in_by = fields.String(allow_none=True)
    department = fields.String(allow_none=True)
    reference = fields.String(allow_none=True)


class JointCase(Answer):
    """A project under approval."""

    number = fields.String(required=True)
    procedure = fields.String(required=True)
    project = fields.String(required=True)
    applicant_ref = fields.String(allow_none=True)
    lead = fields.String(required=True)
    preconditioned = fields.Boolean(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    opened_at = fields.String(required=True, metadata=_TIME)
    opened_by = fields.String(allow_none=True)
    ended_at = fields.String(allow_none=True, metadata=_TIME)
    ended_by = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    steps = fields.List(fields.Nested(JointStep), required=True)
    materials = fields.List(fields.Nested(JointMaterial), required=True)


JointCaseList = list_of(JointCase, name="JointCaseList")


class JointCaseQuery(Page):
    """Which joint cases; a department's are those it leads or has a step in."""

    state = fields.String(validate=validate.OneOf(STATES))
    department = Code()


class HandIn(Input):
    """Where a material is filed."""

    reference = Text(most=64, allow_none=True, metadata={"description": "No personal data."})


class NewCommitment(Input):
    """What a co-handler promises, and until when."""

    text = Text(most=500, required=True)
    fulfil_by = Day(required=True)


class NewUrging(Input):
    """What is written to the department of a step."""

    text = Text(most=500, required=True)
