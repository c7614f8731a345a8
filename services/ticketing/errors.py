"""What ticketing refuses."""

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound


class NoSuchTicket(NotFound):
    """There is no such ticket."""

    code = "ticket_not_found"


class NoSuchWindow(NotFound):
    """There is no such window."""

    code = "window_not_found"


class NoSuchZone(NotFound):
    """There is no such zone."""

    code = "zone_not_found"


class UnknownItem(Invalid):
    """The hall does not offer this item now."""

    code = "unknown_item"


class UnknownQueue(Invalid):
    """There is no such queue, or it is not one this window may serve."""

    code = "unknown_queue"


class IllegalTransition(Conflict):
    """The ticket's state does not allow this."""

    code = "illegal_transition"


class HallClosed(Conflict):
    """The hall is closed; no numbers are given now."""

    code = "hall_closed"


class CutOff(Conflict):
    """This queue cannot serve another ticket before closing."""

    code = "cut_off"


class WindowBusy(Conflict):
    """There is a visitor at this window."""

    code = "window_busy"


class WindowTaken(Conflict):
    """Another clerk is signed in at this window."""

    code = "window_taken"


class WindowClosed(Conflict):
    """Nobody is signed in at this window."""

    code = "window_closed"


class WindowShut(Conflict):
    """The window is closed for a time."""

    code = "window_shut"


class ClerkElsewhere(Conflict):
    """You are signed in at another window."""

    code = "clerk_elsewhere"


class AlreadyRequeued(Conflict):
    """This ticket was put back into the queue once; that is as often as it may be."""

    code = "already_requeued"


class NotCalled(Conflict):
    """This ticket has not been called yet."""

    code = "not_called"


class AlreadyEvaluated(Conflict):
    """This visit was evaluated before."""

    code = "already_evaluated"


class NoSuchEvaluation(NotFound):
    """This visit was not evaluated."""

    code = "evaluation_not_found"


class FollowUpRefused(Conflict):
    """The state of the evaluation's follow-up does not allow this."""

    code = "follow_up_refused"


class NoSuchOwner(Invalid):
    """There is no such account among those who serve visitors or lead the hall."""

    code = "no_such_owner"


class DueInThePast(Invalid):
    """The last day for the follow-up is over."""

    code = "due_in_the_past"


class ManagersOnly(Forbidden):
    """Only a manager follows evaluations up; analysts may read them."""

    code = "manager_only"


class NotThatDepartment(Forbidden):
    """You may see and follow up your own department alone."""

    code = "other_department"


class NotYourFollowUp(Forbidden):
    """You were not given this to follow up."""

    code = "not_your_follow_up"


class FloorManagersOnly(Forbidden):
    """Only a manager may do this in place of a clerk."""

    code = "manager_only"


class FloorForStaff(Forbidden):
    """Only staff sees the floor."""

    code = "staff_only"


class ReasonNeeded(Invalid):
    """This needs a reason."""

    code = "reason_needed"


class NotWaiting(Conflict):
    """No visitor with this number waits for this window."""

    code = "not_waiting"


class CalledTooOften(Conflict):
    """This number was called again as often as the hall allows; note that the visitor did not come."""

    code = "recall_limit"


class CalledTooSoon(Conflict):
    """This number was called a moment ago; leave the visitor some time."""

    code = "recall_pause"


class NotYourWindow(Forbidden):
    """This window is another clerk's or another department's."""

    code = "not_your_window"


class NotYourTicket(Forbidden):
    """This ticket is at another window or of another department."""

    code = "not_your_ticket"


class NotTheHolder(Forbidden):
    """This needs the token that came with the ticket, or a member of the department's staff."""

    code = "not_the_holder"


class VisitorsOnly(Forbidden):
    """Visits are evaluated by their visitors alone, with the token that came with the ticket."""

    code = "visitors_only"


class ClerksOnly(Forbidden):
    """Only a clerk may do this, and has to give a reason."""

    code = "clerk_only"


class NotYourQueue(Forbidden):
    """This queue is another department's; its own clerks may do this, or a manager."""

    code = "not_your_queue"


class ServicesOnly(Forbidden):
    """Only another service may ask for this."""

    code = "services_only"


class NobodyToTell(NotFound):
    """Nobody has left a phone number with this ticket, or it is erased."""

    code = "no_contact"
