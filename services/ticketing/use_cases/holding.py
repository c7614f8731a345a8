"""Who may act for a ticket's visitor."""

from services.chassis.caller import Caller
from services.chassis.holder import holds
from services.ticketing.domain.ticket import KIND, Ticket
from services.ticketing.errors import NotTheHolder

STAFF = ("clerk", "operator", "manager")


def require_holder(caller: Caller, ticket: Ticket) -> None:
    """Make sure that a caller has a ticket's token, or is staff of its department: its id proves nothing.

    Raises:
        NotTheHolder: the caller is neither.
    """
    if not holds(caller, KIND, ticket.id) and not caller.serves(ticket.department, *STAFF):
        raise NotTheHolder
