"""What cases refuses."""

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound


class NoSuchCase(NotFound):
    """There is no such case."""

    code = "case_not_found"


class UnknownItem(Invalid):
    """The hall does not offer this item now."""

    code = "unknown_item"


class ItemNotHeard(Conflict):
    """Business was accepted on site under an item that was never heard of here."""

    code = "item_not_heard"


class ItemOfOtherDepartment(Conflict):
    """This item is another department's than the ticket's; transfer the ticket first."""

    code = "item_of_other_department"


class TicketNotServing(Conflict):
    """Cases are accepted only while the ticket is being served."""

    code = "ticket_not_serving"


class NoSuchProcedure(NotFound):
    """There is no such procedure of joint approval."""

    code = "joint_procedure_not_found"


class NoSuchJointCase(NotFound):
    """There is no such joint case."""

    code = "joint_case_not_found"


class NoSuchStep(NotFound):
    """The joint case has no such step."""

    code = "step_not_found"


class NoSuchMaterial(NotFound):
    """The joint case needs no such material."""

    code = "material_not_found"


class ProcedureContradicts(Invalid):
    """The procedure contradicts itself."""

    code = "procedure_contradicts"


class UnknownJointCase(Invalid):
    """The hall has no joint case of this number."""

    code = "unknown_joint_case"


class CommitmentInThePast(Invalid):
    """A commitment is for today or a later day."""

    code = "commitment_in_the_past"


class RefusalWithoutReason(Invalid):
    """A refusal needs a reason."""

    code = "reason_required"


class NotAStep(Invalid):
    """The joint case has no step of this item."""

    code = "not_a_step"


class ProcedureExists(Conflict):
    """There is a procedure of this code."""

    code = "procedure_exists"


class ProcedureWithdrawn(Conflict):
    """This procedure is withdrawn; no project begins under it."""

    code = "procedure_withdrawn"


class JointCaseEnded(Conflict):
    """This joint case is closed or withdrawn."""

    code = "joint_case_ended"


class CaseUnderWay(Conflict):
    """This step has its case already."""

    code = "case_under_way"


class StepNotReady(Conflict):
    """Other steps have to be done first."""

    code = "step_not_ready"


class MaterialsMissing(Conflict):
    """Materials that this step needs were not handed in."""

    code = "materials_missing"


class HandedInBefore(Conflict):
    """This material was handed in before; it is never asked for twice."""

    code = "handed_in_before"


class NotPreconditioned(Conflict):
    """Only a co-handler's commitment counts, and only in a pre-conditioned joint case."""

    code = "not_preconditioned"


class StepsOpen(Conflict):
    """Steps are still open."""

    code = "steps_open"


class IllegalStepTransition(Conflict):
    """The step's state does not allow this."""

    code = "illegal_step_transition"


class IllegalTransition(Conflict):
    """The case's state does not allow this."""

    code = "illegal_transition"


class NotYourTicket(Forbidden):
    """This ticket is at another clerk's window."""

    code = "not_your_ticket"


class NotYourDepartment(Forbidden):
    """This case is another department's."""

    code = "not_your_department"


class AnotherDepartmentsStep(Forbidden):
    """This step is another department's."""

    code = "another_departments_step"


class NotTheLead(Forbidden):
    """This is the lead department's to do."""

    code = "not_the_lead"


class StaffOnly(Forbidden):
    """Only staff may do this."""

    code = "staff_only"
