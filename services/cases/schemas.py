"""What goes in and out of cases, and what it reads of others' facts."""

import re
from typing import Any

from marshmallow import fields, post_load, validate

from services.cases.domain import case as rules
from services.chassis.schemas import Code, EventData, Reply, Request, Text, Wording

NUMBER = validate.Regexp(r"\d{4}-\d{7,}\Z", error="Not a case number, as 2026-0000123.")
JOINT_NUMBER = re.compile(r"J\d{4}-\d{5,}\Z")
MOST_STEPS = 40
MOST_MATERIALS = 100
OPAQUE = validate.Regexp(
    r"[A-Za-z0-9][A-Za-z0-9._:/-]*\Z", error="Give an opaque reference: letters, digits, ._:/-"
)


class AcceptCase(Request):
    """A case accepted on a ticket. `applicant_ref` is opaque, never a name, identity or phone number.

    A `joint_case` of the hall's own form is one of the hall's; any other names one that is kept elsewhere.
    """

    ticket = Text(most=64, required=True)
    item = Code(required=True)
    applicant_ref = Wording(most=64, rules=[OPAQUE], allow_none=True, load_default=None)
    joint_case = Code(allow_none=True, load_default=None)


class CaseNumber(Request):
    """Which case."""

    number = fields.String(required=True, validate=NUMBER)


class CaseAndReason(CaseNumber):
    """Which case, and why."""

    reason = Wording(required=True)


class DecideCase(CaseNumber):
    """Which case, what was decided, and why; a refusal needs a reason."""

    outcome = fields.String(validate=validate.OneOf(rules.OUTCOMES), load_default=rules.GRANTED)
    reason = Wording(allow_none=True, load_default=None)


class CasesOfTicket(Request):
    """Which ticket."""

    ticket = Text(most=64, required=True)


class Interval(Reply):
    """A stay in a state."""

    state = fields.String()
    entered_at = fields.DateTime()
    left_at = fields.DateTime()
    seconds = fields.Integer()
    reason = fields.String()


class CaseState(Reply):
    """A case as everybody may know it; the data of its events."""

    number = fields.String()
    item = fields.String()
    department = fields.String()
    state = fields.String()
    origin = fields.String()
    ticket = fields.String()
    onsite_order = fields.String()
    window = fields.String()
    clerk = fields.String()
    business_date = fields.Date()
    accepted_at = fields.DateTime()
    due_on = fields.Date()
    days_left = fields.Integer()
    decided_at = fields.DateTime()
    outcome = fields.String()
    on_time = fields.Boolean()


class Case(CaseState):
    """A case as staff sees it."""

    applicant_ref = fields.String()
    joint_case = fields.String()


class CaseWithHistory(Case):
    """A case with its stays in each state."""

    history = fields.List(fields.Nested(Interval()))


class Cases(Reply):
    """The cases of a ticket."""

    items = fields.List(fields.Nested(Case()))


class NewStep(Request):
    """A step of a procedure."""

    step = Code(required=True)
    item = Code(required=True)
    after = fields.List(Code(), load_default=list)


class NewMaterial(Request):
    """A material of a procedure, and the steps that need it."""

    material = Code(required=True)
    name = Wording(most=100, required=True)
    name_en = Wording(most=200, allow_none=True, load_default=None)
    needed_by = fields.List(Code(), required=True, validate=validate.Length(min=1))


class NewProcedure(Request):
    """How a kind of project is approved."""

    code = Code(required=True)
    name = Wording(most=100, required=True)
    name_en = Wording(most=200, allow_none=True, load_default=None)
    lead = Code(required=True)
    preconditioned = fields.Boolean(load_default=False)
    steps = fields.List(fields.Nested(NewStep()), required=True, validate=validate.Length(2, MOST_STEPS))
    materials = fields.List(
        fields.Nested(NewMaterial()), load_default=list, validate=validate.Length(max=MOST_MATERIALS)
    )


class Procedures(Request):
    """The procedures of the reference hall."""

    procedures = fields.List(fields.Nested(NewProcedure()), required=True)


class Nothing(Request):
    """A question that needs nothing."""


class ProcedureCode(Request):
    """Which procedure."""

    code = Code(required=True)


class OpenJointCase(Request):
    """A project to be approved."""

    procedure = Code(required=True)
    project = Wording(most=100, required=True)
    applicant_ref = Wording(most=64, rules=[OPAQUE], allow_none=True, load_default=None)


class JointNumber(Request):
    """Which joint case."""

    number = fields.String(
        required=True,
        validate=validate.Regexp(JOINT_NUMBER, error="Not a number of a joint case, as J2026-00012."),
    )


class JointAndReason(JointNumber):
    """Which joint case, and why."""

    reason = Wording(required=True)


class HandIn(JointNumber):
    """Which material of a joint case, and where it is filed."""

    material = Code(required=True)
    reference = Wording(most=64, rules=[OPAQUE], allow_none=True, load_default=None)


class Commit(JointNumber):
    """A written commitment for a step."""

    step = Code(required=True)
    text = Wording(most=500, required=True)
    fulfil_by = fields.Date(required=True)


class Urge(JointNumber):
    """What is written to the department of a step."""

    step = Code(required=True)
    text = Wording(most=500, required=True)


class JointCasesWanted(Request):
    """Which joint cases, at most `limit` of them; `cursor` is the number of the last of the part before."""

    limit = fields.Integer(validate=validate.Range(1, 500), load_default=100)
    cursor = fields.String(
        validate=validate.Regexp(JOINT_NUMBER, error="Not a cursor of ours."),
        allow_none=True,
        load_default=None,
    )

    state = fields.String(
        validate=validate.OneOf(["open", "closed", "withdrawn"]), allow_none=True, load_default=None
    )
    department = Code(allow_none=True, load_default=None)


class PlannedStepReply(Reply):
    """A step of a procedure."""

    step = fields.String()
    item = fields.String()
    department = fields.String()
    after = fields.List(fields.String())


class PlannedMaterialReply(Reply):
    """A material of a procedure."""

    material = fields.String()
    name = fields.String()
    name_en = fields.String()
    needed_by = fields.List(fields.String())


class Procedure(Reply):
    """How a kind of project is approved."""

    code = fields.String()
    name = fields.String()
    name_en = fields.String()
    lead = fields.String()
    preconditioned = fields.Boolean()
    state = fields.String()
    steps = fields.List(fields.Nested(PlannedStepReply()))
    materials = fields.List(fields.Nested(PlannedMaterialReply()))
    defined_at = fields.DateTime()
    defined_by = fields.String()


class ProcedureList(Reply):
    """Procedures."""

    items = fields.List(fields.Nested(Procedure()))


class StepState(PlannedStepReply):
    """A step as everybody may know it."""

    state = fields.String()
    case = fields.String()


class JointState(Reply):
    """A joint case as everybody may know it; the data of its events."""

    number = fields.String()
    procedure = fields.String()
    lead = fields.String()
    preconditioned = fields.Boolean()
    state = fields.String()
    opened_at = fields.DateTime()
    ended_at = fields.DateTime()
    steps = fields.List(fields.Nested(StepState()))


class CommitmentReply(Reply):
    """A co-handler's written word."""

    text = fields.String()
    fulfil_by = fields.Date()
    made_at = fields.DateTime()
    made_by = fields.String()


class Urging(Reply):
    """What was written to the department of a step."""

    text = fields.String()
    urged_at = fields.DateTime()
    urged_by = fields.String()


class StepInterval(Reply):
    """A stay of a step in a state."""

    state = fields.String()
    entered_at = fields.DateTime()
    left_at = fields.DateTime()


class StepReply(PlannedStepReply):
    """A step as staff sees it."""

    state = fields.String()
    since = fields.DateTime()
    late = fields.Boolean()
    waits_for = fields.List(fields.String())
    case = fields.Nested(Case(), allow_none=True)
    correction = fields.String()
    commitment = fields.Nested(CommitmentReply(), allow_none=True)
    urgings = fields.List(fields.Nested(Urging()))
    history = fields.List(fields.Nested(StepInterval()))


class MaterialReply(PlannedMaterialReply):
    """A material as staff sees it."""

    handed_in_at = fields.DateTime()
    handed_in_by = fields.String()
    department = fields.String()
    reference = fields.String()


class JointCase(JointState):
    """A joint case as staff sees it."""

    project = fields.String()
    applicant_ref = fields.String()
    opened_by = fields.String()
    ended_by = fields.String()
    reason = fields.String()
    steps = fields.List(fields.Nested(StepReply()))
    materials = fields.List(fields.Nested(MaterialReply()))


class JointCases(Reply):
    """A part of the joint cases, and where the next begins."""

    items = fields.List(fields.Nested(JointCase()))
    next = fields.String(allow_none=True)


class Ticket(EventData):
    """What cases reads of ticketing's answer."""

    id = fields.String(required=True)
    department = fields.String(required=True)
    channel = fields.String(required=True)
    state = fields.String(required=True)
    window = fields.String(allow_none=True, load_default=None)
    clerk = fields.String(allow_none=True, load_default=None)
    extended = fields.Boolean(load_default=False)
    item = fields.String(allow_none=True, load_default=None)
    business_date = fields.Date(allow_none=True, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> rules.Ticket:
        """Return it as the domain knows it."""
        return rules.Ticket(**data)


class ItemPublished(EventData):
    """What cases copies of an item."""

    code = fields.String(required=True)
    department = fields.String(required=True)
    time_limit_days = fields.Integer(required=True, validate=validate.Range(min=0))
    state = fields.String(required=True, validate=validate.OneOf(["active", "withdrawn"]))


class ItemDated(EventData):
    """What an item is from each of some days on."""

    code = fields.String(required=True)
    terms = fields.List(fields.Raw(), required=True)


class AcceptedItem(EventData):
    """An item that was accepted at the applicant's place."""

    item = fields.String(required=True)


class OrderDone(EventData):
    """What cases reads of a visit that is done."""

    id = fields.String(required=True)
    cases = fields.List(fields.Nested(AcceptedItem()), required=True)
    ended_at = fields.AwareDateTime(required=True)
    ended_by = fields.String(allow_none=True, load_default=None)


class CalendarDay(EventData):
    """A day that breaks the week."""

    day = fields.Date(required=True)
    working = fields.Boolean(required=True)


class CalendarPublished(EventData):
    """A year's days that break the week."""

    year = fields.Integer(required=True)
    days = fields.List(fields.Nested(CalendarDay()), required=True)


class ClosurePublished(EventData):
    """A closure, and the days of which it leaves the whole hall nothing."""

    id = fields.String(required=True)
    days = fields.List(fields.Date(), required=True)
