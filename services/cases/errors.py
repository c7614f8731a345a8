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


class IllegalTransition(Conflict):
    """The case's state does not allow this."""

    code = "illegal_transition"


class NotYourTicket(Forbidden):
    """This ticket is at another clerk's window."""

    code = "not_your_ticket"


class NotYourDepartment(Forbidden):
    """This case is another department's."""

    code = "not_your_department"


class StaffOnly(Forbidden):
    """Only staff may do this."""

    code = "staff_only"
